import * as z from 'zod';

import { Prisma } from '../../../prisma/generated/client';
import { type Page } from './shared';

export const PAGE_SIZE = 50;

/** A list says "more than" beyond this, so that a count never reads a whole table. */
export const COUNT_LIMIT = 10_000;

/** A place in a list: the row's time to the microsecond, then its id. A Date would drop digits and with them rows. */
interface Cursor {
  at: string;
  id: string;
}

/** `older` begins after the cursor's row, `newer` ends before it; neither shows the row itself. */
export type PageAt = { direction: 'first' } | { direction: 'older' | 'newer'; from: Cursor };

const cursorText = z
  .string()
  .transform((text) => text.split('~'))
  .pipe(z.tuple([z.iso.datetime({ precision: 6 }), z.string().regex(/^\w{1,100}$/)]))
  .transform(([at, id]) => ({ at, id }));

/**
 * The page that an address asks for by `?after=` or `?before=`.
 * @throws 400 when the cursor was not made by this list.
 */
export function pageOf(search: URLSearchParams): PageAt {
  const after = search.get('after');
  const text = after ?? search.get('before');
  if (text === null) return { direction: 'first' };
  const from = cursorText.safeParse(text);
  if (!from.success) throw new Response(null, { status: 400 });
  return { direction: after === null ? 'newer' : 'older', from: from.data };
}

interface KeysetColumns {
  at: Prisma.Sql;
  id: Prisma.Sql;
  idType: 'text' | 'bigint';
}

/** The three parts of a query that reads one page of a list ordered by time and id, newest first. */
export function keyset(columns: KeysetColumns, page: PageAt) {
  const { at, id, idType } = columns;
  const cursor = Prisma.sql`to_char(${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || ${id}`;
  const newest = Prisma.sql`ORDER BY ${at} DESC, ${id} DESC LIMIT ${PAGE_SIZE + 1}`;
  if (page.direction === 'first') return { cursor, within: Prisma.sql`true`, order: newest };
  const from = Prisma.sql`(${page.from.at}::timestamptz, ${page.from.id}::${Prisma.raw(idType)})`;
  return page.direction === 'older'
    ? { cursor, within: Prisma.sql`(${at}, ${id}) < ${from}`, order: newest }
    : {
        cursor,
        within: Prisma.sql`(${at}, ${id}) > ${from}`,
        order: Prisma.sql`ORDER BY ${at} ASC, ${id} ASC LIMIT ${PAGE_SIZE + 1}`,
      };
}

/** Cuts the one row read beyond the page and says whether there is something on either side. */
export function cutPage<Row extends { cursor: string }>(found: Row[], page: PageAt): Page<Row> {
  const hasMore = found.length > PAGE_SIZE;
  const rows = found.slice(0, PAGE_SIZE);
  if (page.direction === 'newer') rows.reverse();
  const hasOlder = page.direction === 'newer' || hasMore;
  const hasNewer = page.direction === 'older' || (page.direction === 'newer' && hasMore);
  return {
    rows,
    next: hasOlder ? rows.at(-1)?.cursor : undefined,
    previous: hasNewer ? rows.at(0)?.cursor : undefined,
  };
}

/** Joins conditions; none is true. */
export function every(conditions: Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join(conditions, ' AND ');
}

export const countRow = z.tuple([z.object({ n: z.bigint().transform(Number) })]);

/** Counts rows up to one beyond COUNT_LIMIT. */
export function boundedCount(from: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT count(*) AS n FROM (SELECT 1 FROM ${from} LIMIT ${COUNT_LIMIT + 1}) counted`;
}
