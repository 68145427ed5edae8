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
    const own = { realmId, customerId, paymentId };
    const foreign = { ...own, customerId: other };
    expect(await readCustomerPayment(database.db, own)).toMatchObject({
      id: paymentId,
      hasReceipt: true,
      hadPage: true,
    });
    expect(await readCustomerPayment(database.db, foreign)).toBeUndefined();
    expect(await readCustomerPayment(database.db, { ...own, realmId: 'rlm_other' })).toBeUndefined();
    expect(await isSessionOf(database.db, own, 'cs_test_own')).toBe(true);
    expect(await isSessionOf(database.db, own, 'cs_test_forged')).toBe(false);
    expect(await isSessionOf(database.db, foreign, 'cs_test_own')).toBe(false);
    expect(await findDocument(database.db, own, 'receipt')).toBe('https://pay.stripe.com/receipts/1');
    expect(await findDocument(database.db, own, 'invoice')).toBeUndefined();
    expect(await findDocument(database.db, foreign, 'receipt')).toBeUndefined();
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
      const page = await listCustomerPayments(database.db, { realmId, customerId, place, take: 3 });
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
