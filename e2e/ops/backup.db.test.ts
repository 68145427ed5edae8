import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { ledgerCommand } from '../../app/cli/ledger-command';
import { migrateDatabase } from '../../app/cli/migrate-database';
import { verifyCommand } from '../../app/cli/verify-command';
import { spend } from '../../app/modules/ledger/index.server';
import { drivenInbox, type DrivenInbox } from '../../app/modules/payments/testing/driven-inbox';
import { repairFinding } from '../../app/modules/reconciliation/index.server';
import { assignEvent, catchUp } from '../../app/modules/webhooks/index.server';
import { closeDb, createDb, type Db } from '../../app/platform/db.server';
import { days, utcDay } from '../../app/platform/time';
import { later, reconcilerAt, run } from '../money/testing/reconciling';
import { by } from '../money/testing/reconciling-shop';
import { openShop, type Shop } from '../money/testing/sandbox-shop';
import { clientFor } from '../stripe-sandbox/testing/under-test';
import { type ArchivedPostgres, startArchivedPostgres } from './testing/archived-postgres';

/** What a team pack grants. */
const PACK = 2_500n;
const ALREADY_OVER = utcDay(new Date(Date.now() - days(2)));
const finance = { ...by, role: 'finance' } as const;

/** Ids of payments, by when they were sold and heard of beside the copy and the moment of the restore. */
interface Sold {
  /** Two days ago; then 300 credits were spent. */
  old: string;
  whileCopied: string[];
  afterTheCopy: string;
  /** Its page was open at the moment, and is paid since. Nothing of it was heard. */
  paidSince: string;
  /** The same, and it was granted here before the server was lost. */
  grantedSince: string;
  /** Made, paid and granted since, by a customer from before. */
  madeSince: string;
  /** Granted before, and refunded by the Dashboard since. */
  refundedSince: string;
}

let postgres: ArchivedPostgres;
let shop: Shop;
let sold: Sold;
let customers: Map<string, string>;
let root = '';
let refundId = '';
let lostIntent = '';
let versionId = '';
/** The restored database. */
let url = '';
let db: Db;
let inbox: DrivenInbox;

const spendOf = (on: Db, paymentId: string, key: string, amount: bigint) =>
  spend(on, {
    ...{ book: 'test', customerId: customers.get(paymentId) ?? 'none', amount },
    ...{ key: `api:product:${key}`, actor: 'api:product' },
  });

async function said(work: (say: (line: string) => void) => Promise<void>): Promise<string> {
  const lines: string[] = [];
  vi.stubEnv('DATABASE_URL', url);
  await work((line) => lines.push(line)).finally(() => vi.unstubAllEnvs());
  return lines.join('\n');
}

/** Runs in the past by the ledger's clock. */
async function twoDaysAgo<T>(on: Db, work: () => Promise<T>): Promise<T> {
  const clock = (expression: string) =>
    on.$executeRawUnsafe(
      `CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT ${expression} $$`,
    );
  await clock(`clock_timestamp() - interval '2 days'`);
  return work().finally(() => clock('clock_timestamp()'));
}

/** All that Credence does with the server that is lost. @returns the moment to which it is restored */
async function liveAndLose(lost: Db): Promise<string> {
  customers = new Map();
  const driven = drivenInbox(lost, shop.realm, shop.reader);
  const open = async (customer?: Awaited<ReturnType<Shop['newCustomer']>>): Promise<string> => {
    const of = customer ?? (await shop.newCustomer());
    const { paymentId } = await shop.checkout(of);
    customers.set(paymentId, of.id);
    return paymentId;
  };
  const hear = async (paymentId: string): Promise<string> => {
    await shop.pay(paymentId);
    for (const event of await shop.eventsOf(paymentId)) await driven.deliver(event);
    await driven.settle();
    return paymentId;
  };

  const loyal = await shop.newCustomer();
  const old = await twoDaysAgo(lost, async () => {
    const paymentId = await hear(await open(loyal));
    await spendOf(lost, paymentId, 'before', 300n);
    return paymentId;
  });
  const refundedSince = await hear(await open());
  url = postgres.url;
  root = (await said((say) => ledgerCommand(ofThatDay(), say))).slice(0, 64);

  const whileCopied: string[] = [];
  let isCopied = false;
  const copying = postgres.copy().finally(() => (isCopied = true));
  do whileCopied.push(await hear(await open()));
  while (!isCopied);
  await copying;
  const afterTheCopy = await hear(await open());
  const [paidSince, grantedSince] = [await open(), await open()];
  const [{ at }] = await lost.$queryRaw<[{ at: string }]>`SELECT clock_timestamp()::text AS at`;

  await shop.pay(paidSince);
  await hear(grantedSince);
  const madeSince = await hear(await open(loyal));
  await spendOf(lost, old, 'since', 100n);
  lostIntent = await shop.intentOf(madeSince);
  const refund = { payment_intent: await shop.intentOf(refundedSince) };
  refundId = (await stripe().refunds.create(refund)).id;
  const made = await lost.payment.findUniqueOrThrow({ where: { id: madeSince } });
  versionId = made.versionId ?? 'none';
  sold = { old, whileCopied, afterTheCopy, paidSince, grantedSince, madeSince, refundedSince };
  return at;
}

const stripe = () => clientFor(shop.sandbox.url, { key: shop.settings.secretKey });
const ofThatDay = (...more: string[]) => ['root', '--day', ALREADY_OVER, '--book', 'test', ...more];

beforeAll(async () => {
  postgres = await startArchivedPostgres();
  await migrateDatabase(postgres.url);
  const lost = createDb(postgres.url);
  shop = await openShop(lost);
  const at = await liveAndLose(lost).finally(() => closeDb(lost));
  ({ url } = await postgres.restoreTo(at));
  db = createDb(url);
  inbox = drivenInbox(db, shop.realm, shop.reader);
}, 90_000);
afterAll(async () => {
  await closeDb(db);
  await shop.sandbox.stop();
  await postgres.remove();
}, 30_000);

const stateOf = async (id: string) => (await db.payment.findUnique({ where: { id } }))?.state;
/** Credits of each grant that was ever made for a payment. */
const grantsOf = async (...paymentIds: string[]) => {
  const lots = await db.lot.findMany({ where: { paymentId: { in: paymentIds } }, select: { granted: true } });
  return lots.map(({ granted }) => granted);
};
const deps = () => reconcilerAt(db, shop);
const standing = async () => (await run(deps())).standing;
/** Everything of Stripe's that settled, on the database by now. */
const catchUpAll = async () => {
  const found = await catchUp(db, shop.settings, { realm: shop.realm, now: later() });
  await inbox.settle();
  return found;
};

describe('a server that is lost, restored to a moment', () => {
  it('stands as it stood then: nothing to migrate, all of it verifies, and a day’s root is the one noted before', async () => {
    expect(await migrateDatabase(url)).toEqual([]);
    expect(await said(verifyCommand)).toBe('Ledger and audit are intact.');
    expect(await said((say) => ledgerCommand(ofThatDay('--expect', root), say))).toContain(
      'It is the expected one',
    );
    const other = said((say) => ledgerCommand(ofThatDay('--expect', 'f'.repeat(64)), say));
    await expect(other).rejects.toThrow('is not what it was');
    for (const there of [sold.old, ...sold.whileCopied, sold.afterTheCopy, sold.refundedSince])
      expect(await stateOf(there)).toBe('paid');
    for (const open of [sold.paidSince, sold.grantedSince]) expect(await stateOf(open)).toBe('open');
    expect(await stateOf(sold.madeSince)).toBeUndefined();
  });

  it('has lost a spend since, which the product repeats under its key: booked once, and older ones no second time', async () => {
    expect(await spendOf(db, sold.old, 'before', 300n)).toMatchObject({ outcome: 'replayed' });
    expect(await spendOf(db, sold.old, 'since', 100n)).toMatchObject({
      ...{ outcome: 'spent', available: PACK - 400n },
    });
    expect(await spendOf(db, sold.old, 'since', 100n)).toMatchObject({ outcome: 'replayed' });
  });

  it('is told by the reconciliation what it lacks; what is repaired is granted once', async () => {
    expect(await standing()).toEqual(
      [
        `paid_not_granted ${sold.paidSince}`,
        `paid_not_granted ${sold.grantedSince}`,
        `refunded_not_revoked ${refundId}`,
        `unknown_money ${lostIntent}`,
      ].sort(),
    );
    const { id } = await db.finding.findFirstOrThrow({ where: { subject: sold.paidSince } });
    expect(await repairFinding(deps(), { findingId: id, ...by })).toEqual({
      outcome: 'repaired',
      by: 'this',
    });
    expect(await grantsOf(sold.paidSince)).toEqual([PACK]);
  });

  it('catches up what Stripe told meanwhile: each payment whose row is there has its credits once', async () => {
    expect(await catchUpAll()).toBeGreaterThanOrEqual(6);
    const there = [...sold.whileCopied, sold.old, sold.afterTheCopy, sold.paidSince, sold.grantedSince];
    expect(await grantsOf(...there)).toEqual(there.map(() => PACK));
    expect(await standing()).toEqual([`unknown_money ${lostIntent}`]);
    const { available } = await db.wallet.findFirstOrThrow({
      where: { customerId: customers.get(sold.refundedSince) ?? 'none' },
    });
    expect(available).toBe(0n);
  });

  it('keeps the money of a payment whose row is lost, until a person gives it to its customer, once', async () => {
    const event = await db.event.findFirstOrThrow({
      where: { type: 'payment_intent.succeeded', objectId: lostIntent },
    });
    expect(event).toMatchObject({ status: 'quarantined', reason: 'unknown_payment' });
    const customerId = customers.get(sold.madeSince) ?? '';
    const assign = () =>
      assignEvent(
        db,
        shop.reader,
        { realmId: shop.realm.id, eventId: event.id, run: event.run, customerId, versionId, quantity: 1 },
        finance,
      );
    const outcomes = (await Promise.all([assign(), assign()])).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['granted', 'moved']);
    await inbox.settle();
    const wallet = await db.wallet.findFirstOrThrow({ where: { customerId } });
    expect(wallet.available).toBe(PACK - 400n + PACK);
  });

  it('ends with each payment that settled at Stripe granted once, and stays so when all is told again', async () => {
    const settled = (await stripe().checkout.sessions.list({ limit: 100 })).data.filter(
      ({ payment_status: status }) => status === 'paid',
    );
    expect(settled).toHaveLength(sold.whileCopied.length + 6);
    const granted = async () =>
      (await db.lot.groupBy({ by: ['paymentId', 'granted'], _count: true })).map(
        ({ granted: credits, _count }) => [credits, _count],
      );
    expect(await granted()).toEqual(settled.map(() => [PACK, 1]));
    await db.catchUp.deleteMany();
    await catchUpAll();
    await inbox.replayAll((await db.event.findMany({ select: { id: true } })).map(({ id }) => id));
    await inbox.settle();
    expect(await granted()).toEqual(settled.map(() => [PACK, 1]));
    // What tells of the lost row's money found the payment that has it now. Its invoice names no money, and is left to a person.
    const left = await db.event.findMany({ where: { status: { not: 'done' } }, orderBy: { type: 'asc' } });
    expect(left.map(({ type, status, reason }) => `${type} ${status} ${reason}`)).toEqual([
      'invoice.paid quarantined unknown_payment',
      'invoice.payment_succeeded quarantined unknown_payment',
    ]);
    expect(await standing()).toEqual([]);
    expect(await said(verifyCommand)).toBe('Ledger and audit are intact.');
  });
});
