import * as z from 'zod';

import { type Book } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { type LeftByDeleted } from './shared';

const rows = z.array(
  z.object({
    currency: z.string().transform((text) => (text === '' ? null : text)),
    customers: z.number(),
    credits: z.bigint(),
    money: z.bigint(),
  }),
);

/**
 * What stands now in the wallets of customers who are deleted: frozen, and part of every sum until it expires. It reads
 * the open lots of these customers alone.
 */
export async function readLeftByDeleted(db: Db, book: Book): Promise<LeftByDeleted[]> {
  return rows.parse(
    await db.$queryRaw`
      SELECT coalesce(r.currency, '') AS currency, count(DISTINCT r.wallet)::int AS customers, sum(f.credits)::bigint AS credits,
        coalesce(sum(finance_deferred(r.net_minor, r.granted, f.credits)), 0)::bigint AS money
      FROM (
        SELECT coalesce(l.root_lot, l.id) AS root, sum(l.available + l.held + l.claimed)::bigint AS credits
        FROM customer_deletion d
        JOIN wallet w ON w.customer = d.customer AND w.book = ${book}::mode
        JOIN lot l ON l.wallet = w.id AND l.open
        WHERE d.state = 'done' GROUP BY 1) f
      JOIN lot r ON r.id = f.root
      GROUP BY 1 ORDER BY 1`,
  );
}
