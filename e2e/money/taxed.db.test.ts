import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findPlanForSale } from '../../app/modules/catalog/index.server';
import { readBalance, verifyLedger } from '../../app/modules/ledger/index.server';
import { startPlan } from '../../app/modules/subscriptions/index.server';
import { useTestDatabase } from '../support/test-database';
import { openPlanShop, type PlanShop, type Subscriber } from './testing/plan-shop';

/** Sales with tax, which the sandbox makes a tenth on top, and in yen: of ⌊credits × back ÷ paid⌋, paid has the tax in it. */
const database = useTestDatabase();
let shop: PlanShop;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
});
afterAll(async () => {
  await shop.sandbox.stop();
  expect(await verifyLedger(database.db)).toEqual([]);
});

const availableOf = async ({ id: customerId }: Subscriber): Promise<bigint> =>
  (await readBalance(database.db, { book: 'test', customerId })).available;

/** In the Dashboard, in the smallest unit of what was paid. */
async function refund(nora: Subscriber, intent: string, amount: number): Promise<void> {
  await shop.stripe.refunds.create({ payment_intent: intent, amount });
  await shop.hear(nora);
}

describe('a pack', () => {
  it.each([
    [
      'with tax',
      { automaticTax: true },
      2_200,
      [
        [1_100, 1_250n],
        [1, 1_249n],
        [1_099, 0n],
      ],
    ],
    [
      'in yen',
      { currency: 'jpy' },
      3_100,
      [
        [1, 2_500n],
        [1_000, 1_693n],
        [2_099, 0n],
      ],
    ],
  ] as const)(
    '%s loses the share of its credits that went back of all that was paid',
    async (_, order, paid, refunds) => {
      // prettier-ignore
      const nora = await shop.subscriber();
      const { paymentId } = await shop.checkout(nora, order);
      expect(await shop.pay(paymentId)).toMatchObject({ outcome: 'paid' });
      await shop.hear(nora);
      const payment = await database.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
      expect(payment).toMatchObject({ state: 'paid', amountPaid: BigInt(paid), credits: 2_500n });
      expect(await availableOf(nora)).toBe(2_500n);
      for (const [amount, left] of refunds) {
        await refund(nora, payment.stripeIntent ?? '', amount);
        expect(await availableOf(nora)).toBe(left);
      }
    },
  );
});

describe('a plan with tax', () => {
  it('grants each month what it says, whatever the tax, and a refund takes its share', async () => {
    const { db } = database;
    const { realm, settings } = shop;
    const nora = await shop.subscriber(await shop.newClock());
    const plan = await findPlanForSale(db, { realmId: realm.id, code: 'basic', currency: 'usd' });
    if (!plan) throw new Error('The plan is not for sale.');
    const started = await startPlan(
      db,
      { ...settings, automaticTax: true },
      { realm, customer: nora, plan, appUrl: 'http://127.0.0.1:3999' },
    );
    const subscription = await shop.payOrder(nora, started);
    await shop.renew(subscription);
    await shop.hear(nora);
    const payments = await db.payment.findMany({
      where: { customerId: nora.id },
      orderBy: { createdAt: 'asc' },
    });
    expect(payments).toMatchObject([
      { state: 'paid', amountPaid: 1_100n, credits: 1_000n },
      { state: 'paid', amountPaid: 1_100n, credits: 1_000n },
    ]);
    await refund(nora, payments[1]?.stripeIntent ?? '', 550);
    expect(await availableOf(nora)).toBe(1_500n);
  });
});
