import { describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { readBalance } from '~/modules/ledger/index.server';
import { type DoorOutcome, type FactContext, type SaleFact } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';

import { applyFact } from './apply-fact.server';
import { makeSale, type TestSale } from './testing/sale';

const database = useTestDatabase();

/** Applies a fact as the inbox does: what a door asks for is read and the door is asked again. */
async function bring(
  db: Db,
  sale: TestSale,
  fact: SaleFact,
  context: FactContext = sale.context,
): Promise<DoorOutcome> {
  const outcome = await inTransaction(db, 'bring', (tx) => applyFact(tx, fact, context));
  if (outcome.outcome !== 'need') return outcome;
  expect(outcome.refs).toEqual([{ object: 'checkout.session', id: sale.session.id }]);
  return inTransaction(db, 'bring again', (tx) =>
    applyFact(tx, fact, { ...context, evidence: [sale.session] }),
  );
}

async function standing(db: Db, sale: TestSale) {
  const payment = await db.payment.findUniqueOrThrow({ where: { id: sale.paymentId } });
  const transfers = await db.transfer.count({ where: { paymentId: sale.paymentId } });
  const balance = await readBalance(db, { book: 'test', customerId: sale.customerId });
  const review = await db.payment.count({ where: { customerId: sale.customerId, state: 'review' } });
  return { state: payment.state, transfers, available: balance.available, review };
}

const PAID_ONCE = { state: 'paid', transfers: 1, available: 1000n, review: 0 };
const UNTOUCHED = { transfers: 0, available: 0n };

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

describe('a card purchase', () => {
  it(
    'is granted once in every order of its events, each of them once and twice',
    { timeout: 120_000 },
    async () => {
      const kinds = ['session', 'intent', 'charge', 'invoice'] as const;
      for (const order of permutations(kinds)) {
        for (const times of [1, 2]) {
          const sale = await makeSale(database.db);
          for (const kind of order)
            for (let n = 0; n < times; n += 1) await bring(database.db, sale, sale[kind]);
          expect({ order, ...(await standing(database.db, sale)) }).toEqual({ order, ...PAID_ONCE });
        }
      }
    },
  );

  it(
    'is granted once when all of its events arrive at the same moment, twenty times each',
    { timeout: 60_000 },
    async () => {
      const sale = await makeSale(database.db);
      const facts = [sale.session, sale.intent, sale.charge, sale.invoice];
      const copies = Array.from({ length: 20 }, () => facts).flat();
      const outcomes = await Promise.all(copies.map((fact) => bring(database.db, sale, fact)));
      expect(await standing(database.db, sale)).toEqual(PAID_ONCE);
      expect(
        outcomes.filter((outcome) => outcome.outcome === 'decided' && outcome.reason === 'settled'),
      ).toHaveLength(1);
    },
  );

  it('waits for its turn when copies of one event race on a payment that is linked already', async () => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, { ...sale.session, status: 'open' });
    const copies = Array.from({ length: 20 }, () =>
      bring(database.db, sale, { ...sale.intent, chargeId: undefined }),
    );
    const reasons = (await Promise.all(copies)).map(
      (outcome) => outcome.outcome === 'decided' && outcome.reason,
    );
    expect(reasons.sort()).toEqual([...Array.from({ length: 19 }, () => 'already_granted'), 'settled']);
  });

  it('is granted by its invoice alone, because the invoice has its session read', async () => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, sale.invoice);
    expect(await standing(database.db, sale)).toEqual(PAID_ONCE);
  });

  it('keeps card, receipt and invoice whichever comes first', async () => {
    const sale = await makeSale(database.db);
    for (const fact of [sale.charge, sale.invoice, sale.session]) await bring(database.db, sale, fact);
    const payment = await database.db.payment.findUniqueOrThrow({ where: { id: sale.paymentId } });
    expect(payment).toMatchObject({
      card: 'visa •••• 4242',
      receiptUrl: sale.charge.receiptUrl,
      invoiceUrl: sale.invoice.invoiceUrl,
      stripeCharge: sale.charge.id,
      stripeIntent: sale.intent.id,
      stripeInvoice: sale.invoice.id,
      moneyObject: sale.intent.id,
      amountPaid: 1000n,
    });
  });

  it('is granted when it was paid late, after the page was thought expired', async () => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, {
      ...sale.session,
      status: 'expired',
      paymentStatus: 'unpaid',
      intentId: undefined,
    });
    expect(await standing(database.db, sale)).toEqual({ state: 'expired', review: 0, ...UNTOUCHED });
    await bring(database.db, sale, sale.intent);
    expect(await standing(database.db, sale)).toEqual(PAID_ONCE);
  });
});

describe('what must not grant', () => {
  it.each([
    [
      'an unpaid session',
      'processing',
      (sale: TestSale) => ({ ...sale.session, paymentStatus: 'unpaid' as const }),
    ],
    ['an open session', 'open', (sale: TestSale) => ({ ...sale.session, status: 'open' as const })],
    [
      'a declined card',
      'open',
      (sale: TestSale) => ({
        ...sale.intent,
        status: 'requires_payment_method' as const,
        lastError: 'Declined.',
      }),
    ],
    [
      'an intent that its bank has not confirmed',
      'processing',
      (sale: TestSale) => ({ ...sale.intent, status: 'processing' as const, amountReceived: 0n }),
    ],
    ['a canceled intent', 'canceled', (sale: TestSale) => ({ ...sale.intent, status: 'canceled' as const })],
    ['a failed charge', 'open', (sale: TestSale) => ({ ...sale.charge, status: 'failed' as const })],
    [
      'a set-up session',
      'open',
      (sale: TestSale) => ({
        ...sale.session,
        mode: 'setup' as const,
        paymentStatus: 'no_payment_required' as const,
      }),
    ],
    [
      'a subscription session',
      'open',
      (sale: TestSale) => ({ ...sale.session, mode: 'subscription' as const }),
    ],
    ['a lone charge', 'open', (sale: TestSale) => sale.charge],
  ])('%s', async (_name, state, fact) => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, fact(sale));
    expect(await standing(database.db, sale)).toEqual({ state, review: 0, ...UNTOUCHED });
  });

  it.each([
    ['another currency', { currency: 'eur' }],
    ['another subtotal', { amountSubtotal: 999n, amountTotal: 999n }],
    ['a total that does not add up', { amountTotal: 1n }],
  ])('a session with %s waits for a person', async (_name, change) => {
    const sale = await makeSale(database.db);
    const outcome = await bring(database.db, sale, { ...sale.session, ...change });
    expect(outcome).toMatchObject({ outcome: 'quarantined', code: 'amount_differs' });
    expect(await standing(database.db, sale)).toEqual({ state: 'review', review: 1, ...UNTOUCHED });
  });

  it('an intent of another amount that its session does not know waits for a person, beside the sale', async () => {
    const sale = await makeSale(database.db);
    const other = { ...sale.intent, id: `${sale.intent.id}_2`, amount: 600n, amountReceived: 600n };
    const charge = { ...sale.charge, id: `${sale.charge.id}_2`, intentId: other.id, card: 'visa •••• 1881' };
    await bring(database.db, sale, charge);
    expect(await bring(database.db, sale, other)).toMatchObject({
      outcome: 'quarantined',
      code: 'paid_twice',
    });
    expect(await standing(database.db, sale)).toEqual({ state: 'open', review: 1, ...UNTOUCHED });
    await bring(database.db, sale, sale.session);
    await bring(database.db, sale, sale.intent);
    await bring(database.db, sale, sale.charge);
    expect(await standing(database.db, sale)).toEqual({ ...PAID_ONCE, review: 1 });
    const rows = await database.db.payment.findMany({
      where: { customerId: sale.customerId },
      orderBy: { createdAt: 'asc' },
    });
    expect(rows).toMatchObject([
      {
        stripeIntent: sale.intent.id,
        stripeCharge: sale.charge.id,
        card: sale.charge.card,
        amountPaid: 1000n,
      },
      { stripeIntent: other.id, secondOfId: sale.paymentId, amountPaid: 600n, reviewReason: 'paid_twice' },
    ]);
  });

  it('an intent of another amount whose session has no intent yet waits for a person', async () => {
    const sale = await makeSale(database.db);
    sale.session = { ...sale.session, intentId: undefined };
    expect(await bring(database.db, sale, { ...sale.intent, amountReceived: 600n })).toMatchObject({
      outcome: 'quarantined',
      code: 'amount_differs',
    });
    expect(await standing(database.db, sale)).toEqual({ state: 'review', review: 1, ...UNTOUCHED });
  });

  it('a late failure after success stays paid', async () => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, sale.session);
    for (const late of [
      { ...sale.intent, status: 'canceled' as const },
      { ...sale.intent, status: 'processing' as const },
      { ...sale.intent, status: 'requires_payment_method' as const },
      { ...sale.session, status: 'expired' as const },
    ]) {
      await bring(database.db, sale, late);
    }
    expect(await standing(database.db, sale)).toEqual(PAID_ONCE);
  });
});

describe('money that is not plain', () => {
  it('grants the snapshot when a promotion made it cheaper, whichever event comes first', async () => {
    for (const first of ['intent', 'session'] as const) {
      const sale = await makeSale(database.db);
      sale.session = { ...sale.session, amountDiscount: 400n, amountTotal: 600n };
      sale.intent = { ...sale.intent, amount: 600n, amountReceived: 600n };
      await bring(database.db, sale, sale[first]);
      expect(await standing(database.db, sale)).toEqual(PAID_ONCE);
      const { amountPaid, amountDiscount } = await database.db.payment.findUniqueOrThrow({
        where: { id: sale.paymentId },
      });
      expect({ amountPaid, amountDiscount }).toEqual({ amountPaid: 600n, amountDiscount: 400n });
    }
  });

  it('tells discount and tax that cancel out, whichever of intent and session comes first', async () => {
    for (const first of ['intent', 'session'] as const) {
      const sale = await makeSale(database.db);
      sale.session = { ...sale.session, amountDiscount: 100n, amountTax: 100n };
      for (const kind of first === 'intent'
        ? (['intent', 'session'] as const)
        : (['session', 'intent'] as const))
        await bring(database.db, sale, sale[kind]);
      const payment = await database.db.payment.findUniqueOrThrow({ where: { id: sale.paymentId } });
      expect(payment).toMatchObject({ state: 'paid', amountDiscount: 100n, amountTax: 100n });
    }
  });

  it.each(['paid', 'no_payment_required'] as const)(
    'grants once when nothing was to pay and Stripe says %s',
    async (paymentStatus) => {
      const sale = await makeSale(database.db);
      const free = {
        ...sale.session,
        paymentStatus,
        amountDiscount: 1000n,
        amountTotal: 0n,
        intentId: undefined,
      };
      await bring(database.db, sale, free);
      await bring(database.db, sale, free);
      expect(await standing(database.db, sale)).toEqual(PAID_ONCE);
    },
  );

  it('keeps a second settled intent of a paid payment as a payment of its own, once', async () => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, sale.session);
    const second = { ...sale.intent, id: `${sale.intent.id}_2`, chargeId: `${sale.charge.id}_2` };
    expect(await bring(database.db, sale, second)).toMatchObject({
      outcome: 'quarantined',
      code: 'paid_twice',
    });
    expect(await bring(database.db, sale, second)).toMatchObject({
      outcome: 'decided',
      decision: 'duplicate',
    });
    expect(await standing(database.db, sale)).toEqual({ ...PAID_ONCE, review: 1 });
  });

  it('keeps a second settled intent of another amount as well', async () => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, sale.session);
    const second = { ...sale.intent, id: `${sale.intent.id}_2`, amount: 700n, amountReceived: 700n };
    expect(await bring(database.db, sale, second)).toMatchObject({
      outcome: 'quarantined',
      code: 'paid_twice',
    });
    const kept = await database.db.payment.findFirstOrThrow({ where: { secondOfId: sale.paymentId } });
    expect(kept).toMatchObject({ state: 'review', amountPaid: 700n, moneyObject: second.id });
  });

  it('remembers the money of a payment in review, and what is paid after it', async () => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, { ...sale.session, amountSubtotal: 900n, amountTotal: 900n });
    const held = await database.db.payment.findUniqueOrThrow({ where: { id: sale.paymentId } });
    expect(held).toMatchObject({ state: 'review', amountPaid: 900n, moneyObject: sale.intent.id });
    expect(await bring(database.db, sale, { ...sale.intent, amountReceived: 900n })).toMatchObject({
      reason: 'in_review',
    });
    const second = { ...sale.intent, id: `${sale.intent.id}_2` };
    expect(await bring(database.db, sale, second)).toMatchObject({
      outcome: 'quarantined',
      code: 'paid_twice',
    });
    expect(await standing(database.db, sale)).toEqual({ state: 'review', review: 2, ...UNTOUCHED });
  });

  it('closes a delayed payment that the bank refused, and still grants if it is paid after all', async () => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, { ...sale.session, paymentStatus: 'unpaid' });
    await bring(database.db, sale, { ...sale.session, paymentStatus: 'failed' });
    expect(await standing(database.db, sale)).toEqual({ state: 'failed', review: 0, ...UNTOUCHED });
    await bring(database.db, sale, sale.session);
    expect(await standing(database.db, sale)).toEqual(PAID_ONCE);
  });
});

describe('whose fact it is', () => {
  it('ignores another product of the same account', async () => {
    const sale = await makeSale(database.db);
    const foreign = { ...sale.intent, id: 'pi_foreign', ours: {}, stripeCustomer: 'cus_foreign' };
    expect(await bring(database.db, sale, foreign)).toMatchObject({ decision: 'ignored', reason: 'foreign' });
  });

  it('never applies what names another realm', async () => {
    const sale = await makeSale(database.db);
    const other = { ...sale.session, ours: { ...sale.session.ours, realm: 'rlm_other' } };
    expect(await bring(database.db, sale, other)).toMatchObject({
      decision: 'ignored',
      reason: 'other_realm',
    });
    expect(await standing(database.db, sale)).toEqual({ state: 'open', review: 0, ...UNTOUCHED });
  });

  it('keeps what is ours and fits no payment for a person', async () => {
    const sale = await makeSale(database.db);
    const unknown = {
      ...sale.session,
      id: 'cs_unknown',
      ours: { ...sale.session.ours, payment: 'pay_unknown' },
    };
    expect(await bring(database.db, sale, unknown)).toMatchObject({
      outcome: 'quarantined',
      code: 'unknown_payment',
    });
    const stray = { ...sale.intent, id: 'pi_stray', ours: {} };
    expect(await bring(database.db, sale, stray)).toMatchObject({
      outcome: 'quarantined',
      code: 'no_payment',
    });
  });

  it('finds the payment by its links when the metadata is gone', async () => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, { ...sale.session, ours: {} });
    expect(await standing(database.db, sale)).toEqual(PAID_ONCE);
  });
});

describe('a transaction that dies', () => {
  it('leaves nothing, and the next try grants once', async () => {
    const sale = await makeSale(database.db);
    const crash = inTransaction(database.db, 'crash', async (tx) => {
      await applyFact(tx, sale.session, sale.context);
      throw new Error('killed before commit');
    });
    await expect(crash).rejects.toThrow('killed before commit');
    expect(await standing(database.db, sale)).toEqual({ state: 'open', review: 0, ...UNTOUCHED });
    await bring(database.db, sale, sale.session);
    expect(await standing(database.db, sale)).toEqual(PAID_ONCE);
  });
});

describe('the database itself', () => {
  it('refuses a payment that sinks and a snapshot that changes', async () => {
    const sale = await makeSale(database.db);
    await bring(database.db, sale, sale.session);
    const sink = database.db.$executeRaw`UPDATE payment SET state = 'failed' WHERE id = ${sale.paymentId}`;
    await expect(sink).rejects.toThrow(/cannot move from paid to failed/);
    const resell = database.db.$executeRaw`UPDATE payment SET credits = 1 WHERE id = ${sale.paymentId}`;
    await expect(resell).rejects.toThrow(/snapshot/);
  });
});
