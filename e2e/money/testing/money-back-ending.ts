import * as z from 'zod';

import { type Db } from '../../../app/platform/db.server';

const backOf = z.object({ kind: z.string(), status: z.string(), level: z.string(), taken: z.string() });

const ending = z.object({
  state: z.string(),
  backs: z.array(backOf),
  /** Credits of the customer, whose only sale this is. */
  available: z.string(),
  claimed: z.string(),
  debt: z.string(),
  isFrozen: z.boolean(),
  revoked: z.string(),
});
export type MoneyBackEnding = z.infer<typeof ending>;

const rows = z.array(z.object({ ending, sales: z.int(), example: z.string() }));

/** How sales and all that went back of them ended, each way of ending once. */
export async function moneyBackEndings(db: Db, sales: readonly string[]) {
  return rows.parse(
    await db.$queryRaw`
      SELECT ending, count(*)::int AS sales, min(id) AS example FROM (
        SELECT p.id, jsonb_build_object(
          'state', p.state,
          'backs', coalesce((SELECT jsonb_agg(jsonb_build_object('kind', b.kind, 'status', b.status, 'level', b.level, 'taken', b.taken::text)
            ORDER BY b.kind, b.amount, b.stripe_id) FROM money_back b WHERE b.payment = p.id), '[]'),
          'available', coalesce(w.available, 0)::text, 'claimed', coalesce(w.claimed, 0)::text, 'debt', coalesce(w.debt, 0)::text,
          'isFrozen', w.frozen_at IS NOT NULL,
          'revoked', (SELECT coalesce(sum(l.revoked), 0) FROM lot l WHERE l.payment = p.id)::text
        ) AS ending
        FROM payment p JOIN realm r ON r.id = p.realm LEFT JOIN wallet w ON w.customer = p.customer AND w.book = r.mode
        WHERE p.id = ANY (${[...sales]}::text[])
      ) sale GROUP BY ending ORDER BY sales DESC`,
  );
}
