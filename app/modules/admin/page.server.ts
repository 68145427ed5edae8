import * as z from 'zod';

import { Prisma } from '../../../prisma/generated/client';
import { type Page } from './shared';

export const PAGE_SIZE = 50;

/** A place in a list: the row's time to the microsecond, then its id. A Date would drop digits and with them rows. */
interface Cursor {
  at: string;
  id: string;
}

/** `older` begins after the cursor's row, `newer` ends before it; neither shows the row itself. `seen` rows are newer. */
export type PageAt = { direction: 'first' } | { direction: 'older' | 'newer'; from: Cursor; seen: number };

const cursorText = z
  .string()
  .transform((text) => text.split('~'))
  .pipe(
    z.tuple([
      z.string().regex(/^\d{1,9}$/),
      // Postgres knows no year 0.
      z.iso.datetime({ precision: 6 }).refine((at) => !at.startsWith('0000')),
      z.string().regex(/^\w{1,100}$/),
    ]),
  )
  .transform(([seen, at, id]) => ({ seen: Number(seen), from: { at, id } }));

/**
 * The page that an address asks for by `?after=` or `?before=`.
 * @throws 400 when the cursor was not made by this list.
 */
export function pageOf(search: URLSearchParams): PageAt {
  const after = search.get('after');
  const text = after ?? search.get('before');
  if (text === null) return { direction: 'first' };
  const parsed = cursorText.safeParse(text);
  if (!parsed.success) throw new Response(null, { status: 400 });
  return { direction: after === null ? 'newer' : 'older', ...parsed.data };
}

/** The page that follows a row, for readers that walk a list to its end. */
export function pageAfter(cursor: string): PageAt {
  return { direction: 'older', ...cursorText.parse(`0~${cursor}`) };
}

/** A list ordered by time and id: `FROM table` with its alias, and what names a row. */
export interface ListSource {
  table: Prisma.Sql;
  at: Prisma.Sql;
  id: Prisma.Sql;
  idType: 'text' | 'bigint';
  /** Its first row is the one with the least time: a list of deadlines. */
  isRising?: boolean;
}

/**
 * One page of a list, newest first unless its source rises, as a table `found(found_at, found_id, cursor)`.
 *
 * Each branch is a condition whose rows stand in the list's order in one index, so its first rows are the first rows
 * there; the page is cut from the first rows of all branches. One condition with OR would be read whole and sorted.
 * @throws 400 when the cursor was made by another list.
 */
export function pageSql(source: ListSource, branches: Prisma.Sql[], page: PageAt, take = PAGE_SIZE) {
  const { table, at, id, idType } = source;
  if (page.direction !== 'first' && idType === 'bigint' && !/^\d{1,18}$/.test(page.from.id))
    throw new Response(null, { status: 400 });
  const goesUp = (page.direction === 'newer') !== (source.isRising === true);
  const beyond =
    page.direction === 'first'
      ? Prisma.sql`true`
      : Prisma.sql`(${at}, ${id}) ${goesUp ? Prisma.sql`>` : Prisma.sql`<`} (${page.from.at}::timestamptz, ${page.from.id}::${Prisma.raw(idType)})`;
  const way = goesUp ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const parts = branches.map(
    (where) => Prisma.sql`(SELECT ${at} AS found_at, ${id} AS found_id FROM ${table}
      WHERE ${where} AND ${beyond} ORDER BY ${at} ${way}, ${id} ${way} LIMIT ${take + 1})`,
  );
  const order = Prisma.sql`ORDER BY found_at ${way}, found_id ${way}`;
  return {
    found: Prisma.sql`(SELECT found_at, found_id,
        to_char(found_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || found_id AS cursor
      FROM (${Prisma.join(parts, ' UNION ')}) branches ${order} LIMIT ${take + 1}) found`,
    order,
  };
}

/** Cuts the one row read beyond the page and says whether there is something on either side. */
export function cutPage<Row extends { cursor: string }>(
  found: Row[],
  page: PageAt,
  take = PAGE_SIZE,
): Page<Row> {
  const hasMore = found.length > take;
  const rows = found.slice(0, take);
  if (page.direction === 'newer') rows.reverse();
  const hasOlder = page.direction === 'newer' || hasMore;
  const hasNewer = page.direction === 'older' || (page.direction === 'newer' && hasMore);
  const start = startOf(page, rows.length, hasNewer);
  const first = rows.at(0);
  const last = rows.at(-1);
  return {
    rows,
    start,
    next: hasOlder && last !== undefined ? `${start + rows.length}~${last.cursor}` : undefined,
    previous: hasNewer && first !== undefined ? `${start}~${first.cursor}` : undefined,
  };
}

function startOf(page: PageAt, length: number, hasNewer: boolean): number {
  if (page.direction === 'first' || !hasNewer) return 0;
  return page.direction === 'older' ? page.seen : Math.max(0, page.seen - length);
}

/** Joins conditions; none is true. */
export function every(conditions: Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join(conditions, ' AND ');
}
