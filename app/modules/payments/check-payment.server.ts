import { readObject, type StripeSettings } from '~/modules/stripe/index.server';
import { type DoorOutcome, type RealmView, type StripeFact } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { applyFact } from './apply-fact.server';
import { isClosed } from './state';

export type CheckOutcome =
  /** Stripe's session was read and met the same door as an event. */
  | { outcome: 'checked'; decision: DoorOutcome }
  /** Closed already, or never opened at Stripe. */
  | { outcome: 'nothing_to_check' }
  /** Stripe does not have the session that this payment names. */
  | { outcome: 'session_missing' };

/**
 * Looks at Stripe itself for a payment that is still open, and settles it by the same door as an event would.
 * @throws StripeError when Stripe does not answer
 */
export async function checkPayment(
  db: Db,
  settings: StripeSettings,
  input: { realm: RealmView; paymentId: string; cause: string },
): Promise<CheckOutcome> {
  const payment = await db.payment.findFirst({
    where: { id: input.paymentId, realmId: input.realm.id },
    select: { state: true, stripeSession: true },
  });
  if (!payment || payment.stripeSession === null || isClosed(payment.state))
    return { outcome: 'nothing_to_check' };
  const fact = await readSession(settings, payment.stripeSession);
  if (!fact) return { outcome: 'session_missing' };
  const context = {
    realmId: input.realm.id,
    book: input.realm.mode,
    cause: input.cause,
    at: new Date(),
    evidence: [fact],
  };
  const decision = await inTransaction(db, 'check payment', (tx) => applyFact(tx, fact, context));
  log.info('payment checked with stripe', { payment: input.paymentId, outcome: decision.outcome });
  return { outcome: 'checked', decision };
}

/**
 * A session as it stands. A delayed payment that the bank refused looks unpaid for ever: only its PaymentIntent tells.
 */
async function readSession(settings: StripeSettings, id: string): Promise<StripeFact | undefined> {
  const session = await readObject(settings, { object: 'checkout.session', id });
  if (session?.kind !== 'session' || session.intentId === undefined) return session;
  if (session.status !== 'complete' || session.paymentStatus !== 'unpaid') return session;
  const intent = await readObject(settings, { object: 'payment_intent', id: session.intentId });
  const isRefused =
    intent?.kind === 'intent' &&
    (intent.status === 'requires_payment_method' || intent.status === 'canceled');
  return isRefused ? { ...session, paymentStatus: 'failed' } : session;
}
