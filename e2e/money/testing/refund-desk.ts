import { drivenInbox } from '../../../app/modules/payments/testing/driven-inbox';
import { readBalance, spend } from '../../../app/modules/ledger/index.server';
import { previewRefund, requestRefund } from '../../../app/modules/refunds/index.server';
import { type RefundReason } from '../../../app/modules/refunds/shared';
import { stripeClient } from '../../../app/modules/stripe/client.server';
import { sweepCalls } from '../../../app/modules/stripe/index.server';
import { type Db } from '../../../app/platform/db.server';
import { newId } from '../../../app/platform/ids.server';
import { CALL_SETTLERS } from '../../../app/worker/settlers.server';
import { CARD, type Shop } from './sandbox-shop';

export interface PaidSale {
  paymentId: string;
  customerId: string;
  intent: string;
}

/** Staff, customers and the inbox around one shop, for tests of what goes back. The pack is 2,500 credits for $20. */
export function openRefundDesk(db: Db, shop: Shop) {
  const inbox = drivenInbox(db, shop.realm, shop.reader);

  /** Everything that Stripe has said of the sale by now comes in. */
  const hear = async (paymentId: string): Promise<void> => {
    await inbox.list(await shop.eventsOf(paymentId));
    await inbox.drain();
    await inbox.passTime();
    await inbox.drain();
  };
  const sell = async (cardNumber = CARD.cardNumber): Promise<PaidSale> => {
    const paymentId = await shop.sell({ ...CARD, cardNumber });
    await hear(paymentId);
    const { customerId } = await db.payment.findUniqueOrThrow({ where: { id: paymentId } });
    return { paymentId, customerId, intent: await shop.intentOf(paymentId) };
  };
  const preview = async (paymentId: string, amount?: bigint) => {
    const seen = await previewRefund(db, {
      ...{ realmId: shop.realm.id, paymentId },
      ...(amount === undefined ? {} : { amount }),
    });
    if (!seen) throw new Error('There is no such payment.');
    return seen;
  };
  const request = async (
    paymentId: string,
    amount: bigint,
    change: {
      key?: string;
      actor?: string;
      role?: 'support' | 'admin';
      reason?: RefundReason;
      comment?: string;
      at?: Db;
    } = {},
  ) => {
    const { key = (await preview(paymentId)).key, actor = 'usr_admin', role = 'admin', at = db } = change;
    return requestRefund(at, shop.settings, {
      ...{ realm: shop.realm, paymentId, amount, key, actor, role },
      ...{ reason: change.reason ?? 'requested_by_customer', comment: change.comment ?? 'asked by mail' },
    });
  };
  const balance = async (customerId: string) => {
    const { available, claimed, debt, frozen } = await readBalance(db, { book: 'test', customerId });
    return { available, claimed, debt, frozen };
  };
  const spendSome = (customerId: string, amount: bigint) =>
    spend(db, { book: 'test', customerId, amount, key: newId('req'), actor: 'test' });
  const backsOf = (paymentId: string) =>
    db.moneyBack.findMany({
      where: { paymentId },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      take: 50,
      select: { id: true, kind: true, stripeId: true, status: true, level: true, taken: true, failure: true },
    });
  /** The refunds that Stripe has of the sale. */
  const madeAtStripe = async (intent: string) =>
    (await stripeClient(shop.settings).refunds.list({ payment_intent: intent, limit: 100 })).data;
  /** A sweep as it will happen that long from now. */
  const sweepIn = (wait: number) =>
    sweepCalls(db, shop.settings, {
      ...{ realmId: shop.realm.id, settlers: CALL_SETTLERS, now: new Date(Date.now() + wait) },
    });
  return { inbox, hear, sell, preview, request, balance, spendSome, backsOf, madeAtStripe, sweepIn };
}
export type RefundDesk = ReturnType<typeof openRefundDesk>;
