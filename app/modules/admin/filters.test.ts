import { describe, expect, it } from 'vitest';

import { Prisma } from '../../../prisma/generated/client';
import { branchesOf, wordsOf } from './filters.server';

const group = (name: string, length: number) =>
  Array.from({ length }, (_, n) => Prisma.sql`${Prisma.raw(name)} = ${n}`);

describe('the branches of a list', () => {
  it('are each combination of its filters', () => {
    const branches = branchesOf(group('realm', 1), [], group('state', 2), group('currency', 2));
    expect(branches.map(({ text, values }) => [text, values])).toEqual([
      ['realm = $1 AND state = $2 AND currency = $3', [0, 0, 0]],
      ['realm = $1 AND state = $2 AND currency = $3', [0, 0, 1]],
      ['realm = $1 AND state = $2 AND currency = $3', [0, 1, 0]],
      ['realm = $1 AND state = $2 AND currency = $3', [0, 1, 1]],
    ]);
  });

  it('stay few whatever an address asks for: the last filters become one condition', () => {
    const branches = branchesOf(group('reason', 10), group('state', 5), group('currency', 10));
    expect(branches).toHaveLength(10);
    expect(branches[0]?.text).toMatch(
      /^reason = \$1 AND \(state = \$2 OR .*\) AND \(currency = \$7 OR .*\)$/,
    );
    expect(branchesOf(group('realm', 50), group('state', 8))).toHaveLength(50);
  });
});

it('ten values of a parameter are looked for, however many an address has', () => {
  const search = new URLSearchParams(Array.from({ length: 30 }, (_, n) => ['reason', `reason_${n}`]));
  expect(wordsOf(search, 'reason')).toHaveLength(10);
});
