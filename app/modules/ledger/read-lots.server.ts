import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { inBurnOrder } from './burn-order.server';
import { type Book, LOT_KINDS, type LotView } from './shared';

/** A payment grants one lot; what a refund gives back may make a few more. */
const MAX_PAYMENT_LOTS = 50;

const lots = z.array(
  z.object({
    id: z.string(),
    kind: z.enum(LOT_KINDS),
    granted: z.bigint(),
    left: z.bigint(),
    expiresAt: z.date().nullable(),
    paymentId: z.string().nullable(),
  }),
);

/** Past its expiry a lot has nothing left, booked as expired or not; an endless one reads as null. */
const LOT = Prisma.sql`
  SELECT l.id, l.kind::text AS kind, l.granted,
    CASE WHEN l.expires_at > ledger_now() THEN l.available ELSE 0 END AS "left",
    nullif(l.expires_at, 'infinity') AS "expiresAt", l.payment AS "paymentId"
  FROM lot l`;

/** Lots that a customer can still spend from, in the order in which they are spent. */
export async function listSpendableLots(
  db: Db | Tx,
  input: { book: Book; customerId: string; take: number },
): Promise<LotView[]> {
  const result = await db.$queryRaw`${LOT}
    JOIN wallet w ON w.id = l.wallet
    WHERE w.book = ${input.book}::mode AND w.customer = ${input.customerId}
      AND l.open AND l.available > 0 AND l.expires_at > ledger_now()
    ORDER BY ${inBurnOrder} LIMIT ${input.take}`;
  return lots.parse(result);
}

/** What a payment brought in, oldest first, spent or not. */
export async function readPaymentLots(db: Db | Tx, paymentId: string): Promise<LotView[]> {
  const result = await db.$queryRaw`${LOT}
    WHERE l.payment = ${paymentId}
    ORDER BY l.created_at, l.id LIMIT ${MAX_PAYMENT_LOTS}`;
  return lots.parse(result);
}
