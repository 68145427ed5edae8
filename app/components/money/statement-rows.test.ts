import { describe, expect, it, test } from 'vitest';

import { type CustomerLine, LEDGER_ACCOUNTS, TRANSFER_KINDS } from '~/modules/ledger/shared';

import { lineWords } from './line-words';
import { changeOf, statementRows } from './statement-rows';

function line(
  seq: bigint,
  { from = 'available', to = 'spent', ...change }: Partial<CustomerLine>,
): CustomerLine {
  const moved = change.moved ?? 1n;
  const amount = to === 'available' ? moved : from === 'available' ? -moved : 0n;
  const at = new Date('2026-11-21T12:00:00Z');
  return {
    ...{ walletId: 'wal_1', seq, transferId: `txf_${seq}`, kind: 'spend', from, to },
    ...{ moved, amount, availableAfter: 0n, heldAfter: 0n, claimedAfter: 0n, debtAfter: 0n, lot: null },
    ...{ paymentId: null, holdId: null, reason: null, reverses: null, reversedBy: null },
    ...{ occurredAt: at, recordedAt: at },
    ...change,
  };
}

describe('the rows of a statement', () => {
  it('show what a spend took from several lots as one, with the balance after all of it', () => {
    const rows = statementRows([
      line(4n, { transferId: 'txf_b', moved: 1n, availableAfter: 2n }),
      line(3n, { transferId: 'txf_a', moved: 4n, availableAfter: 3n }),
      line(2n, { transferId: 'txf_a', moved: 6n, availableAfter: 7n }),
    ]);
    expect(
      rows.map(({ line: { seq, availableAfter }, amount, moved }) => [seq, availableAfter, amount, moved]),
    ).toEqual([
      [4n, 2n, -1n, 1n],
      [3n, 3n, -10n, 10n],
    ]);
  });

  it('keep the two movements of a repayment apart', () => {
    const repay = { kind: 'repay', transferId: 'txf_a', moved: 5n } as const;
    const rows = statementRows([
      line(3n, { ...repay, from: 'debt', to: 'debt_issued' }),
      line(2n, { ...repay, from: 'available', to: 'revoked.refund' }),
    ]);
    expect(rows.map(changeOf)).toEqual([{ value: -5n, of: 'debt' }, { value: -5n }]);
    expect(rows.map((row) => lineWords(row.line).title)).toEqual(['Debt repaid', 'Used to repay debt']);
  });
});

test.each([
  [
    { from: 'held', to: 'spent' },
    { value: -3n, of: 'held' },
  ],
  [
    { from: 'held', to: 'expired' },
    { value: -3n, of: 'held' },
  ],
  [{ from: 'held', to: 'available' }, { value: 3n }],
  [
    { from: 'debt_issued', to: 'debt' },
    { value: 3n, of: 'debt' },
  ],
  [
    { from: 'claimed', to: 'revoked.dispute' },
    { value: -3n, of: 'held back' },
  ],
  [
    { from: 'revoked.refund', to: 'claimed' },
    { value: 3n, of: 'held back' },
  ],
  [{ from: 'revoked.dispute', to: 'revoked.refund' }, undefined],
] as const)('a movement $from → $to says which balance it changed', (change, expected) => {
  const [row] = statementRows([line(1n, { ...change, moved: 3n })]);
  expect(row && changeOf(row)).toEqual(expected);
});

test('every movement has words, and no customer reads the name of an account', () => {
  for (const kind of TRANSFER_KINDS)
    for (const from of LEDGER_ACCOUNTS)
      for (const to of LEDGER_ACCOUNTS) {
        const { title, detail = '' } = lineWords({ kind, from, to });
        expect(title).not.toBe('');
        expect(title + detail).not.toMatch(/revoked|claimed|issued|_/);
      }
});
