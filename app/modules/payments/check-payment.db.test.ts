import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';

import { applyFact } from './apply-fact.server';
import { checkPayment } from './check-payment.server';
import { makeSale, type TestSale } from './testing/sale';
import { openShelf } from './testing/stripe-shelf';

const database = useTestDatabase();
let shelf: Awaited<ReturnType<typeof openShelf>>;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());

/** A session that is complete while its bank has not answered, and its intent as it stands. */
function layDelayed(sale: TestSale, status: 'processing' | 'requires_payment_method' | 'canceled'): void {
  const metadata = {
    credence_payment: sale.paymentId,
    credence_realm: sale.context.realmId,
    credence_customer: sale.customerId,
  };
  shelf.lay(
    {
      id: sale.session.id,
      object: 'checkout.session',
      metadata,
      mode: 'payment',
      status: 'complete',
      payment_status: 'unpaid',
      amount_subtotal: 1000,
      amount_total: 1000,
      currency: 'usd',
      payment_intent: sale.intent.id,
    },
    { id: sale.intent.id, object: 'payment_intent', metadata, status, amount: 1000, currency: 'usd' },
  );
}

const look = (sale: TestSale) =>
  checkPayment(database.db, shelf.settings, {
    realm: { id: sale.context.realmId, account: 'acct_x', mode: 'test', name: 'Test' },
    paymentId: sale.paymentId,
    cause: 'check:test',
  });

const stateOf = async (sale: TestSale) =>
  (await database.db.payment.findUniqueOrThrow({ where: { id: sale.paymentId } })).state;

describe('a look at a payment that its bank keeps waiting', () => {
  it('finds it processing while the bank has not said', async () => {
    const sale = await makeSale(database.db);
    layDelayed(sale, 'processing');
    await look(sale);
    expect(await stateOf(sale)).toBe('processing');
  });

  it.each(['requires_payment_method', 'canceled'] as const)(
    'closes it when the refusal was never heard and its intent is %s',
    async (status) => {
      const sale = await makeSale(database.db);
      layDelayed(sale, status);
      expect(await look(sale)).toMatchObject({ decision: { decision: 'applied', reason: 'failed' } });
      expect(await stateOf(sale)).toBe('failed');
    },
  );
});

it('a payment in review whose money was unknown learns of it from its intent', async () => {
  const sale = await makeSale(database.db);
  const bring = (fact: typeof sale.session | typeof sale.intent) =>
    inTransaction(database.db, 'bring', (tx) => applyFact(tx, fact, sale.context));
  expect(await bring({ ...sale.session, intentId: undefined })).toMatchObject({ code: 'no_money_object' });
  expect(await bring(sale.intent)).toMatchObject({ decision: 'applied', reason: 'money_of_review' });
  expect(await bring(sale.intent)).toMatchObject({ decision: 'noop', reason: 'in_review' });
  const payment = await database.db.payment.findUniqueOrThrow({ where: { id: sale.paymentId } });
  expect(payment).toMatchObject({ state: 'review', moneyObject: sale.intent.id, amountPaid: 1000n });
});
