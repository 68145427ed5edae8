import * as z from 'zod';

import { inBurnOrder, readEntries } from '~/modules/ledger/index.server';
import { type Db } from '~/platform/db.server';
import { type Instant } from '~/platform/time';

import { Prisma } from '../../../prisma/generated/client';
import { LotKind, Mode } from '../../../prisma/generated/enums';
import { isId } from './filters.server';
import { type LotPageView, type LotView } from './shared';

const MOST_LOTS = 100;
const MOST_LINES = 500;

const lot = z.object({
  id: z.string(),
  book: z.enum(Mode),
  kind: z.enum(LotKind),
  granted: z.bigint(),
  available: z.bigint(),
  held: z.bigint(),
  claimed: z.bigint(),
  isOpen: z.boolean(),
  turn: z.number().nullable(),
  paymentId: z.string().nullable(),
  expiresAt: z.date().nullable(),
  createdAt: z.date(),
});

/** An endless expiry reads as null: a Date has no infinity. A lot past its expiry has no turn any more. */
const COLUMNS = Prisma.sql`l.id, w.book::text AS book, l.kind::text AS kind, l.granted, l.available, l.held, l.claimed,
  l.open AS "isOpen", l.payment AS "paymentId", nullif(l.expires_at, 'infinity') AS "expiresAt", l.created_at AS "createdAt"`;

const isSpendable = Prisma.sql`l.open AND l.available > 0 AND l.expires_at > clock_timestamp()`;

/** Open lots in the order in which they burn, then closed ones. */
export async function readLots(db: Db, customerId: string): Promise<LotView[]> {
  const found = await db.$queryRaw`
    SELECT ${COLUMNS},
      CASE WHEN ${isSpendable} THEN (row_number() OVER (PARTITION BY w.book, ${isSpendable} ORDER BY ${inBurnOrder}))::int END AS turn
    FROM wallet w JOIN lot l ON l.wallet = w.id
    WHERE w.customer = ${customerId}
    ORDER BY l.open DESC, w.book, ${inBurnOrder}
    LIMIT ${MOST_LOTS}`;
  return z.array(lot).parse(found);
}

/**
 * The lots that a wallet had at an instant, as they were then: in the past as their entries left them, ahead as today's
 * will be. What a hold had given back by then counts as given back, whenever that was booked.
 */
export async function readLotsAt(db: Db, customerId: string, at: Instant): Promise<LotView[]> {
  const found = await db.$queryRaw`
    WITH was AS (
      SELECT l.*, w.book, CASE WHEN l.expires_at > ${at}::timestamptz THEN e.lot_available_after + r.back ELSE 0 END AS had,
        e.lot_held_after - r.back AS held_then, e.lot_claimed_after AS claimed_then
      FROM wallet w JOIN lot l ON l.wallet = w.id
        CROSS JOIN LATERAL (SELECT * FROM entry o WHERE o.lot = l.id AND o.recorded_at <= ${at}::timestamptz
          ORDER BY o.recorded_at DESC, o.seq DESC LIMIT 1) e
        CROSS JOIN LATERAL (SELECT coalesce(sum(p.amount), 0)::bigint AS back FROM hold_part p JOIN hold h ON h.id = p.hold
          WHERE p.lot = l.id AND h.created_at <= ${at}::timestamptz AND h.expires_at <= ${at}::timestamptz AND NOT EXISTS (
            SELECT FROM transfer x WHERE x.hold = h.id AND x.kind IN ('capture', 'release') AND x.recorded_at <= ${at}::timestamptz)) r
      WHERE w.customer = ${customerId}
    )
    SELECT l.id, l.book::text AS book, l.kind::text AS kind, l.granted, l.had AS available,
      l.held_then AS held, l.claimed_then AS claimed, l.had + l.held_then + l.claimed_then > 0 AS "isOpen", l.payment AS "paymentId",
      nullif(l.expires_at, 'infinity') AS "expiresAt", l.created_at AS "createdAt",
      CASE WHEN l.had > 0 THEN (row_number() OVER (PARTITION BY l.book, l.had > 0 ORDER BY ${inBurnOrder}))::int END AS turn
    FROM was l
    ORDER BY (l.had + l.held_then + l.claimed_then > 0) DESC, l.book, ${inBurnOrder}
    LIMIT ${MOST_LOTS}`;
  return z.array(lot).parse(found);
}

const lotPage = z.array(
  lot.extend({
    walletId: z.string(),
    revoked: z.bigint(),
    expired: z.bigint(),
    moved: z.bigint(),
    paidMinor: z.bigint().nullable(),
    currency: z.string().nullable(),
    parentLotId: z.string().nullable(),
    customer: z.object({ id: z.string(), email: z.string().nullable(), name: z.string().nullable() }),
  }),
);

/** One lot from its grant to its last credit; undefined when there is none with this id. */
export async function readLot(db: Db, id: string): Promise<LotPageView | undefined> {
  if (!isId(id)) return undefined;
  const [found, lines] = await Promise.all([
    db.$queryRaw`
      SELECT ${COLUMNS}, l.wallet AS "walletId", l.revoked, l.expired, l.moved, l.paid_minor AS "paidMinor", l.currency,
        l.parent_lot AS "parentLotId", json_build_object('id', c.id, 'email', c.email, 'name', c.name) AS customer,
        CASE WHEN ${isSpendable} THEN (SELECT count(*)::int FROM lot o WHERE o.wallet = l.wallet AND o.open AND o.available > 0
          AND o.expires_at > clock_timestamp()
          AND (o.priority, o.expires_at, NOT o.promo, o.created_at, o.id) <= (l.priority, l.expires_at, NOT l.promo, l.created_at, l.id)) END AS turn
      FROM lot l JOIN wallet w ON w.id = l.wallet JOIN customer c ON c.id = w.customer
      WHERE l.id = ${id}`,
    readEntries(db, { lotId: id }, MOST_LINES),
  ]);
  const [view] = lotPage.parse(found);
  return view === undefined ? undefined : { ...view, lines, isCut: lines.length >= MOST_LINES };
}
