import { type PackForSale } from '~/modules/catalog/index.server';
import { isPausedThroughout } from '~/modules/pauses/index.server';
import {
  checkoutBody,
  type CheckoutInput,
  openPage,
  type OpenPageOutcome,
  type StripeSettings,
} from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { isUniqueViolation } from '~/platform/db-errors.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { createPayment } from './create-payment.server';
import { lockPayment } from './lock-payment.server';
import { movePayment } from './move-payment.server';
import { recordSessionCall } from './record-session-call.server';
import { isClosed } from './state';

export interface CheckoutRequest {
  /** The id that the page made for its next order: the same order sent twice is one payment. Undefined makes one. */
  orderId?: string | undefined;
  realm: RealmView;
  customer: { id: string; email: string | null; name: string | null };
  pack: PackForSale;
  /** Between 1 and 100 packs of one kind. */
  quantity: number;
  /** Origin of our own pages, without a trailing slash. */
  appUrl: string;
}

export type CheckoutOutcome =
  /** Staff paused selling: nothing is written, and Stripe is not asked. */
  | { outcome: 'selling_paused' }
  /** Send the browser to Stripe's page. */
  | { outcome: 'redirect'; paymentId: string; url: string }
  /** This order stands already, however far it is: its own page tells. */
  | { outcome: 'repeated'; paymentId: string }
  /** Stripe said no; no session exists and no money can move. */
  | { outcome: 'refused'; paymentId: string }
  /** No answer: a session may exist, but nobody has its address. The sweeper opens the payment or closes it. */
  | { outcome: 'unknown'; paymentId: string };

/**
 * Starts one sale: the payment row with the snapshot of what is sold stands before Stripe hears of it, then the Stripe
 * customer, then the Checkout Session, each as a call row that can be sent again under its key.
 */
export async function startCheckout(
  db: Db,
  settings: StripeSettings,
  request: CheckoutRequest,
): Promise<CheckoutOutcome> {
  const written = await writeOnce(db, request);
  if (written.outcome !== 'written') return written;
  const { paymentId } = written;
  const { realm, customer } = request;
  const { automaticTax = false } = settings;
  const opened = await openPage(db, settings, {
    kind: 'checkout_session.create',
    purpose: paymentId,
    customer: { realmId: realm.id, customerId: customer.id, email: customer.email, name: customer.name },
    bodyFor: (stripeCustomer) =>
      checkoutBody({ ...sessionInput(request, paymentId, stripeCustomer), automaticTax }),
    record: recordSessionCall,
  });
  if (opened.outcome === 'no_customer') return endWithoutSession(db, paymentId, opened.why);
  if (opened.outcome !== 'opened') return { outcome: opened.outcome, paymentId };
  log.info('checkout opened', { payment: paymentId, session: opened.sessionId });
  return { outcome: 'redirect', paymentId, url: opened.url };
}

type Written =
  | { outcome: 'written'; paymentId: string }
  | { outcome: 'repeated'; paymentId: string }
  | { outcome: 'selling_paused' };

/** What refuses the second of two equal orders is the payment's own id, also when both come at once. */
async function writeOnce(db: Db, request: CheckoutRequest): Promise<Written> {
  const write = (orderId: string | undefined) =>
    inTransaction(db, 'start checkout', (tx) => writePayment(tx, { ...request, orderId }));
  try {
    return await write(request.orderId);
  } catch (error) {
    if (!isUniqueViolation(error, 'payment_pkey')) throw error;
  }
  const { realm, customer, pack, quantity, orderId = '' } = request;
  const same = await db.payment.findFirst({
    where: { id: orderId, realmId: realm.id, customerId: customer.id, versionId: pack.versionId, quantity },
    select: { id: true, state: true },
  });
  // A page that was kept open orders another pack, or once more after the first order ended: that is a new order.
  return same && !isClosed(same.state) ? { outcome: 'repeated', paymentId: same.id } : write(undefined);
}

function sessionInput(
  request: CheckoutRequest,
  paymentId: string,
  stripeCustomer: string,
): Omit<CheckoutInput, 'automaticTax'> {
  const { realm, customer, pack, quantity, appUrl } = request;
  return {
    realmId: realm.id,
    paymentId,
    customerId: customer.id,
    packCode: pack.code,
    stripeCustomer,
    stripePrice: pack.stripePrice,
    quantity,
    description: `${pack.name}: ${pack.credits * BigInt(quantity)} credits`,
    successUrl: `${appUrl}/payments/${paymentId}?session_id={CHECKOUT_SESSION_ID}`,
    cancelUrl: `${appUrl}/payments/${paymentId}`,
  };
}

async function writePayment(
  tx: Tx,
  { orderId, realm, customer, pack, quantity }: CheckoutRequest,
): Promise<Written> {
  if (await isPausedThroughout(tx, { book: realm.mode, work: 'selling' }))
    return { outcome: 'selling_paused' };
  const count = BigInt(quantity);
  const paymentId = await createPayment(
    tx,
    {
      id: orderId,
      realmId: realm.id,
      customerId: customer.id,
      kind: 'pack',
      versionId: pack.versionId,
      quantity,
      credits: pack.credits * count,
      currency: pack.currency,
      amountSubtotal: pack.amount * count,
    },
    {
      reason: `chose ${quantity === 1 ? '' : `${quantity} × `}${pack.name}`,
      cause: `customer:${customer.id}`,
    },
  );
  return { outcome: 'written', paymentId };
}

/** Without a Stripe customer there is no session and no way to pay: the sale ends here, whatever became of the customer's call. */
async function endWithoutSession(
  db: Db,
  paymentId: string,
  why: Extract<OpenPageOutcome, { outcome: 'no_customer' }>['why'],
): Promise<CheckoutOutcome> {
  await inTransaction(db, 'end checkout', async (tx) => {
    const payment = await lockPayment(tx, paymentId);
    if (!payment) throw new Error(`Payment ${paymentId} vanished.`);
    const reason =
      why.outcome === 'refused'
        ? `Stripe refused the customer: ${why.code}`
        : 'Stripe did not answer; no payment page was made';
    await movePayment(tx, payment, { to: 'failed', reason, cause: 'checkout' });
  });
  return { outcome: 'refused', paymentId };
}
