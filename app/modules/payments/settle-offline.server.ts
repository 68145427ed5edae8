import { type Tx } from '~/platform/db.server';

import { createPayment } from './create-payment.server';
import { lockPayment } from './lock-payment.server';
import { settlePayment } from './settle-payment.server';

/** A sale that was paid outside Stripe. The amount is in the currency's smallest unit. */
export interface OfflineSale {
  realmId: string;
  book: 'test' | 'live';
  customerId: string;
  /** A version of a pack; null where other credits were agreed on. */
  versionId: string | null;
  quantity: number;
  credits: bigint;
  amount: bigint;
  currency: string;
  /** What stands for the money, unique per realm. */
  moneyObject: string;
  cause: string;
}

/** Makes a payment of it and settles it as any other: one sale, one grant under the payment's own key. */
export async function settleOffline(
  tx: Tx,
  sale: OfflineSale,
): Promise<{ paymentId: string; effects: string[] }> {
  const { realmId, book, customerId, versionId, quantity, credits, amount, currency, moneyObject, cause } =
    sale;
  const paymentId = await createPayment(
    tx,
    {
      ...{ realmId, customerId, versionId, quantity, credits, currency },
      ...{ kind: 'offline', amountSubtotal: amount },
    },
    { reason: `${moneyObject} was paid outside Stripe`, cause },
  );
  const payment = await lockPayment(tx, paymentId);
  if (!payment) throw new Error(`Payment ${paymentId} vanished.`);
  const settled = await settlePayment(
    tx,
    payment,
    { moneyObject, amountPaid: amount, amountDiscount: 0n, amountTax: 0n, proofs: ['record'] },
    { realmId, book, cause, at: new Date(), evidence: [] },
  );
  if (settled.outcome !== 'decided' || settled.decision !== 'applied')
    throw new Error(`The new payment ${paymentId} is ${settled.outcome}.`);
  return { paymentId, effects: settled.effects };
}
