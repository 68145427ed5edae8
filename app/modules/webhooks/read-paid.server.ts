import { type RealmReader, refOfId } from '~/modules/stripe/index.server';
import { type ShownMoney } from '~/modules/payments/index.server';
import { type StripeFact } from '~/modules/stripe/shared';

export type ReadPaidOutcome =
  | { outcome: 'paid'; money: ShownMoney }
  /** Stripe says that nothing of it is settled, or does not have it. */
  | { outcome: 'not_paid' }
  /** Settled money is a PaymentIntent or a session with nothing to pay; this is neither, nor names one. */
  | { outcome: 'not_money' }
  /** Only the key of its own realm may read it. */
  | { outcome: 'no_key_of_realm' };

/**
 * Asks Stripe itself what was paid, outside any transaction: a person's decision rests on what stands, not on an event.
 * @throws StripeError when Stripe does not answer
 */
export async function readPaid(
  reader: RealmReader | undefined,
  realmId: string,
  objectId: string,
): Promise<ReadPaidOutcome> {
  if (reader?.realmId !== realmId) return { outcome: 'no_key_of_realm' };
  const ref = refOfId(objectId);
  if (ref === undefined) return { outcome: 'not_money' };
  const fact = await reader.readObject(ref);
  if (fact?.kind === 'charge' && fact.intentId !== undefined)
    return moneyOf(await reader.readObject({ object: 'payment_intent', id: fact.intentId }));
  return moneyOf(fact);
}

function moneyOf(fact: StripeFact | undefined): ReadPaidOutcome {
  if (fact === undefined) return { outcome: 'not_paid' };
  if (fact.kind === 'intent') {
    if (fact.status !== 'succeeded') return { outcome: 'not_paid' };
    const paid = { amountPaid: fact.amountReceived, amountDiscount: 0n, amountTax: 0n };
    const { id, currency } = fact;
    const money = { moneyObject: id, stripeIntent: id, currency, worth: fact.amountReceived, ...paid };
    return { outcome: 'paid', money };
  }
  if (fact.kind !== 'session' || fact.mode !== 'payment') return { outcome: 'not_money' };
  const isPaid = fact.paymentStatus === 'paid' || fact.paymentStatus === 'no_payment_required';
  if (fact.status !== 'complete' || !isPaid || fact.currency === undefined) return { outcome: 'not_paid' };
  const moneyObject = fact.amountTotal === 0n ? fact.id : fact.intentId;
  if (moneyObject === undefined) return { outcome: 'not_money' };
  return {
    outcome: 'paid',
    money: {
      ...{ moneyObject, stripeSession: fact.id, currency: fact.currency, worth: fact.amountSubtotal },
      ...(fact.intentId === undefined ? {} : { stripeIntent: fact.intentId }),
      ...{ amountPaid: fact.amountTotal, amountDiscount: fact.amountDiscount, amountTax: fact.amountTax },
    },
  };
}
