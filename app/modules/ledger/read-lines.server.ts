import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import {
  type Book,
  type CustomerLine,
  hasStaffReason,
  LEDGER_ACCOUNTS,
  type LedgerLine,
  LOT_KINDS,
  type StatementView,
  TRANSFER_KINDS,
  type TransferKind,
} from './shared';

/** No payment has more transfers of its own than a person reads: its grant, and one per change of its claim. */
const MAX_PAYMENT_LINES = 500;

const row = z.object({
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
  reason: z.string().nullable(),
  reversesId: z.string().nullable(),
  reversesSeq: z.bigint().nullable(),
  reversedBy: z.string().nullable(),
  actor: z.string(),
  occurredAt: z.date(),
  recordedAt: z.date(),
});
type Row = z.infer<typeof row>;

const lines = z.array(row.transform((read): LedgerLine => ({ ...toLine(read), actor: read.actor })));

const customerLines = z.array(
  row.omit({ actor: true }).transform((read): CustomerLine => {
    const line = toLine(read);
    return hasStaffReason(line.kind) ? { ...line, reason: null } : line;
  }),
);

function toLine(read: Omit<Row, 'actor'>): CustomerLine {
  const { lotId, lotKind, lotExpiresAt, reversesId, reversesSeq, ...line } = read;
  const lot =
    lotId === null || lotKind === null ? null : { id: lotId, kind: lotKind, expiresAt: lotExpiresAt };
  const reverses =
    reversesId === null || reversesSeq === null ? null : { transferId: reversesId, seq: reversesSeq };
  return { ...line, lot, reverses, amount: changeOfAvailable(line) };
}

function changeOfAvailable(line: Pick<LedgerLine, 'from' | 'to' | 'moved'>): bigint {
  if (line.to === 'available') return line.moved;
  return line.from === 'available' ? -line.moved : 0n;
}

/** One shape for every reader of entries; an endless lot reads as null, since a JavaScript date has no infinity. */
const LINE = Prisma.sql`
  SELECT e.wallet AS "walletId", e.seq, e.transfer AS "transferId", x.kind::text AS kind, e."from"::text AS "from",
    e."to"::text AS "to", e.amount AS moved, e.available_after AS "availableAfter", e.held_after AS "heldAfter",
    e.claimed_after AS "claimedAfter", e.debt_after AS "debtAfter", e.lot AS "lotId", l.kind::text AS "lotKind",
    nullif(l.expires_at, 'infinity') AS "lotExpiresAt", x.payment AS "paymentId", x.hold AS "holdId", nullif(x.reason, '') AS reason,
    x.reverses AS "reversesId", (SELECT max(r.seq) FROM entry r WHERE r.transfer = x.reverses) AS "reversesSeq",
    (SELECT r.id FROM transfer r WHERE r.reverses = x.id) AS "reversedBy", x.actor,
    x.occurred_at AS "occurredAt", e.recorded_at AS "recordedAt"
  FROM entry e JOIN transfer x ON x.id = e.transfer LEFT JOIN lot l ON l.id = e.lot`;

/**
 * A wallet's entries, newest first. `before` is the last line already shown: pages stay whole while entries are added.
 * `last` is the newest that is asked for: a statement as of then.
 */
export async function readStatement(
  db: Db | Tx,
  input: { book: Book; customerId: string; before?: { seq: bigint }; last?: bigint; take: number },
): Promise<LedgerLine[]> {
  const { before, last } = input;
  const end = before && (last === undefined || before.seq <= last) ? before.seq - 1n : last;
  const result = await db.$queryRaw`${LINE}
    JOIN wallet w ON w.id = e.wallet
    WHERE w.book = ${input.book}::mode AND w.customer = ${input.customerId} AND ${upTo(end, input.take)}
    ORDER BY e.seq DESC LIMIT ${input.take}`;
  return lines.parse(result);
}

/**
 * The last so many entries of `w` up to one, or up to its newest. A wallet's entries are numbered without a gap, so they
 * are a range: a plan made for the average wallet would read and sort all the entries that a busy one has.
 */
function upTo(end: bigint | undefined, count: number): Prisma.Sql {
  const last = end === undefined ? Prisma.sql`w.seq` : Prisma.sql`${end}::bigint`;
  return Prisma.sql`e.seq <= ${last} AND e.seq > ${last} - ${count}::bigint`;
}

function beyond(place: StatementPlace, count: number): Prisma.Sql {
  if (place.from === 'newer')
    return Prisma.sql`e.seq > ${place.seq}::bigint AND e.seq <= ${place.seq}::bigint + ${count}::bigint`;
  return upTo(place.from === 'older' ? place.seq - 1n : undefined, count);
}

/** Lines left out for their kind are read too, down to the first: a rare kind costs what the wallet is long. */
function ofKinds(kinds: readonly TransferKind[], place: StatementPlace): Prisma.Sql {
  const list = Prisma.sql`x.kind = ANY(${[...kinds]}::text[]::transfer_kind[])`;
  if (place.from === 'newest') return list;
  return Prisma.sql`${list} AND e.seq ${place.from === 'newer' ? Prisma.sql`>` : Prisma.sql`<`} ${place.seq}::bigint`;
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
  const wanted = input.kinds ? ofKinds(input.kinds, place) : beyond(place, take + 1);
  const result = await db.$queryRaw`${LINE}
    JOIN wallet w ON w.id = e.wallet
    WHERE w.book = ${input.book}::mode AND w.customer = ${input.customerId} AND ${wanted}
    ORDER BY e.seq ${goesUp ? Prisma.sql`ASC` : Prisma.sql`DESC`} LIMIT ${take + 1}`;
  const found = customerLines.parse(result);
  const hasMore = found.length > take;
  const page = hasMore ? wholeTransfers(found, take) : found;
  if (goesUp) page.reverse();
  return {
    lines: page,
    older: goesUp || hasMore ? page.at(-1)?.seq : undefined,
    newer: place.from === 'older' || (goesUp && hasMore) ? page.at(0)?.seq : undefined,
  };
}

/** The first lines, without the beginning of a transfer that does not end among them; one too long for a page is cut. */
function wholeTransfers(found: readonly CustomerLine[], take: number): CustomerLine[] {
  const page = found.slice(0, take);
  const cut = found[take]?.transferId;
  const whole = page.filter((line) => line.transferId !== cut);
  return whole.length > 0 ? whole : page;
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
