import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { type Book, HOLD_STATES } from './shared';

export interface HoldView {
  id: string;
  customerId: string;
  /** Past its time it is expired, booked or not. */
  state: (typeof HOLD_STATES)[number];
  /** What was set aside, and what of it was spent. Credits. */
  amount: bigint;
  captured: bigint;
  expiresAt: Date;
  createdAt: Date;
}

const rows = z.array(
  z.object({
    id: z.string(),
    customerId: z.string(),
    state: z.enum(HOLD_STATES),
    amount: z.bigint(),
    captured: z.bigint(),
    expiresAt: z.date(),
    createdAt: z.date(),
  }),
);

/** A hold of this book as it stands this instant; undefined where there is none. */
export async function readHold(
  db: Db | Tx,
  { book, holdId }: { book: Book; holdId: string },
): Promise<HoldView | undefined> {
  const found = await db.$queryRaw`
    SELECT h.id, w.customer AS "customerId", h.amount, h.expires_at AS "expiresAt", h.created_at AS "createdAt",
      CASE WHEN h.state = 'active' AND h.expires_at <= ledger_now() THEN 'expired' ELSE h.state::text END AS state,
      coalesce((SELECT x.amount FROM transfer x WHERE x.hold = h.id AND x.kind = 'capture'), 0) AS captured
    FROM hold h JOIN wallet w ON w.id = h.wallet WHERE h.id = ${holdId} AND w.book = ${book}::mode`;
  return rows.parse(found)[0];
}
