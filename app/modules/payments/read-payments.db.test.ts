import { describe, expect, it } from 'vitest';

import { newId } from '~/platform/ids.server';

import { useTestDatabase } from '../../../e2e/support/test-database';
import {
  findDocument,
  isSessionOf,
  listCustomerPayments,
  type PaymentPlace,
  readCustomerPayment,
} from './read-payments.server';

const database = useTestDatabase();
const realmId = 'rlm_reads';

type Level = 'none' | 'pending' | 'gone';

async function newCustomer(): Promise<string> {
  const realm = { id: realmId, account: 'acct_reads', mode: 'test', name: 'Reads', sells: true } as const;
  await database.db.realm.upsert({ where: { id: realmId }, create: realm, update: {} });
  const id = newId('cst');
  await database.db.customer.create({ data: { id } });
  return id;
}

async function newPayment(customerId: string, change: { createdAt?: string; stripeSession?: string } = {}) {
  const id = newId('pay');
  await database.db.payment.create({
    data: {
      id,
      realmId,
      customerId,
      kind: 'pack',
      credits: 500n,
      currency: 'usd',
      amountSubtotal: 500n,
      stripeSession: change.stripeSession ?? null,
      receiptUrl: 'https://pay.stripe.com/receipts/1',
    },
  });
  // A JavaScript date has no microseconds.
  if (change.createdAt !== undefined)
    await database.db
      .$executeRaw`UPDATE payment SET created_at = ${change.createdAt}::timestamptz WHERE id = ${id}`;
  return id;
}

describe('a customer’s payment', () => {
  it('is found by its customer only, and so are its session and its receipt', async () => {
    const [customerId, other] = [await newCustomer(), await newCustomer()];
    const paymentId = await newPayment(customerId, { stripeSession: 'cs_test_own' });
    const own = { book: 'test' as const, customerId, paymentId };
    const foreign = { ...own, customerId: other };
    expect(await readCustomerPayment(database.db, own)).toMatchObject({
      id: paymentId,
      hasReceipt: true,
      hadPage: true,
    });
    expect(await readCustomerPayment(database.db, foreign)).toBeUndefined();
    expect(await readCustomerPayment(database.db, { ...own, book: 'live' })).toBeUndefined();
    expect(await isSessionOf(database.db, own, 'cs_test_own')).toBe(true);
    expect(await isSessionOf(database.db, own, 'cs_test_forged')).toBe(false);
    expect(await isSessionOf(database.db, foreign, 'cs_test_own')).toBe(false);
    expect(await findDocument(database.db, own, 'receipt')).toBe('https://pay.stripe.com/receipts/1');
    expect(await findDocument(database.db, own, 'invoice')).toBeUndefined();
    expect(await findDocument(database.db, foreign, 'receipt')).toBeUndefined();
  });
});

describe('what went back of a payment', () => {
  it('is told as far as it is the customer’s matter: no staff’s thoughts, no bank’s questions', async () => {
    const customerId = await newCustomer();
    const paymentId = await newPayment(customerId);
    const rows = [
      ['refund', 'awaiting_approval', 'none', 0n],
      ['refund', 'rejected', 'none', 0n],
      ['refund', 'sending', 'pending', 100n],
      ['refund', 'succeeded', 'gone', 100n],
      ['refund', 'failed', 'none', 0n],
      ['dispute', 'warning_needs_response', 'none', 0n],
      ['dispute', 'needs_response', 'pending', 100n],
      ['dispute', 'under_review', 'gone', 90n],
      ['dispute', 'lost', 'gone', 100n],
      ['dispute', 'won', 'none', 0n],
    ] as const;
    for (const [n, [kind, status, level, taken]] of rows.entries())
      await database.db.moneyBack.create({
        data: {
          ...{ id: newId('mbk'), paymentId, realmId, kind, status, level, taken },
          ...{ amount: 100n, currency: 'usd', createdAt: new Date(n) },
        },
      });
    const payment = await readCustomerPayment(database.db, { book: 'test' as const, customerId, paymentId });
    expect(payment?.backs.map(({ state, amount }) => [state, amount])).toEqual([
      ['refund_coming', 100n],
      ['refunded', 100n],
      ['refund_failed', 100n],
      ['disputed', 100n],
      ['disputed', 90n],
      ['charged_back', 100n],
      ['dispute_over', 100n],
    ]);
  });
});

describe('what happened to money that went back', () => {
  it('is told step by step where a customer would say that something changed', async () => {
    const customerId = await newCustomer();
    const paymentId = await newPayment(customerId);
    const tell = async (kind: 'refund' | 'dispute', steps: readonly (readonly [string, Level, bigint])[]) => {
      const [status, level, taken] = steps.at(-1) ?? ['', 'none', 0n];
      const changes = steps.map(([to, stood, took], n) => {
        return { n: n + 1, to, rank: n, level: stood, taken: took, cause: 'test', at: new Date(clock++) };
      });
      const money = { amount: 100n, currency: 'usd' };
      const row = { id: newId('mbk'), paymentId, realmId, kind, status, level, taken, ...money };
      await database.db.moneyBack.create({ data: { ...row, changes: { create: changes } } });
    };
    let clock = Date.parse('2026-11-22T12:00:00Z');
    await tell('refund', [
      ['awaiting_approval', 'none', 0n],
      ['requested', 'pending', 100n],
      ['sending', 'pending', 100n],
      ['succeeded', 'gone', 100n],
      ['failed', 'none', 0n],
    ]);
    await tell('dispute', [
      ['warning_needs_response', 'none', 0n],
      ['needs_response', 'pending', 100n],
      ['needs_response', 'gone', 90n],
      ['under_review', 'gone', 90n],
      ['won', 'none', 0n],
    ]);
    const payment = await readCustomerPayment(database.db, { book: 'test' as const, customerId, paymentId });
    expect(payment?.backChanges.map(({ state, amount }) => [state, amount])).toEqual([
      ['refund_coming', 100n],
      ['refunded', 100n],
      ['refund_failed', 100n],
      ['disputed', 100n],
      ['disputed', 90n],
      ['dispute_over', 100n],
    ]);
    const times = payment?.backChanges.map(({ at }) => at.getTime()) ?? [];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(payment?.backChanges.map(({ id }) => id)).size).toBe(6);
  });
});

describe('the list of a customer’s payments', () => {
  it('pages both ways without a gap or a repeat, also where payments stand a microsecond apart', async () => {
    const customerId = await newCustomer();
    const ids: string[] = [];
    for (let n = 1; n <= 7; n += 1)
      ids.unshift(await newPayment(customerId, { createdAt: `2026-11-21T12:00:00.00000${n}Z` }));
    await newPayment(await newCustomer(), { createdAt: '2026-11-21T12:00:00.000004Z' });
    const read = async (place: PaymentPlace) => {
      const page = await listCustomerPayments(database.db, { book: 'test', customerId, place, take: 3 });
      return [page.payments.map(({ id }) => ids.indexOf(id)), page.older, page.newer];
    };
    const at = (n: number) => ids[n] ?? '';
    expect(await read({ from: 'newest' })).toEqual([[0, 1, 2], at(2), undefined]);
    expect(await read({ from: 'older', id: at(2) })).toEqual([[3, 4, 5], at(5), at(3)]);
    expect(await read({ from: 'older', id: at(5) })).toEqual([[6], undefined, at(6)]);
    expect(await read({ from: 'newer', id: at(6) })).toEqual([[3, 4, 5], at(5), at(3)]);
    expect(await read({ from: 'newer', id: at(3) })).toEqual([[0, 1, 2], at(2), undefined]);
  });
});
