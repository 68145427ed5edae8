import * as z from 'zod';

import { LEDGER_ACCOUNTS, type LedgerLine, LOT_KINDS, TRANSFER_KINDS } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';

const lines = z.array(
  z
    .object({
      walletId: z.string(),
      seq: z.bigint(),
      transferId: z.string(),
      kind: z.enum(TRANSFER_KINDS),
      from: z.enum(LEDGER_ACCOUNTS),
      to: z.enum(LEDGER_ACCOUNTS),
      moved: z.bigint(),
      availableAfter: z.bigint(),
      heldAfter: z.bigint(),
      claimedAfter: z.bigint(),
      debtAfter: z.bigint(),
      lotId: z.string().nullable(),
      lotKind: z.enum(LOT_KINDS).nullable(),
      lotExpiresAt: z.date().nullable(),
      paymentId: z.string().nullable(),
      holdId: z.string().nullable(),
      actor: z.string(),
      occurredAt: z.date(),
      recordedAt: z.date(),
    })
    .transform(({ lotId, lotKind, lotExpiresAt, ...line }): LedgerLine => ({
      ...line,
      amount: line.to === 'available' ? line.moved : line.from === 'available' ? -line.moved : 0n,
      lot: lotId === null || lotKind === null ? null : { id: lotId, kind: lotKind, expiresAt: lotExpiresAt },
    })),
);

/** Entries of one transfer or one lot, in the order in which they were written. An endless expiry reads as null. */
export async function readLines(
  db: Db,
  of: { transferId: string } | { lotId: string },
  take: number,
): Promise<LedgerLine[]> {
  const where = 'lotId' in of ? Prisma.sql`e.lot = ${of.lotId}` : Prisma.sql`e.transfer = ${of.transferId}`;
  const found = await db.$queryRaw`
    SELECT e.wallet AS "walletId", e.seq, e.transfer AS "transferId", x.kind::text AS kind, e."from"::text AS "from",
      e."to"::text AS "to", e.amount AS moved, e.available_after AS "availableAfter", e.held_after AS "heldAfter",
      e.claimed_after AS "claimedAfter", e.debt_after AS "debtAfter", e.lot AS "lotId", l.kind::text AS "lotKind",
      nullif(l.expires_at, 'infinity') AS "lotExpiresAt", x.payment AS "paymentId", x.hold AS "holdId", x.actor,
      x.occurred_at AS "occurredAt", e.recorded_at AS "recordedAt"
    FROM entry e JOIN transfer x ON x.id = e.transfer LEFT JOIN lot l ON l.id = e.lot
    WHERE ${where} ORDER BY e.recorded_at, e.seq LIMIT ${take}`;
  return lines.parse(found);
}
