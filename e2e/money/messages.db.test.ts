import { beforeAll, describe, expect, it } from 'vitest';

import { toldOf } from '../../app/modules/outbox/testing/told';
import { CARD } from './testing/sandbox-shop';
import { openRefundDesk, type PaidSale, type RefundDesk } from './testing/refund-desk';
import { useTestStore } from './testing/store';

/** What the product is told of money: 2,500 credits were sold for $20. */
const store = useTestStore();
let desk: RefundDesk;
beforeAll(() => {
  desk = openRefundDesk(store.db, store.shop);
});

const hear = (sale: { customerId: string }) => toldOf(store.db, sale.customerId);
const moneyBack = () => store.shop.sandbox.sandbox.moneyBack;
const dispute = (sale: PaidSale): string => {
  const opened = moneyBack().openDispute(sale.intent, 'chargeback', 'fraudulent');
  if (opened.outcome !== 'opened') throw new Error(`The sandbox says ${opened.outcome}.`);
  return opened.disputeId;
};

describe('a payment that settles', () => {
  it('is told once, with its credits beside it, however often Stripe says so', async () => {
    const sale = await desk.sell();
    await desk.hear(sale.paymentId);
    await desk.hear(sale.paymentId);
    const told = await hear(sale);
    expect(told.map(({ type }) => type).sort()).toEqual(['credits.granted', 'payment.settled']);
    expect(told.find(({ type }) => type === 'payment.settled')?.data).toEqual({
      ...{ book: 'test', customer: sale.customerId, external_id: null, payment: sale.paymentId },
      ...{
        kind: 'pack',
        item: expect.any(String),
        quantity: 1,
        credits: 2500,
        amount: 2000,
        currency: 'usd',
      },
      paid_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    });
    expect(told.find(({ type }) => type === 'credits.granted')?.data).toMatchObject({
      ...{ payment: sale.paymentId, kind: 'pack', amount: 2500, balance: { available: 2500 } },
    });
  });

  it('is not told while its card is declined', async () => {
    const { shop } = store;
    const { paymentId } = await shop.checkout(await shop.newCustomer());
    await shop.pay(paymentId, { ...CARD, cardNumber: '4000000000000002' });
    await desk.hear(paymentId);
    const payment = await store.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
    expect(payment.state).toBe('open');
    expect(await hear(payment)).toEqual([]);
  });
});

describe('money that goes back', () => {
  it('by a refund is told status by status, and its credits', async () => {
    const sale = await desk.sell();
    await desk.request(sale.paymentId, 2000n);
    await desk.hear(sale.paymentId);
    const told = (await hear(sale)).slice(2);
    const statuses = told.flatMap(({ type, data }) => (type === 'refund.updated' ? [data] : []));
    expect(statuses).toMatchObject(
      ['requested', 'sending', 'succeeded'].map((status) => ({
        ...{ status, payment: sale.paymentId, amount: 2000, currency: 'usd' },
        ...{ reason: 'requested_by_customer', failure: null },
      })),
    );
    expect(told.filter(({ type }) => type.startsWith('credits.'))).toMatchObject([
      { type: 'credits.held_back', data: { amount: 2500, payment: sale.paymentId } },
      { type: 'credits.revoked', data: { amount: 2500, balance: { available: 0, claimed: 0 } } },
    ]);
    expect(JSON.stringify(told)).not.toContain('asked by mail');
  });

  it('by a dispute that is won comes back', async () => {
    const sale = await desk.sell();
    const id = dispute(sale);
    await desk.hear(sale.paymentId);
    moneyBack().answerDispute(id, 'win');
    await desk.hear(sale.paymentId);
    const told = (await hear(sale)).slice(2);
    const statuses = told.flatMap(({ type, data }) => (type === 'dispute.updated' ? [data] : []));
    expect(statuses[0]).toMatchObject({
      status: 'needs_response',
      amount: 2000,
      reason: 'fraudulent',
      due_by: expect.any(String),
    });
    expect(statuses.at(-1)).toMatchObject({ status: 'won' });
    expect(new Set(statuses.map((said) => JSON.stringify(said))).size).toBe(statuses.length);
    const moved = (type: string) =>
      told.reduce((sum, one) => sum + (one.type === type && 'amount' in one.data ? one.data.amount : 0), 0);
    expect(moved('credits.revoked')).toBe(2500);
    expect(moved('credits.restored')).toBe(2500);
    expect((await hear(sale)).at(-1)?.data).toMatchObject({ balance: { available: 2500 } });
  });
});
