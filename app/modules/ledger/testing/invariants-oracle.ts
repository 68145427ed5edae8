import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { BOOKS } from '../shared';
import { assertSame, type Run } from './commands-run';
import { type Kept, must } from './invariants-ledger';
import { transferOf } from './invariants-recount';
import { openDebt, repaid, sum } from './oracle-wallet';
import { type Of } from './commands-resolve';

/** An oracle that was asked the same as the ledger. */
export type Beside = Pick<Run, 'oracle' | 'names' | 'wallets' | 'walletOf' | 'now'>;

/** What the ledger keeps, and the oracle beside it. */
export interface Mirrored extends Kept {
  run: Beside;
}

/** What a run must have kept, and how its reads were answered. */
export interface Agreed extends Kept {
  run: Run;
  /** What the ledger says now of instants that were read while they were the present. */
  past: readonly Balance[];
  /** What it said of instants to come, and what the oracle says of them. */
  future: readonly { said: Balance; expected: Balance }[];
}

const balance = z.object({
  available: z.bigint(),
  held: z.bigint(),
  claimed: z.bigint(),
  debt: z.bigint(),
  seq: z.bigint(),
});
export type Balance = z.infer<typeof balance>;
const rows = z.array(balance);

/** Reads many balances at many instants in one call. */
export async function readBalancesAt(db: Db, asked: readonly (Of & { at: bigint })[]): Promise<Balance[]> {
  const result = await db.$queryRaw`
    SELECT coalesce(b.available, 0) AS available, coalesce(b.held, 0) AS held, coalesce(b.claimed, 0) AS claimed, coalesce(b.debt, 0) AS debt,
      coalesce(b.seq, 0) AS seq
    FROM unnest(${asked.map(({ book }) => book)}::text[], ${asked.map(({ customerId }) => customerId)}::text[],
      ${asked.map(({ at }) => at)}::bigint[]) WITH ORDINALITY AS r (book, customer, at, n)
    LEFT JOIN LATERAL ledger_balance(r.book::mode, r.customer, 'epoch'::timestamptz + r.at * interval '1 microsecond') b ON true
    ORDER BY r.n`;
  return rows.parse(result);
}

const balanceOf = ({ available, held, claimed, debt, seq }: Balance): Balance => ({
  available,
  held,
  claimed,
  debt,
  seq,
});

export function balancesAreTheOracles({ books, run }: Mirrored): void {
  for (const of of run.wallets) {
    const { available, held, claimed, debt, seq } = run.oracle.readBalance(run.now, of);
    const row = books.wallets.find((wallet) => wallet.book === of.book && wallet.customer === of.customerId);
    const got = row ?? { available: 0n, held: 0n, claimed: 0n, debt: 0n, seq: 0n };
    assertSame('balance', balanceOf(got), { available, held, claimed, debt, seq });
  }
}

export function anyPastInstantReadsAsItWasAnsweredThen({ run, past }: Agreed): void {
  for (const [n, read] of run.reads.entries())
    assertSame(`as of ${read.at}`, past[n], balanceOf(read.balance));
}

export function theFutureReadsAsTodaysLotsWillLeaveIt({ future }: Agreed): void {
  for (const { said, expected } of future) assertSame('the future', said, expected);
}

export function everyEntryIsTheOracles({ books, run }: Mirrored): void {
  const transfer = transferOf(books);
  for (const of of run.wallets) {
    const wallet = books.wallets.find((row) => row.book === of.book && row.customer === of.customerId);
    const entries = books.entries.filter((entry) => entry.wallet === wallet?.id);
    const lots = [...new Set(entries.map((entry) => entry.lot).filter((lot) => lot !== null))];
    const got = entries.map((entry) => {
      const { kind, payment } = transfer(entry);
      const { recorded_at: at, from, to, amount } = entry;
      const lot = entry.lot === null ? null : lots.indexOf(entry.lot);
      return {
        at,
        kind,
        from,
        to,
        lot,
        amount,
        paymentId: kind === 'claim' || kind === 'repay' ? payment : null,
      };
    });
    const expected = run.walletOf(of).entries;
    for (const [n, entry] of expected.entries()) assertSame(`entry ${n + 1}`, got[n], entry);
    must(got.length === expected.length, 'the ledger has more entries than the oracle');
  }
}

export function everyLotIsTheOracles({ books, run }: Mirrored): void {
  for (const of of run.wallets) {
    const wallet = books.wallets.find((row) => row.book === of.book && row.customer === of.customerId);
    const rows = books.lots.filter((row) => row.wallet === wallet?.id);
    const lots = run.walletOf(of).lots;
    must(rows.length === lots.length, `${rows.length} lots are not ${lots.length}`);
    for (const [n, lot] of lots.entries()) {
      const row = rows[n];
      if (!row) continue;
      const { kind, priority, promo, granted, available, held, claimed, revoked, expired, moved } = row;
      const parent = row.parent_lot === null ? null : rows.findIndex((other) => other.id === row.parent_lot);
      const terms = { kind, priority, promo, granted, parent, paymentId: row.payment };
      const times = { expiresAt: row.expires_at, createdAt: row.created_at };
      const places = { available, held, claimed, revoked, expired, moved, spent: lot.in.spent };
      const got = { ...terms, ...times, n, in: places, claimedAt: lot.claimedAt };
      assertSame(`lot ${n}`, got, lot);
    }
  }
}

export function everyHoldIsTheOracles({ books, run }: Mirrored): void {
  const rows = new Map(books.holds.map((hold) => [run.names.own(hold.id), hold]));
  const holds = run.wallets.flatMap((of) => run.walletOf(of).holds);
  must(rows.size === holds.length, `${rows.size} holds are not ${holds.length}`);
  for (const { id, amount, state, expiresAt, createdAt } of holds) {
    const row = rows.get(id);
    const got = {
      amount: row?.amount,
      state: row?.state,
      expiresAt: row?.expires_at,
      createdAt: row?.created_at,
    };
    assertSame(id, got, { amount, state, expiresAt, createdAt });
  }
}

export function everyDebtIsTheOracles({ books, run }: Mirrored): void {
  for (const of of run.wallets)
    for (const claim of run.walletOf(of).claims) {
      const row = books.claims.find((one) => one.payment === claim.paymentId);
      const got = { owed: row?.owed, repaid: row?.repaid, open: (row?.owed ?? 0n) - (row?.repaid ?? 0n) };
      assertSame('debt', got, { owed: claim.owed, repaid: repaid(claim), open: openDebt(claim) });
    }
}

const CONSEQUENCES = new Set(['expire', 'release', 'claim']);

export function refusedActsWriteNothingButWhatWasDue({ books, run }: Agreed): void {
  const of = transferOf(books);
  const stood = new Set(
    run.asked.flatMap(({ act, answer }) =>
      act.act !== 'claim' && 'transferId' in answer ? [`${act.book} ${act.key}`] : [],
    ),
  );
  for (const { act, answer, wallet, seqBefore, seqAfter } of run.asked) {
    if (act.act === 'claim' || 'recordedAt' in answer) continue;
    const row = books.wallets.find((one) => one.book === wallet.book && one.customer === wallet.customerId);
    const written = books.entries.filter(
      (entry) => entry.wallet === row?.id && entry.seq > seqBefore && entry.seq <= seqAfter,
    );
    for (const entry of written) {
      const { kind, key } = of(entry);
      must(CONSEQUENCES.has(kind), `${answer.outcome} wrote a ${kind}`);
      must(/^(expire|hold|claim):/.test(key), `${answer.outcome} wrote ${key}`);
    }
    const key = `${act.book} ${act.key}`;
    must(stood.has(key) || !books.transfers.some((one) => `${one.book} ${one.key}` === key), `${key} stands`);
  }
}

/** Each act that stood is one transfer, each of its replays answered the same, and nothing else stands but what followed. */
export function everyActStandsOnce({ books, run }: Agreed): void {
  const firsts = new Map<string, string>();
  for (const { act, answer } of run.asked) {
    if (act.act === 'claim' || !('recordedAt' in answer)) continue;
    const key = `${act.book} ${act.key}`;
    const first = firsts.get(key);
    const said = Object.entries(answer)
      .filter(([name]) => name !== 'outcome')
      .map(String)
      .sort()
      .join();
    if (answer.outcome === 'replayed') must(first === said, `${key} was answered in two ways`);
    else {
      must(first === undefined, `${key} stood twice`);
      firsts.set(key, said);
    }
  }
  const standing = books.transfers.filter(({ key }) => !/^(expire|hold|claim|repay):/.test(key));
  must(standing.length === firsts.size, `${firsts.size} acts stood, and ${standing.length} transfers do`);
  for (const { book, key } of standing) must(firsts.has(`${book} ${key}`), `${key} was never asked`);
}

export function testCreditsNeverReachLive({ recount, run }: Agreed): void {
  for (const book of BOOKS) {
    const asked = run.asked.filter(({ act }) => act.book === book);
    const added = asked.map(({ act, answer: { outcome } }) => {
      if (act.act === 'grant' && outcome === 'granted') return act.amount;
      if (act.act !== 'adjust' || outcome !== 'adjusted') return 0n;
      return act.direction === 'add' ? act.amount : -act.amount;
    });
    const issued = [...recount.accounts].filter(([name]) => name.startsWith(`${book} issued.`));
    const total = sum(issued.map(([, amount]) => -amount));
    must(total === sum(added), `${book} issued ${total} and was asked for ${sum(added)}`);
  }
}
