import { beforeAll, expect, it } from 'vitest';

import { newCustomer, newPayment } from '../../app/modules/ledger/testing/credits';
import { newId } from '../../app/platform/ids.server';
import { useTestDatabase } from '../support/test-database';
import { newClient, productOf } from './testing/api-desk';

const database = useTestDatabase();
const keys: Record<'test' | 'live', string> = { test: '', live: '' };

beforeAll(async () => {
  for (const book of ['test', 'live'] as const) keys[book] = (await newClient(database.db, { book })).key;
});

const read = (id: string, book: 'test' | 'live' = 'test') =>
  productOf(database.db, keys[book]).GET('/payments/{id}', { params: { path: { id } } });

async function goesBack(
  paymentId: string,
  back: { kind: 'refund' | 'dispute'; level: 'none' | 'pending' | 'gone'; taken: bigint },
): Promise<void> {
  const { realmId } = await database.db.payment.findUniqueOrThrow({
    where: { id: paymentId },
    select: { realmId: true },
  });
  const terms = {
    realmId,
    paymentId,
    status: 'some',
    amount: back.taken,
    currency: 'usd',
    stripeId: newId('req'),
  };
  await database.db.moneyBack.create({ data: { id: newId('mbk'), ...terms, ...back } });
}

it('a payment tells what was sold, what was paid and what has gone back', async () => {
  const customerId = await newCustomer(database.db);
  const id = await newPayment(database.db, { customerId, book: 'test', credits: 500n });
  expect((await read(id)).data).toMatchObject({
    ...{ object: 'payment', id, book: 'test', customer: customerId, external_id: null, kind: 'pack' },
    ...{
      state: 'created',
      credits: 500,
      currency: 'usd',
      amount_subtotal: 1000,
      amount_paid: null,
      paid_at: null,
    },
    ...{ amount_refunded: 0, amount_disputed: 0 },
  });
  await goesBack(id, { kind: 'refund', level: 'gone', taken: 200n });
  await goesBack(id, { kind: 'refund', level: 'pending', taken: 100n });
  await goesBack(id, { kind: 'dispute', level: 'pending', taken: 300n });
  expect((await read(id)).data).toMatchObject({ amount_refunded: 200, amount_disputed: 300 });
});

it('a payment of the other book is not found', async () => {
  const customerId = await newCustomer(database.db);
  const id = await newPayment(database.db, { customerId, book: 'live', credits: 500n });
  expect((await read(id)).error).toMatchObject({ code: 'not_found' });
  expect((await read(id, 'live')).data).toMatchObject({ id, book: 'live' });
});
