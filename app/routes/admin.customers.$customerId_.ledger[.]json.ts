import { type LoaderFunctionArgs } from '@remix-run/node';
import { consoleRealm, statementQuery } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { sendStatement } from '~/modules/ledger/index.server';
import { db } from '~/platform/db.server';

/** A customer's whole ledger in one book as JSON, as of `?at=` when it is given. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const { mode } = await consoleRealm();
  const { book } = statementQuery(new URL(request.url).searchParams, mode);
  const customerId = params['customerId'] ?? '';
  return sendStatement(db(), request, { book, customerId, reader: 'staff', format: 'json' });
}
