import { type LoaderFunctionArgs, redirect } from '@remix-run/node';

import { requireCustomer } from '~/modules/auth/index.server';
import { findDocument } from '~/modules/payments/index.server';
import { PAYMENT_DOCUMENTS } from '~/modules/payments/shared';
import { currentRealm } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';

/** A lasting address for a payment's receipt and invoice, which leads its own customer to Stripe's copy. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { customerId } = await requireCustomer(request);
  const { mode: book } = await currentRealm();
  const key = { book, customerId, paymentId: params['paymentId'] ?? '' };
  const document = PAYMENT_DOCUMENTS.find((name) => name === params['document']);
  const url = document === undefined ? undefined : await findDocument(db(), key, document);
  if (url === undefined) return new Response('There is no such document of yours.', { status: 404 });
  return redirect(url, 303);
}
