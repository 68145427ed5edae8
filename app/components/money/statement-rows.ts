import { type CustomerLine } from '~/modules/ledger/shared';

export interface StatementRow {
  /** The newest of the lines that it sums up: the balances after it are the row's. */
  line: CustomerLine;
  /** What the row did to the credits that can be spent. */
  amount: bigint;
  /** What moved, always above zero. */
  moved: bigint;
}

/** One row per movement of an act: what it took from several lots is one to its customer. Lines come newest first. */
export function statementRows(lines: readonly CustomerLine[]): StatementRow[] {
  const rows: StatementRow[] = [];
  for (const line of lines) {
    const row = rows.find(({ line: newer }) => isSameMovement(newer, line));
    if (row === undefined) rows.push({ line, amount: line.amount, moved: line.moved });
    else {
      row.amount += line.amount;
      row.moved += line.moved;
    }
  }
  return rows;
}

function isSameMovement(a: CustomerLine, b: CustomerLine): boolean {
  return a.transferId === b.transferId && a.from === b.from && a.to === b.to;
}

export interface BalanceChange {
  /** Below zero when credits left the balance. */
  value: bigint;
  /** Which balance, when it is not the one that can be spent. */
  of?: 'held' | 'held back' | 'debt';
}

/** Which balance of the wallet a row changed, and by how much; undefined when it changed none of them. */
export function changeOf({ line, amount, moved }: StatementRow): BalanceChange | undefined {
  if (amount !== 0n) return { value: amount };
  if (line.to === 'debt') return { value: moved, of: 'debt' };
  if (line.from === 'debt') return { value: -moved, of: 'debt' };
  if (line.to === 'claimed') return { value: moved, of: 'held back' };
  if (line.from === 'held') return { value: -moved, of: 'held' };
  return line.from === 'claimed' ? { value: -moved, of: 'held back' } : undefined;
}
