import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import {
  type Book,
  LEDGER_ACCOUNTS,
  type LedgerLine,
  LOT_KINDS,
  type StatementView,
  TRANSFER_KINDS,
  type TransferKind,
} from './shared';

/** No payment has more transfers of its own than a person reads: its grant, and one per change of its claim. */
const MAX_PAYMENT_LINES = 500;

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
    .transform(({ lotId, lotKind, lotExpiresAt, ...line }): LedgerLine => {
      const lot =
        lotId === null || lotKind === null ? null : { id: lotId, kind: lotKind, expiresAt: lotExpiresAt };
      return { ...line, lot, amount: changeOfAvailable(line) };
    }),
);

function changeOfAvailable(line: Pick<LedgerLine, 'from' | 'to' | 'moved'>): bigint {
  if (line.to === 'available') return line.moved;
  return line.from === 'available' ? -line.moved : 0n;
}

/** One shape for every reader of entries; an endless lot reads as null, since a JavaScript date has no infinity. */
const LINE = Prisma.sql`
  SELECT e.wallet AS "walletId", e.seq, e.transfer AS "transferId", x.kind::text AS kind, e."from"::text AS "from",
    e."to"::text AS "to", e.amount AS moved, e.available_after AS "availableAfter", e.held_after AS "heldAfter",
    e.claimed_after AS "claimedAfter", e.debt_after AS "debtAfter", e.lot AS "lotId", l.kind::text AS "lotKind",
    nullif(l.expires_at, 'infinity') AS "lotExpiresAt", x.payment AS "paymentId", x.hold AS "holdId", x.actor,
    x.occurred_at AS "occurredAt", e.recorded_at AS "recordedAt"
  FROM entry e JOIN transfer x ON x.id = e.transfer LEFT JOIN lot l ON l.id = e.lot`;

/** A wallet's entries, newest first. `before` is the last line already shown: pages stay whole while entries are added. */
export async function readStatement(
  db: Db | Tx,
  input: { book: Book; customerId: string; before?: { seq: bigint }; take: number },
): Promise<LedgerLine[]> {
  const older = input.before ? Prisma.sql`AND e.seq < ${input.before.seq}::bigint` : Prisma.empty;
  const result = await db.$queryRaw`${LINE}
    JOIN wallet w ON w.id = e.wallet
    WHERE w.book = ${input.book}::mode AND w.customer = ${input.customerId} ${older}
    ORDER BY e.seq DESC LIMIT ${input.take}`;
  return lines.parse(result);
}

/** Where a page of a statement lies: from the newest line, or beside a line already shown. */
export type StatementPlace = { from: 'newest' } | { from: 'older' | 'newer'; seq: bigint };

/** One page of a wallet's lines of some kinds, both ways. The balance after each line counts the lines left out too. */
export async function readStatementPage(
  db: Db | Tx,
  input: {
    book: Book;
    customerId: string;
    kinds: readonly TransferKind[] | undefined;
    place: StatementPlace;
    take: number;
  },
): Promise<StatementView> {
  const { place, take } = input;
  const goesUp = place.from === 'newer';
  const kinds = input.kinds
    ? Prisma.sql`AND x.kind = ANY(${[...input.kinds]}::text[]::transfer_kind[])`
    : Prisma.empty;
  const beyond =
    place.from === 'newest'
      ? Prisma.empty
      : Prisma.sql`AND e.seq ${goesUp ? Prisma.sql`>` : Prisma.sql`<`} ${place.seq}::bigint`;
  const result = await db.$queryRaw`${LINE}
    JOIN wallet w ON w.id = e.wallet
    WHERE w.book = ${input.book}::mode AND w.customer = ${input.customerId} ${kinds} ${beyond}
    ORDER BY e.seq ${goesUp ? Prisma.sql`ASC` : Prisma.sql`DESC`} LIMIT ${take + 1}`;
  const found = lines.parse(result);
  const page = found.slice(0, take);
  if (goesUp) page.reverse();
  const hasMore = found.length > take;
  return {
    lines: page,
    older: goesUp || hasMore ? page.at(-1)?.seq : undefined,
    newer: place.from === 'older' || (goesUp && hasMore) ? page.at(0)?.seq : undefined,
  };
}

/** What the ledger wrote for a payment, oldest first: its grant and what came back of it. */
export async function readPaymentEntries(db: Db | Tx, paymentId: string): Promise<LedgerLine[]> {
  const result = await db.$queryRaw`${LINE}
    WHERE x.payment = ${paymentId}
    ORDER BY e.recorded_at, e.seq LIMIT ${MAX_PAYMENT_LINES}`;
  return lines.parse(result);
}

/** Entries of one transfer or one lot, in the order in which they were written. */
export async function readEntries(
  db: Db | Tx,
  of: { transferId: string } | { lotId: string },
  take: number,
): Promise<LedgerLine[]> {
  const where = 'lotId' in of ? Prisma.sql`e.lot = ${of.lotId}` : Prisma.sql`e.transfer = ${of.transferId}`;
  const result = await db.$queryRaw`${LINE} WHERE ${where} ORDER BY e.recorded_at, e.seq LIMIT ${take}`;
  return lines.parse(result);
}
