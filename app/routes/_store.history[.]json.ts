import { type LoaderFunctionArgs } from '@remix-run/node';

import { requireCustomer } from '~/modules/auth/index.server';
import { sendStatement } from '~/modules/ledger/index.server';
import { currentRealm } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';

/** The whole statement of one's own credits as JSON, as of `?at=` when it is given. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { customerId } = await requireCustomer(request);
  const { mode: book } = await currentRealm();
  return sendStatement(db(), request, { book, customerId, reader: 'customer', format: 'json' });
}
