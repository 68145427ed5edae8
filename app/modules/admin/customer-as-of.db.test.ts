import { beforeAll, describe, expect, it } from 'vitest';

import {
  adjust,
  capture,
  grant,
  hold,
  readBalance,
  reverse,
  settleClaim,
  spend,
} from '~/modules/ledger/index.server';
import { type Db, inTransaction } from '~/platform/db.server';
import { days, hours } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { readCustomer, statementQuery } from './read-customer.server';
import { type CustomerView } from './shared';
import { makeCustomer, makePayment, makeRealm, paid } from './testing/console-data';

const test = useTestDatabase();

const query = (at: string | undefined) => ({ book: 'test', before: undefined, at }) as const;

async function show(customerId: string, at?: string): Promise<CustomerView> {
  const view = await readCustomer(test.db, customerId, query(at));
  if (view === undefined) throw new Error(`No customer ${customerId}.`);
  return view;
}

const sums = ({ lots }: CustomerView) => ({
  available: lots.reduce((sum, lot) => sum + lot.available, 0n),
  held: lots.reduce((sum, lot) => sum + lot.held, 0n),
  claimed: lots.reduce((sum, lot) => sum + lot.claimed, 0n),
});

/** The ledger's clock runs ahead of the world's by so much, in this file's database. */
const runAhead = (db: Db, ms: number) =>
  db.$executeRawUnsafe(`CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    $$ SELECT clock_timestamp() + interval '${ms} milliseconds' $$`);

/** The database's own clock, to the microsecond, `ms` from now. */
async function instant(ms = 0): Promise<string> {
  const rows = await test.db.$queryRaw<{ at: string }[]>`
    SELECT to_char((ledger_now() + ${ms} * interval '1 millisecond') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`;
  return rows[0]?.at ?? '';
}

async function makeWallet(): Promise<{
  customerId: string;
  paymentId: string;
  asked: { book: 'test'; customerId: string; actor: string };
}> {
  const realmId = await makeRealm(test.db);
  const customerId = await makeCustomer(test.db);
  const paymentId = await makePayment(test.db, { realmId, customerId, ...paid(new Date()), credits: 100n });
  await inTransaction(test.db, 'grant', async (tx) => {
    const terms = {
      book: 'test',
      customerId,
      lotKind: 'pack',
      actor: 'test',
      occurredAt: new Date(),
    } as const;
    await grant(tx, {
      ...terms,
      key: `grant:${paymentId}`,
      amount: 100n,
      paymentId,
      expiresAt: new Date(Date.now() + days(30)),
    });
    await grant(tx, {
      ...terms,
      key: `a:${customerId}`,
      amount: 20n,
      lotKind: 'promo',
      expiresAt: new Date(Date.now() + hours(3)),
    });
  });
  return { customerId, paymentId, asked: { book: 'test', customerId, actor: 'test' } };
}

describe("a customer's page as of an instant", () => {
  beforeAll(() => runAhead(test.db, 0));

  it('shows the balances, lots and lines that were answered then, after each act of many', async () => {
    const { customerId, paymentId, asked } = await makeWallet();
    const answered: [string, Awaited<ReturnType<typeof readBalance>>][] = [];
    const note = async () => {
      answered.push([await instant(), await readBalance(test.db, { book: 'test', customerId })]);
    };
    await note();
    const spent = await spend(test.db, { ...asked, key: 'spend:1', amount: 30n, reason: 'first' });
    await note();
    const held = await hold(test.db, { ...asked, key: 'hold:1', amount: 25n });
    await note();
    const claim = {
      paymentId,
      gone: { refund: 10n, dispute: 0n },
      pending: 15n,
      owing: 0n,
      actor: 'test',
      occurredAt: new Date(),
    };
    await inTransaction(test.db, 'claim', (tx) => settleClaim(tx, claim));
    await note();
    if (held.outcome !== 'held' || spent.outcome !== 'spent') throw new Error('not held or not spent');
    await capture(test.db, { ...asked, key: 'capture:1', holdId: held.holdId, amount: 5n });
    await note();
    await reverse(test.db, { ...asked, key: 'reverse:1', transferId: spent.transferId });
    await note();
    await inTransaction(test.db, 'adjust', (tx) =>
      adjust(tx, {
        ...asked,
        key: 'adjust:1',
        direction: 'subtract',
        amount: 4n,
        expiresAt: null,
        reason: 'mistake',
      }),
    );
    await note();

    expect(new Set(answered.map(([, { seq }]) => seq)).size).toBe(answered.length);
    for (const [at, then] of answered) {
      const view = await show(customerId, at);
      expect(view.balances).toMatchObject([{ book: 'test', ...then }]);
      expect(sums(view)).toEqual({ available: then.available, held: then.held, claimed: then.claimed });
      expect(view.statement.lines[0]?.seq).toBe(then.seq);
      expect(view.asOf).toEqual({ at, isAhead: false });
      expect(view.holds).toEqual([]);
    }
    const now = await show(customerId);
    expect(now.asOf).toBeUndefined();
    expect(sums(now).available).toBe(answered.at(-1)?.[1].available);
    expect(now.holds.length).toBeGreaterThan(0);
  });

  it('ahead shows what today’s lots and holds leave by then, in the order of their spending', async () => {
    const { customerId, asked } = await makeWallet();
    await hold(test.db, { ...asked, key: `hold:${customerId}`, amount: 50n, expiresIn: hours(2) });
    const soon = await show(customerId, await instant(hours(2.5)));
    expect(soon.asOf?.isAhead).toBe(true);
    expect(soon.balances).toMatchObject([{ available: 120n, held: 0n }]);
    expect(soon.lots.map(({ kind, available, turn }) => [kind, available, turn])).toEqual([
      ['promo', 20n, 1],
      ['pack', 100n, 2],
    ]);
    const later = await show(customerId, await instant(days(1)));
    expect(later.balances).toMatchObject([{ available: 100n, held: 0n }]);
    expect(later.lots.map(({ kind, available, turn }) => [kind, available, turn])).toEqual([
      ['pack', 100n, 1],
      ['promo', 0n, null],
    ]);
    expect(later.statement.lines).toHaveLength(4);
    expect((await show(customerId, await instant(days(31)))).balances).toMatchObject([{ available: 0n }]);
  });

  it('counts a hold that was over as given back, although that was booked later', async () => {
    const { customerId, asked } = await makeWallet();
    await hold(test.db, { ...asked, key: `hold:${customerId}`, amount: 50n, expiresIn: hours(1) });
    const between = await instant(hours(2));
    await runAhead(test.db, hours(2.5));
    await spend(test.db, { ...asked, key: `spend:${customerId}`, amount: 60n });
    await runAhead(test.db, hours(2.6));
    const view = await show(customerId, between);
    expect(view.balances).toMatchObject([{ available: 120n, held: 0n }]);
    expect(sums(view)).toEqual({ available: 120n, held: 0n, claimed: 0n });
    await runAhead(test.db, 0);
  });

  it('before the first credit shows none, and says so for a wallet that was never there', async () => {
    const { customerId } = await makeWallet();
    const before = await show(customerId, '2020-01-01T00:00:00.000000Z');
    expect(before).toMatchObject({
      balances: [{ available: 0n, seq: 0n }],
      lots: [],
      statement: { lines: [] },
    });
    const nobody = await makeCustomer(test.db);
    expect(await show(nobody, await instant())).toMatchObject({
      balances: [{ walletId: null, available: 0n }],
    });
  });

  it('pages on from line to line and never shows one that came later', async () => {
    const { customerId, asked } = await makeWallet();
    for (let n = 0; n < 30; n += 1) await spend(test.db, { ...asked, key: `${customerId}:${n}`, amount: 1n });
    const at = await instant();
    await spend(test.db, { ...asked, key: `${customerId}:later`, amount: 1n });
    const first = await show(customerId, at);
    expect(first.statement.lines.map(({ seq }) => Number(seq))).toEqual(
      Array.from({ length: 25 }, (_, n) => 32 - n),
    );
    const view = await readCustomer(test.db, customerId, { ...query(at), before: first.statement.next });
    expect(view?.statement.lines.map(({ seq }) => Number(seq))).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });
});

it.each([
  ['', undefined, undefined],
  ['at=2026-11-21T18:00', '2026-11-21T18:00:00.000000Z', undefined],
  ['at=2026-11-21T18:00:05', '2026-11-21T18:00:05.000000Z', undefined],
  ['at=2026-11-21T18:00:00.123456Z', '2026-11-21T18:00:00.123456Z', undefined],
  ['at=2026-11-21T18:00:00%2B01:00', '2026-11-21T17:00:00.000000Z', undefined],
  ['at=yesterday', undefined, 'yesterday'],
])('the address “%s” asks for an instant in UTC, or is told that it is none', (search, at, noInstant) => {
  expect(statementQuery(new URLSearchParams(search), 'test')).toEqual({
    book: 'test',
    before: undefined,
    at,
    noInstant,
  });
});
