import { describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type DoorOutcome, type FactContext, type SaleFact } from '~/modules/stripe/shared';
import { inTransaction } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { applyFact } from './apply-fact.server';
import { changeSettlement, type SettlementChange } from './change-settlement.server';
import { SETTLEMENT_PATIENCE, type SettlementRule } from './shared';
import { makeSale, type TestSale } from './testing/sale';

const database = useTestDatabase();

const tell = ({ context }: TestSale, fact: SaleFact, more: Partial<FactContext> = {}): Promise<DoorOutcome> =>
  inTransaction(database.db, 'tell', (tx) => applyFact(tx, fact, { ...context, ...more }));

const change = ({ context: { realmId } }: TestSale, wanted: SettlementChange) =>
  inTransaction(database.db, 'change', (tx) =>
    changeSettlement(tx, { realmId, ...wanted }, { actor: 'usr_1', reason: 'planned' }),
  );

async function saleUnder(rule: SettlementRule): Promise<TestSale> {
  const sale = await makeSale(database.db);
  if (rule === 'settled-fact') return sale;
  await change(sale, { change: 'try', candidate: rule, percentage: 0 });
  await change(sale, { change: 'promote' });
  return sale;
}

async function standing({ paymentId }: TestSale) {
  const { state, proof, transfers } = await database.db.payment.findUniqueOrThrow({
    where: { id: paymentId },
    select: { state: true, proof: true, transfers: true },
  });
  return { state, grants: transfers.length, rule: proof?.rule ?? null, by: proof?.settledBy ?? null };
}

const passSeconds = ({ paymentId }: TestSale, n: number) =>
  database.db
    .$executeRaw`UPDATE settlement_proof SET proven_at = proven_at - ${n}::int * interval '1 second' WHERE payment = ${paymentId}`;
const waitPatiently = (sale: TestSale) => passSeconds(sale, 11);

const SETTLED = { state: 'paid', grants: 1 };
const OPEN = { state: 'open', grants: 0, rule: null, by: null };

describe('a fact that its rule does not take', () => {
  it.each<
    [SettlementRule, (sale: TestSale) => [late: SaleFact, taken: SaleFact], (sale: TestSale) => string]
  >([
    ['payment-intent', ({ session, intent }) => [session, intent], ({ intent }) => intent.id],
    ['session-completed', ({ session, intent }) => [intent, session], ({ session }) => session.id],
  ])('waits under %s for the one that it takes, which settles once', async (rule, facts, waitsFor) => {
    const sale = await saleUnder(rule);
    const [late, taken] = facts(sale);
    for (let n = 0; n < 2; n += 1)
      expect(await tell(sale, late)).toMatchObject({ outcome: 'waits', waitsFor: waitsFor(sale) });
    expect(await standing(sale)).toEqual(OPEN);
    expect(await tell(sale, taken)).toMatchObject({ decision: 'applied', reason: 'settled' });
    expect(await tell(sale, late)).toMatchObject({ decision: 'duplicate' });
    expect(await standing(sale)).toEqual({ ...SETTLED, rule, by: 'rule' });
  });

  it.each<[SettlementRule, (sale: TestSale) => SaleFact]>([
    ['payment-intent', ({ session }) => session],
    ['session-completed', ({ intent }) => intent],
  ])('settles under %s when nothing else has come for ten seconds', async (rule, of) => {
    const sale = await saleUnder(rule);
    const first = await tell(sale, of(sale));
    expect(first).toMatchObject({ outcome: 'waits', forMs: SETTLEMENT_PATIENCE });
    await passSeconds(sale, 7);
    const second = await tell(sale, of(sale));
    // What is left of the ten seconds, less what the test itself took.
    const left = second.outcome === 'waits' ? (second.forMs ?? 0) : 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(seconds(3));
    await waitPatiently(sale);
    expect(await tell(sale, of(sale))).toMatchObject({ decision: 'applied', reason: 'settled' });
    expect(await standing(sale)).toEqual({ ...SETTLED, rule, by: 'patience' });
  });

  it.each<[SettlementRule, (sale: TestSale) => SaleFact]>([
    ['payment-intent', ({ session }) => session],
    ['session-completed', ({ intent }) => intent],
  ])('settles under %s at once when Stripe was asked for it', async (rule, of) => {
    const sale = await saleUnder(rule);
    expect(await tell(sale, of(sale), { isLook: true })).toMatchObject({ decision: 'applied' });
    expect(await standing(sale)).toEqual({ ...SETTLED, rule, by: 'look' });
  });

  it('settles at once where there is nothing to wait for: a sale whose page is not known here', async () => {
    const sale = await saleUnder('session-completed');
    await database.db.payment.update({ where: { id: sale.paymentId }, data: { stripeSession: null } });
    expect(await tell(sale, sale.intent)).toMatchObject({ decision: 'applied', reason: 'settled' });
    expect(await standing(sale)).toMatchObject(SETTLED);
  });

  it.each<SettlementRule>(['settled-fact', 'payment-intent', 'session-completed'])(
    'unpaid never settles by %s, however long it waits and whoever looks',
    async (rule) => {
      const sale = await saleUnder(rule);
      const unpaid = { ...sale.session, paymentStatus: 'unpaid' as const };
      const processing = { ...sale.intent, status: 'processing' as const };
      for (const fact of [unpaid, processing])
        for (const isLook of [false, true])
          expect(await tell(sale, fact, { isLook })).not.toMatchObject({ reason: 'settled' });
      expect(await standing(sale)).toEqual({ ...OPEN, state: 'processing' });
      expect(await database.db.settlementProof.count({ where: { paymentId: sale.paymentId } })).toBe(0);
    },
  );
});

describe('what is free', () => {
  it.each<SettlementRule>(['settled-fact', 'payment-intent', 'session-completed'])(
    'settles by %s at once, for it has no PaymentIntent',
    async (rule) => {
      const sale = await saleUnder(rule);
      const { session } = sale;
      const free = { ...session, amountDiscount: 1000n, amountTotal: 0n, intentId: undefined };
      expect(await tell(sale, free)).toMatchObject({ decision: 'applied', reason: 'settled' });
      expect(await standing(sale)).toEqual({ ...SETTLED, rule, by: 'rule' });
    },
  );
});

describe('money that is not the sale’s', () => {
  it.each(['first', 'last'])('is kept under session-completed when it comes %s', async (when) => {
    const sale = await saleUnder('session-completed');
    const other = { ...sale.intent, id: `${sale.intent.id}b`, chargeId: undefined };
    const told = when === 'first' ? [other, sale.session, other] : [sale.session, other];
    for (const fact of told) await tell(sale, fact);
    const seconds = await database.db.payment.findMany({ where: { secondOfId: sale.paymentId } });
    expect(seconds).toMatchObject([{ state: 'review', moneyObject: other.id, reviewReason: 'paid_twice' }]);
    expect(await standing(sale)).toMatchObject(SETTLED);
  });

  it('in doubt goes to review by the rule too, and is granted by none', async () => {
    const sale = await saleUnder('payment-intent');
    const odd = { ...sale.session, amountSubtotal: 999n };
    expect(await tell(sale, odd)).toMatchObject({ outcome: 'waits' });
    await waitPatiently(sale);
    expect(await tell(sale, odd)).toMatchObject({ outcome: 'quarantined', code: 'amount_differs' });
    expect(await standing(sale)).toMatchObject({ state: 'review', grants: 0 });
  });
});

describe('a switch in mid-flight', () => {
  it('rolled back holds from the next fact on', async () => {
    const sale = await makeSale(database.db);
    await change(sale, { change: 'try', candidate: 'payment-intent', percentage: 100 });
    expect(await tell(sale, sale.session)).toMatchObject({ outcome: 'waits' });
    await change(sale, { change: 'roll_back' });
    expect(await tell(sale, sale.session)).toMatchObject({ decision: 'applied', reason: 'settled' });
    expect(await standing(sale)).toEqual({ ...SETTLED, rule: 'settled-fact', by: 'rule' });
  });

  it('between two facts at once grants once', async () => {
    const sale = await makeSale(database.db);
    await change(sale, { change: 'try', candidate: 'session-completed', percentage: 100 });
    await Promise.all([
      ...[sale.intent, sale.session, sale.intent, sale.session].map((fact) => tell(sale, fact)),
      change(sale, { change: 'roll_back' }),
    ]);
    expect(await standing(sale)).toMatchObject(SETTLED);
  });

  it('is audited and mailed to every admin', async () => {
    const sale = await makeSale(database.db);
    await database.db.user.create({
      data: {
        ...{ id: `usr_${sale.customerId}`, email: `${sale.customerId}@admins.test`, name: 'Admin' },
        ...{ passwordHash: 'none', role: 'admin' },
      },
    });
    await change(sale, { change: 'try', candidate: 'payment-intent', percentage: 5 });
    expect(await change(sale, { change: 'roll_back' })).toMatchObject({ outcome: 'set' });
    const where = { subject: sale.context.realmId };
    expect(await database.db.audit.findMany({ where, orderBy: { seq: 'asc' } })).toMatchObject([
      { act: 'settlement.changed', actor: 'usr_1', reason: 'planned' },
      { act: 'settlement.rolled_back', actor: 'usr_1', reason: 'planned' },
    ]);
    const mails = await database.db.mail.findMany({ where: { recipient: `${sale.customerId}@admins.test` } });
    expect(mails.map(({ subject }) => subject)).toEqual(
      Array(2).fill('The rule by which payments settle was changed'),
    );
  });
});

describe('what each rule would have decided', () => {
  it('is kept by the first time of each proof, in one row', async () => {
    const sale = await makeSale(database.db);
    for (const fact of [sale.intent, sale.session, sale.intent, sale.session]) await tell(sale, fact);
    const proof = await database.db.settlementProof.findUniqueOrThrow({
      where: { paymentId: sale.paymentId },
    });
    expect(proof).toMatchObject({ rule: 'settled-fact', settledBy: 'rule', isFree: false, lookedAt: null });
    const { provenAt, intentAt, sessionAt, settledAt } = proof;
    expect([intentAt, settledAt]).toEqual([provenAt, provenAt]);
    expect(sessionAt?.getTime()).toBeGreaterThan(provenAt.getTime());
  });
});
