import { type LoaderFunctionArgs, redirect } from '@remix-run/node';

import { requireCustomer } from '~/modules/auth/index.server';
import { currentRealm } from '~/modules/stripe/index.server';
import { findOwedUrl } from '~/modules/subscriptions/index.server';
import { db } from '~/platform/db.server';

/** A lasting address for what a plan owes, which leads its own customer to Stripe's page for it. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { customerId } = await requireCustomer(request);
  const { mode: book } = await currentRealm();
  const subscriptionId = params['subscriptionId'] ?? '';
  const url = await findOwedUrl(db(), { book, customerId, subscriptionId });
  return redirect(url ?? '/plan', 303);
}
