import { readObject, type StripeSettings } from '~/modules/stripe/index.server';
import { type DoorOutcome, type RealmView, type SaleFact } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { applyFact } from './apply-fact.server';
import { readSession } from './read-session.server';
import { isClosed } from './state';

export type CheckOutcome =
  /** Stripe's session, or a top-up's PaymentIntent, was read and met the same door as an event. */
  | { outcome: 'checked'; decision: DoorOutcome }
  /** Closed already, or never opened at Stripe. */
  | { outcome: 'nothing_to_check' }
  /** Stripe does not have what this payment names. */
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
    select: { state: true, stripeSession: true, stripeIntent: true },
  });
  if (!payment || isClosed(payment.state)) return { outcome: 'nothing_to_check' };
  if (payment.stripeSession === null && payment.stripeIntent === null) return { outcome: 'nothing_to_check' };
  const fact = await readMoney(settings, payment);
  if (!fact) return { outcome: 'session_missing' };
  const context = {
    realmId: input.realm.id,
    book: input.realm.mode,
    cause: input.cause,
    at: new Date(),
    evidence: [fact],
    isLook: true,
  };
  const decision = await inTransaction(db, 'check payment', (tx) => applyFact(tx, fact, context));
  log.info('payment checked with stripe', { payment: input.paymentId, outcome: decision.outcome });
  return { outcome: 'checked', decision };
}

/** A sale on Stripe's page is known by its session; one without a page by its PaymentIntent. */
async function readMoney(
  settings: StripeSettings,
  { stripeSession, stripeIntent }: { stripeSession: string | null; stripeIntent: string | null },
): Promise<SaleFact | undefined> {
  if (stripeSession !== null) return readSession((ref) => readObject(settings, ref), stripeSession);
  if (stripeIntent === null) return undefined;
  const intent = await readObject(settings, { object: 'payment_intent', id: stripeIntent });
  return intent?.kind === 'intent' ? intent : undefined;
}
