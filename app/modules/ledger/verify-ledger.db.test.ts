import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';

import { granted, grantOf, newCustomer, newPayment } from './testing/credits';
import { columnsOf as columnsIn, faultsAfter } from './testing/tamper';
import { verifyLedger } from './verify-ledger.server';

const database = useTestDatabase();

const ENTRIES = 5;
let walletId = '';
let otherWalletId = '';

/** A wallet of five entries, the third of which is a payment's, and another wallet of two. */
beforeAll(async () => {
  const customerId = await newCustomer(database.db);
  const other = await newCustomer(database.db);
  const paymentId = await newPayment(database.db, { customerId, book: 'test', credits: 100n });
  for (let seq = 1; seq <= ENTRIES; seq += 1) {
    const ofPayment = { paymentId, paidMinor: 1000n, currency: 'usd', expiresAt: new Date('2030-01-01') };
    const answer = await granted(database.db, grantOf(customerId, seq === 3 ? ofPayment : {}));
    walletId = answer.walletId;
  }
  for (let seq = 1; seq <= 2; seq += 1) otherWalletId = (await granted(database.db, grantOf(other))).walletId;
});

const intact = async () => expect(await verifyLedger(database.db)).toEqual([]);
beforeEach(intact);
afterEach(intact);

const afterTampering = (...statements: string[]) => faultsAfter(database.db, ...statements);
const columnsOf = (table: string) => columnsIn(database.db, table);

const third = (table: 'transfer' | 'lot') =>
  `id = (SELECT ${table} FROM entry WHERE wallet = '${walletId}' AND seq = 3)`;

describe('an altered entry is named', () => {
  const changes: Record<string, string> = {
    transfer: `(SELECT transfer FROM entry WHERE wallet = '%other' AND seq = 1)`,
    from: `'issued.promo'`,
    to: `'held'`,
    lot: `(SELECT lot FROM entry WHERE wallet = '%wallet' AND seq = 1)`,
    amount: '99',
    available_after: '299',
    held_after: '1',
    claimed_after: '1',
    debt_after: '1',
    lot_available_after: '99',
    lot_held_after: '1',
    lot_claimed_after: '1',
    recorded_at: `recorded_at + interval '1 microsecond'`,
    hash: `sha256('forged')`,
  };

  it('whichever of its columns changed', async () => {
    expect([...Object.keys(changes), 'wallet', 'seq'].sort()).toEqual(await columnsOf('entry'));
    for (const [column, value] of Object.entries(changes)) {
      const sql = value.replace('%other', otherWalletId).replace('%wallet', walletId);
      const faults = await afterTampering(
        `UPDATE entry SET "${column}" = ${sql} WHERE wallet = '${walletId}' AND seq = 3`,
      );
      // A transfer that lost its entry to another wallet's is named there too.
      const ours = faults.filter((fault) => fault.walletId === walletId);
      expect(ours, column).toMatchObject([{ walletId, entrySeq: 3n }]);
    }
  });

  it('when it was moved to another wallet or place', async () => {
    expect(
      await afterTampering(
        `UPDATE entry SET wallet = '${otherWalletId}' WHERE wallet = '${walletId}' AND seq = 3`,
      ),
    ).toEqual(
      expect.arrayContaining([
        { walletId, entrySeq: 4n, fault: 'sequence has a gap' },
        expect.objectContaining({ walletId: otherWalletId, entrySeq: 3n }),
      ]),
    );
    expect(
      await afterTampering(`UPDATE entry SET seq = 99 WHERE wallet = '${walletId}' AND seq = 3`),
    ).toEqual([{ walletId, entrySeq: 4n, fault: 'sequence has a gap' }]);
  });

  it('when it was altered together with its own hash', async () => {
    const faults = await afterTampering(`
      UPDATE entry e SET recorded_at = e.recorded_at, amount = 1, hash = ledger_entry_hash(p.hash, e, x, l)
      FROM entry p, transfer x, lot l
      WHERE e.wallet = '${walletId}' AND e.seq = 3 AND p.wallet = e.wallet AND p.seq = 2 AND x.id = e.transfer AND l.id = e.lot`);
    expect(faults).toMatchObject([{ walletId, entrySeq: 3n }]);
  });
});

describe('a missing or added entry is named', () => {
  it.each([
    [1, 2n, 'sequence has a gap'],
    [3, 4n, 'sequence has a gap'],
    [ENTRIES, 5n, 'entries are missing'],
  ])('when number %i was deleted', async (seq, entrySeq, fault) => {
    expect(await afterTampering(`DELETE FROM entry WHERE wallet = '${walletId}' AND seq = ${seq}`)).toEqual([
      { walletId, entrySeq, fault },
    ]);
  });

  it('when all were deleted', async () => {
    expect(await afterTampering(`DELETE FROM entry WHERE wallet = '${walletId}'`)).toEqual([
      { walletId, entrySeq: 1n, fault: 'entries are missing' },
    ]);
  });

  it('when one was added beyond the head, well hashed', async () => {
    const faults = await afterTampering(
      `INSERT INTO entry
       SELECT wallet, seq + 1, transfer, "from", "to", lot, amount, available_after + amount, held_after, claimed_after, debt_after,
         lot_available_after, lot_held_after, lot_claimed_after, recorded_at, hash
       FROM entry WHERE wallet = '${walletId}' AND seq = ${ENTRIES}`,
      `UPDATE entry e SET hash = ledger_entry_hash(e.hash, e, x, l) FROM transfer x, lot l
       WHERE e.wallet = '${walletId}' AND e.seq = ${ENTRIES + 1} AND x.id = e.transfer AND l.id = e.lot`,
    );
    expect(faults).toEqual([{ walletId, entrySeq: 6n, fault: 'entries stand beyond the head' }]);
  });
});

describe('an altered transfer is named by its entry', () => {
  const changes: Record<string, string> = {
    id: `'txf_forged'`,
    book: `'live'`,
    key: `'forged'`,
    body_hash: `sha256('forged')`,
    kind: `'adjust'`,
    wallet: `'%other'`,
    amount: '99',
    payment: 'NULL',
    hold: `'hld_forged'`,
    actor: `'someone else'`,
    reason: `'another reason'`,
    occurred_at: `occurred_at + interval '1 microsecond'`,
    recorded_at: `recorded_at + interval '1 microsecond'`,
    reverses: `'txf_forged'`,
  };

  it('whichever of its columns changed', async () => {
    expect(Object.keys(changes).sort()).toEqual(await columnsOf('transfer'));
    for (const [column, value] of Object.entries(changes)) {
      const faults = await afterTampering(
        `UPDATE transfer SET ${column} = ${value.replace('%other', otherWalletId)} WHERE ${third('transfer')}`,
      );
      const ours = faults.filter((fault) => fault.walletId === walletId);
      expect(ours, column).toMatchObject([{ entrySeq: 3n }]);
    }
  });

  it('when it was deleted, and when one stands without an entry', async () => {
    expect(await afterTampering(`DELETE FROM transfer WHERE ${third('transfer')}`)).toEqual([
      { walletId, entrySeq: 3n, fault: 'transfer is missing' },
    ]);
    expect(
      await afterTampering(`
        INSERT INTO transfer (id, book, key, body_hash, kind, wallet, amount, actor, occurred_at, recorded_at)
        VALUES ('txf_forged', 'test', 'forged', '', 'grant', '${walletId}', 1, 'someone', now(), now())`),
    ).toMatchObject([{ walletId, fault: 'transfer has no entry' }]);
  });
});

describe('an altered lot is named by its entry', () => {
  const changes: Record<string, string> = {
    id: `'lot_forged'`,
    wallet: `'%other'`,
    kind: `'promo'`,
    priority: '1',
    promo: 'true',
    expires_at: `'infinity'`,
    granted: '1000',
    available: '99',
    held: '1, available = 99',
    claimed: '1, available = 99',
    revoked: '1, available = 99',
    expired: '1, available = 99',
    moved: '1, available = 99',
    payment: 'NULL',
    paid_minor: '1',
    currency: `'eur'`,
    parent_lot: `'lot_forged'`,
    net_minor: '1',
    root_lot: `'lot_forged'`,
    created_at: `created_at - interval '1 day'`,
  };
  /** A lot that holds credits cannot be closed: the database refuses it. */
  const guarded = ['open'];

  it('whichever of its columns changed', async () => {
    expect([...Object.keys(changes), ...guarded].sort()).toEqual(await columnsOf('lot'));
    for (const [column, value] of Object.entries(changes)) {
      const faults = await afterTampering(
        `UPDATE lot SET ${column} = ${value.replace('%other', otherWalletId)} WHERE ${third('lot')}`,
      );
      const ours = faults.filter((fault) => fault.walletId === walletId);
      expect(ours, column).toMatchObject([{ entrySeq: 3n }]);
    }
  });

  it('when one gives what another takes, and when one stands without an entry', async () => {
    const swap = `
      UPDATE lot SET granted = granted + 50, available = available + CASE WHEN ${third('lot')} THEN 50 ELSE -50 END
      WHERE id IN (SELECT lot FROM entry WHERE wallet = '${walletId}' AND seq IN (3, 4))`;
    expect(await afterTampering(swap)).toMatchObject([{ walletId, entrySeq: 3n }]);
    const forged = `
      INSERT INTO lot (id, wallet, kind, priority, promo, granted, available, created_at)
      VALUES ('lot_forged', '${walletId}', 'manual', 50, false, 5, 5, now())`;
    expect(await afterTampering(forged)).toMatchObject([{ walletId, fault: 'lot has no entry' }]);
  });

  it('when its counts no longer add up to what was granted', async () => {
    for (const column of ['revoked', 'expired', 'moved'])
      expect(
        await afterTampering(`
          UPDATE lot SET ${column} = 1, granted = granted + 1 WHERE ${third('lot')}`),
        column,
      ).toMatchObject([{ walletId, entrySeq: 3n }]);
  });
});

describe('an altered wallet is named', () => {
  const changes: Record<string, [value: string, entrySeq: bigint]> = {
    book: [`'live'`, 1n],
    customer: [`'cst_forged'`, 1n],
    available: ['available - 1', 5n],
    held: ['1', 5n],
    claimed: ['1', 5n],
    debt: ['1', 5n],
    seq: ['seq - 1', 5n],
    head: [`sha256('forged')`, 5n],
    last_at: [`last_at - interval '1 microsecond'`, 5n],
    due_at: [`'infinity'`, 5n],
    frozen_at: ['now()', 5n],
  };
  const outside = ['created_at', 'watch_below'];

  it('whichever of its columns changed', async () => {
    expect([...Object.keys(changes), ...outside, 'id'].sort()).toEqual(await columnsOf('wallet'));
    for (const [column, [value, entrySeq]] of Object.entries(changes)) {
      const faults = await afterTampering(`UPDATE wallet SET ${column} = ${value} WHERE id = '${walletId}'`);
      expect(faults, column).toMatchObject([{ walletId, entrySeq }]);
    }
  });

  it('when it vanished from under its entries', async () => {
    expect(await afterTampering(`DELETE FROM wallet WHERE id = '${walletId}'`)).toEqual([
      { walletId, entrySeq: 1n, fault: 'wallet is missing' },
    ]);
    const renamed = await afterTampering(`UPDATE wallet SET id = 'wal_forged' WHERE id = '${walletId}'`);
    expect(renamed).toEqual(
      expect.arrayContaining([
        { walletId, entrySeq: 1n, fault: 'wallet is missing' },
        { walletId: 'wal_forged', entrySeq: 1n, fault: 'entries are missing' },
      ]),
    );
  });
});

it('looks only at the wallets it is asked for', async () => {
  const [first, last] = [walletId, otherWalletId].sort();
  let found: string[][] = [];
  const undo = new Error('undo');
  await inTransaction(database.db, 'tamper', async (tx) => {
    await tx.$executeRaw`UPDATE wallet SET head = sha256('forged')`;
    const ask = async (range: { from?: string; to?: string }) =>
      (await verifyLedger(tx, range)).map((fault) => fault.walletId);
    found = [await ask({}), await ask({ from: last ?? '' }), await ask({ to: first ?? '' })];
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  expect(found).toEqual([[first, last], [last], [first]]);
});
