import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readBalance, spend, verifyLedger } from '../../app/modules/ledger/index.server';
import { previewRefund, requestRefund } from '../../app/modules/refunds/index.server';
import { newId } from '../../app/platform/ids.server';
import { useTestDatabase } from '../support/test-database';
import { openPlanShop, type PlanShop, type Subscriber } from './testing/plan-shop';

/** What goes back of a plan's payments: each month is 1,000 credits for $10.00, and goes back by itself. */
const database = useTestDatabase();
let shop: PlanShop;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
});
afterAll(async () => {
  await shop.sandbox.stop();
  expect(await verifyLedger(database.db)).toEqual([]);
});

interface TwoMonths {
  nora: Subscriber;
  subscription: string;
  /** The payment of the second month, and its PaymentIntent. */
  paymentId: string;
  intent: string;
}

async function twoMonths(card = 'pm_card_visa'): Promise<TwoMonths> {
  const nora = await shop.subscriber(await shop.newClock());
  const subscription = await shop.subscribe(nora);
  const { id } = await shop.cardOf(nora, card);
  await shop.stripe.subscriptions.update(subscription, { default_payment_method: id });
  await shop.renew(subscription);
  await shop.hear(nora);
  const { latest_invoice: invoice } = await shop.subscriptionAt(subscription);
  const { id: paymentId, stripeIntent } = await database.db.payment.findFirstOrThrow({
    where: { customerId: nora.id, stripeInvoice: String(invoice) },
    select: { id: true, stripeIntent: true },
  });
  return { nora, subscription, paymentId, intent: stripeIntent ?? '' };
}

const lotsOf = async ({ id: customerId }: Subscriber) => {
  const lots = await database.db.lot.findMany({
    where: { wallet: { customerId } },
    orderBy: { expiresAt: 'asc' },
    select: { available: true, claimed: true, revoked: true },
  });
  return lots;
};
const walletOf = async ({ id: customerId }: Subscriber) => {
  const { available, claimed, debt, frozen } = await readBalance(database.db, { book: 'test', customerId });
  return { available, claimed, debt, frozen };
};
const backsOf = (paymentId: string) =>
  database.db.moneyBack.findMany({
    where: { paymentId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, kind: true, stripeId: true, status: true, level: true, taken: true },
  });
const untouched = { available: 1_000n, claimed: 0n, revoked: 0n };
const moneyBack = () => shop.sandbox.sandbox.moneyBack;

describe('the payment of one month', () => {
  it('refunded in part in the Dashboard and for the rest by staff gives up its own lot, and no other', async () => {
    const { nora, paymentId, intent } = await twoMonths();
    await shop.stripe.refunds.create({ payment_intent: intent, amount: 335 });
    await shop.hear(nora);
    expect(await lotsOf(nora)).toEqual([untouched, { available: 665n, claimed: 0n, revoked: 335n }]);

    const { realm, settings } = shop;
    const { key, left } = (await previewRefund(database.db, { realmId: realm.id, paymentId })) ?? {};
    expect(left).toBe(665n);
    const asked = await requestRefund(database.db, settings, {
      ...{ realm, paymentId, amount: 665n, key: key ?? '', actor: 'usr_admin', role: 'admin' },
      ...{ reason: 'goodwill', comment: 'the plan was never used' },
    });
    expect(asked).toMatchObject({ outcome: 'sent', status: 'succeeded' });
    await shop.hear(nora);
    expect(await lotsOf(nora)).toEqual([untouched, { available: 0n, claimed: 0n, revoked: 1_000n }]);
    expect(await backsOf(paymentId)).toMatchObject([
      { kind: 'refund', level: 'gone', taken: 335n },
      { kind: 'refund', level: 'gone', taken: 665n },
    ]);
    expect(await shop.endOf(nora)).toMatchObject({ plans: [{ status: 'active' }], available: 1_000n });
  });

  it('refunded before it is known is taken from its lot as soon as that is granted', async () => {
    const nora = await shop.subscriber(await shop.newClock());
    const id = await shop.subscribe(nora);
    const invoice = String((await shop.subscriptionAt(id)).latest_invoice);
    const { data } = await shop.stripe.invoicePayments.list({ invoice });
    const intent = data[0]?.payment.payment_intent;
    await shop.stripe.refunds.create({ payment_intent: String(intent), amount: 500 });
    const events = await shop.eventsOf(nora);
    const backFirst = [...events].sort((a, b) => Number(isBack(b.type)) - Number(isBack(a.type)));
    await shop.bring(backFirst);
    expect(await lotsOf(nora)).toEqual([{ available: 500n, claimed: 0n, revoked: 500n }]);
  });

  it('whose refund fails long after it had succeeded has its credits again', async () => {
    const { nora, subscription, paymentId, intent } = await twoMonths('pm_card_refundFail');
    const refund = await shop.stripe.refunds.create({ payment_intent: intent });
    await shop.hear(nora);
    expect(await walletOf(nora)).toMatchObject({ available: 1_000n });
    await shop.renew(subscription);
    moneyBack().failRefund(refund.id);
    await shop.hear(nora);
    expect(await backsOf(paymentId)).toMatchObject([{ status: 'failed', level: 'none', taken: 0n }]);
    expect(await walletOf(nora)).toMatchObject({ available: 3_000n, debt: 0n });
  });

  it('disputed and lost is taken, what was spent of it is owed, and the next month repays it first', async () => {
    const { nora, subscription, paymentId, intent } = await twoMonths();
    await spend(database.db, {
      ...{ book: 'test', customerId: nora.id, amount: 1_400n, key: newId('req'), actor: 'test' },
    });
    const opened = moneyBack().openDispute(intent, 'chargeback', 'fraudulent');
    if (opened.outcome !== 'opened') throw new Error(opened.outcome);
    moneyBack().answerDispute(opened.disputeId, 'lose');
    await shop.hear(nora);
    // The first month was spent whole, the second by 400.
    expect(await walletOf(nora)).toEqual({ available: 0n, claimed: 0n, debt: 400n, frozen: true });
    expect(await backsOf(paymentId)).toMatchObject([{ kind: 'dispute', status: 'lost', taken: 1_000n }]);
    await shop.renew(subscription);
    await shop.hear(nora);
    expect(await walletOf(nora)).toEqual({ available: 600n, claimed: 0n, debt: 0n, frozen: false });
  });

  it('with two half chargebacks loses each half once, and has back the one that was won', async () => {
    const { nora, paymentId } = await twoMonths('pm_card_createMultipleDisputes');
    const opened = await backsOf(paymentId);
    expect(opened.map(({ kind, level, taken }) => [kind, level, taken])).toEqual([
      ['dispute', 'gone', 500n],
      ['dispute', 'gone', 500n],
    ]);
    expect(await lotsOf(nora)).toEqual([untouched, { available: 0n, claimed: 0n, revoked: 1_000n }]);
    moneyBack().answerDispute(opened[0]?.stripeId ?? '', 'win');
    moneyBack().answerDispute(opened[1]?.stripeId ?? '', 'lose');
    await shop.hear(nora);
    expect(await lotsOf(nora)).toEqual([untouched, { available: 500n, claimed: 0n, revoked: 500n }]);
  });

  it('refunded a second time under one request of ours is money that went twice: two rows, both taken', async () => {
    const { nora, paymentId, intent } = await twoMonths();
    const { realm, settings } = shop;
    const { key } = (await previewRefund(database.db, { realmId: realm.id, paymentId })) ?? {};
    const asked = await requestRefund(database.db, settings, {
      ...{ realm, paymentId, amount: 300n, key: key ?? '', actor: 'usr_admin', role: 'admin' },
      ...{ reason: 'goodwill', comment: 'asked by mail' },
    });
    if (asked.outcome !== 'sent') throw new Error(asked.outcome);
    await shop.stripe.refunds.create({
      ...{ payment_intent: intent, amount: 300 },
      metadata: { credence_id: asked.refundId, credence_realm: realm.id },
    });
    await shop.hear(nora);
    const backs = await backsOf(paymentId);
    expect(backs.map(({ level, taken }) => [level, taken])).toEqual([
      ['gone', 300n],
      ['gone', 300n],
    ]);
    expect(new Set(backs.map(({ stripeId }) => stripeId)).size).toBe(2);
    expect(await walletOf(nora)).toMatchObject({ available: 1_400n });
  });
});

const isBack = (type: string): boolean => type.startsWith('refund.') || type === 'charge.refunded';
