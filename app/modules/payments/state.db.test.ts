import { expect, it } from 'vitest';
import * as z from 'zod';

import { useTestDatabase } from '../../../e2e/support/test-database';

import { PAYMENT_STATES } from './shared';
import { canMove } from './state';

const database = useTestDatabase();
const pairs = PAYMENT_STATES.flatMap((from) => PAYMENT_STATES.map((to) => ({ from, to })));

it('a payment moves exactly where the database lets it rise', async () => {
  const ranks = z
    .array(z.object({ state: z.enum(PAYMENT_STATES), rank: z.int() }))
    .parse(
      await database.db
        .$queryRaw`SELECT s::text AS state, payment_rank(s)::int AS rank FROM unnest(enum_range(NULL::payment_state)) s`,
    );
  const rank = new Map(ranks.map((row) => [row.state, row.rank]));
  expect(rank.size).toBe(PAYMENT_STATES.length);
  for (const { from, to } of pairs)
    expect({ from, to, can: canMove(from, to) }).toEqual({
      ...{ from, to, can: (rank.get(to) ?? NaN) > (rank.get(from) ?? NaN) },
    });
});
