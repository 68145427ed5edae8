import { describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';

import { readStatement, readStatementPage, type StatementPlace } from './read-lines.server';
import { type TransferKind } from './shared';
import { newWallet, type TestWallet } from './testing/wallets';

const database = useTestDatabase();

const pageOf = (wallet: TestWallet, place: StatementPlace, kinds?: readonly TransferKind[]) =>
  readStatementPage(database.db, { book: 'test', customerId: wallet.customerId, kinds, place, take: 3 });

/** The lines of each page, from the newest to the oldest, and from there back. */
async function walk(wallet: TestWallet, kinds?: readonly TransferKind[]) {
  const seqs: bigint[][] = [];
  let page = await pageOf(wallet, { from: 'newest' }, kinds);
  seqs.push(page.lines.map(({ seq }) => seq));
  while (page.older !== undefined) {
    page = await pageOf(wallet, { from: 'older', seq: page.older }, kinds);
    seqs.push(page.lines.map(({ seq }) => seq));
  }
  const down = seqs.length;
  while (page.newer !== undefined) {
    page = await pageOf(wallet, { from: 'newer', seq: page.newer }, kinds);
    seqs.push(page.lines.map(({ seq }) => seq));
  }
  return { down: seqs.slice(0, down), up: seqs.slice(down) };
}

describe('a statement', () => {
  it('is read in pages that meet, down to the first line and back up, of all kinds or of some', async () => {
    const wallet = await newWallet(database.db);
    for (let n = 0; n < 4; n += 1) {
      await wallet.lot(5n);
      await wallet.spend(1n);
    }
    expect(await walk(wallet)).toEqual({
      down: [
        [8n, 7n, 6n],
        [5n, 4n, 3n],
        [2n, 1n],
      ],
      up: [
        [5n, 4n, 3n],
        [8n, 7n, 6n],
      ],
    });
    expect(await walk(wallet, ['spend'])).toEqual({ down: [[8n, 6n, 4n], [2n]], up: [[8n, 6n, 4n]] });
    expect(await walk(await newWallet(database.db))).toEqual({ down: [[]], up: [] });
  });

  it('ends where it is asked to, and goes on below a line', async () => {
    const wallet = await newWallet(database.db);
    for (let n = 0; n < 6; n += 1) await wallet.lot(1n);
    const read = async (bounds: { before?: { seq: bigint }; last?: bigint }) => {
      const asked = { book: 'test', customerId: wallet.customerId, take: 2, ...bounds } as const;
      return (await readStatement(database.db, asked)).map(({ seq }) => seq);
    };
    expect(await read({})).toEqual([6n, 5n]);
    expect(await read({ last: 4n })).toEqual([4n, 3n]);
    expect(await read({ last: 4n, before: { seq: 3n } })).toEqual([2n, 1n]);
    expect(await read({ last: 4n, before: { seq: 6n } })).toEqual([4n, 3n]);
    expect(await read({ before: { seq: 1n } })).toEqual([]);
  });
});
