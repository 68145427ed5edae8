import { describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type SaleFact } from '~/modules/stripe/shared';
import { inTransaction } from '~/platform/db.server';

import { applyFact } from './apply-fact.server';
import { checkPayment } from './check-payment.server';
import { makeSale, type TestSale } from './testing/sale';

const database = useTestDatabase();

const bring = (sale: TestSale, fact: SaleFact) =>
  inTransaction(database.db, 'bring', (tx) => applyFact(tx, fact, sale.context));

/** Where nobody answers: a look at Stripe throws. */
const nowhere = { secretKey: 'sk_test_nobody0000', apiBase: 'http://127.0.0.1:9' };

const realmOf = ({ context }: TestSale) => ({
  ...{ id: context.realmId, account: 'acct_1', mode: 'test' as const, name: 'Test' },
});

const paymentOf = (sale: TestSale) =>
  database.db.payment.findUniqueOrThrow({ where: { id: sale.paymentId } });

describe('a payment of another realm', () => {
  it('is not found by its id in our metadata, even where no realm is named', async () => {
    const [here, there] = [await makeSale(database.db), await makeSale(database.db)];
    const stray = { ...here.session, ours: { payment: there.paymentId } };
    expect(await bring(here, stray)).toMatchObject({ outcome: 'quarantined', code: 'unknown_payment' });
    expect(await paymentOf(there)).toMatchObject({ state: 'open', moneyObject: null });
  });

  it('is not found by a Stripe id that it is linked to', async () => {
    const [here, there] = [await makeSale(database.db), await makeSale(database.db)];
    const stray = { ...there.session, ours: {} };
    expect(await bring(here, stray)).toMatchObject({ decision: 'ignored', reason: 'foreign' });
    expect(await paymentOf(there)).toMatchObject({ state: 'open', moneyObject: null });
  });

  it('is not looked at', async () => {
    const [here, there] = [await makeSale(database.db), await makeSale(database.db)];
    const input = { realm: realmOf(here), paymentId: there.paymentId, cause: 'check:test' };
    expect(await checkPayment(database.db, nowhere, input)).toEqual({ outcome: 'nothing_to_check' });
  });
});

describe('links', () => {
  it('lead a charge without metadata to the payment of its PaymentIntent', async () => {
    const sale = await makeSale(database.db);
    await bring(sale, { ...sale.session, status: 'open' });
    expect(await bring(sale, { ...sale.charge, ours: {} })).toMatchObject({ decision: 'applied' });
    expect(await paymentOf(sale)).toMatchObject({ stripeCharge: sale.charge.id, card: sale.charge.card });
  });

  it('are not made by a declined try: card and receipt are those of the charge that was paid', async () => {
    const sale = await makeSale(database.db);
    const declined = {
      ...sale.charge,
      id: `${sale.charge.id}_declined`,
      status: 'failed' as const,
      receiptUrl: undefined,
    };
    for (const fact of [declined, sale.intent, sale.charge]) await bring(sale, fact);
    expect(await paymentOf(sale)).toMatchObject({
      stripeCharge: sale.charge.id,
      receiptUrl: sale.charge.receiptUrl,
    });
  });

  it('keep the first receipt and the first invoice page, in whatever order Stripe shows others of them', async () => {
    const sale = await makeSale(database.db);
    const page = (n: string) => ({ ...sale.invoice, ours: sale.session.ours, invoiceUrl: n });
    const later = { ...sale.charge, receiptUrl: 'https://pay.stripe.com/receipts/2' };
    await bring(sale, sale.session);
    for (const fact of [sale.charge, later, page('https://invoice.stripe.com/i/1'), page('https://i/2')])
      await bring(sale, fact);
    const first = { receiptUrl: sale.charge.receiptUrl, invoiceUrl: 'https://invoice.stripe.com/i/1' };
    expect(await paymentOf(sale)).toMatchObject(first);
    await bring(sale, sale.charge);
    expect(await paymentOf(sale)).toMatchObject(first);
  });

  it('of a payment stay the first of their kind when a second intent pays it again', async () => {
    const sale = await makeSale(database.db);
    await bring(sale, sale.intent);
    await bring(sale, { ...sale.intent, id: `${sale.intent.id}_2`, chargeId: `${sale.charge.id}_2` });
    expect(await paymentOf(sale)).toMatchObject({
      ...{ stripeIntent: sale.intent.id, stripeCharge: sale.charge.id, moneyObject: sale.intent.id },
    });
  });
});

it('a payment that is closed is not asked about', async () => {
  const sale = await makeSale(database.db);
  const input = { realm: realmOf(sale), paymentId: sale.paymentId, cause: 'check:test' };
  await expect(checkPayment(database.db, nowhere, input)).rejects.toThrow(/connection/);
  await bring(sale, sale.session);
  expect(await checkPayment(database.db, nowhere, input)).toEqual({ outcome: 'nothing_to_check' });
});

it('each step of a payment says where it came from, and why', async () => {
  const sale = await makeSale(database.db);
  await bring(sale, { ...sale.session, paymentStatus: 'unpaid' });
  await bring(sale, sale.session);
  const changes = await database.db.paymentChange.findMany({
    where: { paymentId: sale.paymentId },
    orderBy: { n: 'asc' },
    select: { n: true, from: true, to: true, cause: true },
    take: 10,
  });
  expect(changes).toEqual([
    { n: 1, from: null, to: 'open', cause: 'test' },
    { n: 2, from: 'open', to: 'processing', cause: sale.context.cause },
    { n: 3, from: 'processing', to: 'paid', cause: sale.context.cause },
  ]);
});
