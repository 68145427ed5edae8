import { randomUUID } from 'node:crypto';

import { beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';

import { closeDb, createDb, inTransaction } from '~/platform/db.server';
import { minutes, seconds } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { Prisma } from '../../../prisma/generated/client';
import { type CallFilters, listCalls } from './list-calls.server';
import { listCustomers } from './list-customers.server';
import { deliveryFilters, listDeliveries } from './list-deliveries.server';
import { eventFilters, listEvents } from './list-events.server';
import { listPayments, paymentFilters } from './list-payments.server';
import { readOverview } from './read-overview.server';
import { makeRealm, realmRef } from './testing/console-data';

const FIRST = { direction: 'first' } as const;
const NOW = new Date('2026-11-21T12:00:00Z');

/**
 * Postgres itself counts what is read from each table without an index, so that what is asked here is what the pages
 * ask, down to the last parameter, and not a copy of it. A count that stops at its limit may read the first rows.
 */
describe('on twenty thousand payments', () => {
  const test = useTestDatabase();
  let realmId = '';

  beforeAll(async () => {
    const { db } = test;
    realmId = await makeRealm(db);
    const rows: Prisma.Sql[] = [
      Prisma.sql`
      INSERT INTO customer (id, email, name, created_at)
      SELECT 'cst_' || n, 'user' || md5(n::text) || '@example.test', 'Name ' || md5((n * 7)::text), ${NOW}::timestamptz - n * interval '4 minutes'
      FROM generate_series(1, 8000) n`,
      Prisma.sql`
      INSERT INTO payment (id, realm, customer, kind, credits, currency, amount_subtotal, amount_paid, state, review_reason,
        stripe_session, stripe_intent, stripe_charge, stripe_invoice, money_object, card, created_at, paid_at)
      SELECT 'pay_' || n, ${realmId}, 'cst_' || (1 + n % 8000), (CASE WHEN n % 5000 = 0 THEN 'topup' ELSE 'pack' END)::payment_kind, 500,
        CASE WHEN n % 9000 = 0 THEN 'jpy' ELSE 'usd' END, 500 + n % 900, CASE WHEN s.state = 'paid' THEN 500 + n % 900 END, s.state,
        CASE WHEN s.state = 'review' THEN 'paid_twice' END, 'cs_' || n, 'pi_' || n, 'ch_' || n, 'in_' || n,
        CASE WHEN s.state = 'paid' THEN 'pi_' || n END, 'visa •••• ' || lpad((n % 10000)::text, 4, '0'),
        ${NOW}::timestamptz - n * interval '15 minutes', CASE WHEN s.state = 'paid' THEN ${NOW}::timestamptz - n * interval '15 minutes' END
      FROM generate_series(1, 20000) n,
        LATERAL (SELECT (CASE WHEN n % 4000 = 0 THEN 'review' WHEN n % 700 = 0 THEN 'failed' WHEN n % 10 = 0 THEN 'expired' ELSE 'paid' END)::payment_state AS state) s`,
      Prisma.sql`
      INSERT INTO event (realm, id, type, object_id, created, payload, sha, received_at, status, decision, decided_at, tries, source)
      SELECT ${realmId}, 'evt_' || n, CASE WHEN n % 3000 = 0 THEN 'invoice.paid' ELSE 'payment_intent.succeeded' END, 'pi_' || n,
        ${NOW}::timestamptz, '{}', '\\x00', ${NOW}::timestamptz - n * interval '15 minutes',
        (CASE WHEN n % 5000 = 0 THEN 'dead' ELSE 'done' END)::event_status, (CASE WHEN n % 5000 <> 0 THEN CASE WHEN n % 4000 = 0 THEN 'stale' ELSE 'applied' END END)::event_decision,
        ${NOW}::timestamptz, 1, (CASE WHEN n % 7000 = 0 THEN 'catch_up' ELSE 'delivery' END)::event_source
      FROM generate_series(1, 20000) n`,
      Prisma.sql`
      INSERT INTO delivery (realm, event, event_type, at, verdict, status, path, bytes, ms)
      SELECT ${realmId}, 'evt_' || n, 'x', ${NOW}::timestamptz - n * interval '15 minutes',
        (CASE WHEN n % 6000 = 0 THEN 'stale' ELSE 'first' END)::delivery_verdict, 200, '/webhooks/stripe', 1, 1
      FROM generate_series(1, 20000) n`,
      Prisma.sql`
      INSERT INTO payment_change (payment, n, "to", reason, cause)
      SELECT 'pay_' || n, 1, 'created', 'x', 'event:evt_' || n FROM generate_series(1, 8000) n`,
      Prisma.sql`
      INSERT INTO stripe_call (id, realm, kind, purpose, attempt, key, body, state, request_id, created_at)
      SELECT 'scl_' || n, ${realmId}, 'checkout_session.create', 'pay_' || n, 1, 'pay_' || n || '.1', '{}',
        (CASE WHEN n % 5000 = 0 THEN 'open' ELSE 'refused' END)::stripe_call_state, 'req_S' || n, ${NOW}::timestamptz - n * interval '15 minutes'
      FROM generate_series(1, 8000) n`,
    ];
    // Rows that agree with each other need no trigger that says so for each.
    for (const statement of rows) {
      await inTransaction(db, 'many rows', async (tx) => {
        await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
        await tx.$executeRaw(statement);
      });
    }
    await db.$executeRaw`VACUUM ANALYZE`;
  }, minutes(3));

  /** Tables read from end to end while `act` runs, in a session of its own whose counters are there at its end. */
  async function scannedBy(act: (db: typeof test.db) => Promise<unknown>): Promise<string[]> {
    const before = await readInSequence();
    const name = `scan_${randomUUID().slice(0, 8)}`;
    const own = createDb(`${test.url}?application_name=${name}`);
    await act(own);
    await closeDb(own);
    // A backend hands in its counters as it ends, a moment after the client left.
    await vi.waitFor(
      async () => {
        const here = await test.db.$queryRaw`SELECT 1 FROM pg_stat_activity WHERE application_name = ${name}`;
        expect(here).toEqual([]);
      },
      { timeout: seconds(20) },
    );
    const after = await readInSequence();
    return [...after].flatMap(([table, { rows, read }]) =>
      rows > 0n && read - (before.get(table)?.read ?? 0n) >= rows ? [table] : [],
    );
  }

  const counters = z.array(z.object({ table: z.string(), rows: z.bigint(), read: z.bigint() }));

  /** How many rows each table has, and how many were ever read from it without an index. */
  async function readInSequence() {
    await test.db.$queryRaw`SELECT pg_stat_clear_snapshot()::text`;
    const found = await test.db.$queryRaw`
      SELECT s.relname AS table, greatest(c.reltuples, 0)::bigint AS rows, s.seq_tup_read AS read
      FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid WHERE c.reltuples > 1000`;
    return new Map(counters.parse(found).map(({ table, ...counted }) => [table, counted]));
  }

  const payments = (query: string) => (db: typeof test.db) =>
    listPayments(db, paymentFilters(new URLSearchParams(query), [realmRef(realmId)], realmId), FIRST);

  it.each([
    '',
    'state=review',
    'state=review&state=failed',
    'kind=topup',
    'currency=jpy',
    'reason=paid_twice',
    'reason=paid_twice&reason=amount_differs&state=review&state=paid&state=failed&currency=usd&currency=jpy&currency=eur&currency=gbp&currency=chf',
    'since=2026-11-20',
    'settled=2026-11-20&settledUntil=2026-11-20',
    'q=user5',
    'q=f3c1',
    'q=nobody-has-this',
    'q=pay_77',
    'q=pi_77',
    'q=cs_77',
    'q=ch_77',
    'q=in_77',
    'q=evt_77',
    'q=scl_77',
    'q=req_S77',
    'q=0077',
    'q=%247.77',
    'q=1234567',
    'q=lot_none',
    'q=txf_none',
  ])('payments by “%s” read no table from end to end', async (query) => {
    expect(await scannedBy(payments(query))).toEqual([]);
  });

  it.each([
    '',
    'status=dead',
    'status=done',
    'type=invoice.paid',
    'decision=stale',
    'source=catch_up',
    'object=pi_77',
  ])('events by “%s” read no table from end to end', async (query) => {
    const filters = eventFilters(new URLSearchParams(query), [realmRef(realmId)], realmId);
    expect(await scannedBy((db) => listEvents(db, filters, FIRST))).toEqual([]);
  });

  it('deliveries, calls and customers neither', async () => {
    const known = [realmRef(realmId)];
    const refused = deliveryFilters(new URLSearchParams('verdict=stale'), known, realmId, NOW);
    const open: CallFilters = { realmIds: [realmId], states: ['open'], since: undefined, until: undefined };
    const scanned = await scannedBy(async (db) => {
      await listDeliveries(db, refused, FIRST);
      await listCalls(db, open, FIRST);
      await listCustomers(db, { text: 'f3c1', states: [] }, 'test', FIRST);
    });
    expect(scanned).toEqual([]);
  });

  it('nor the overview', async () => {
    expect(await scannedBy((db) => readOverview(db, realmRef(realmId), NOW))).toEqual([]);
  });

  it('tells the length of a long list as about, and of a short one exactly', async () => {
    const all = await payments('')(test.db);
    expect(all.count.isExact).toBe(false);
    expect(all.count.n).toBeGreaterThan(18_000);
    expect((await payments('state=review')(test.db)).count).toEqual({ n: 5, isExact: true });
  });
});
