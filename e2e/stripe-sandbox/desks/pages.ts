import type { Collection, PageRequest } from '../store/collection';
import type { Page, PageQuery } from '../sandbox';

const DEFAULT_LIMIT = 50;

/** A page of a collection for the panel. An unknown cursor gives an empty page. */
export function deskPage<T extends { id: string }, R>(
  collection: Pick<Collection<T>, 'page'>,
  query: PageQuery | undefined,
  toRow: (row: T) => R,
  selection: Pick<PageRequest<T>, 'index' | 'where'> = {},
): Page<R> {
  const limit = query?.limit ?? DEFAULT_LIMIT;
  const found = collection.page({ ...selection, limit, startingAfter: query?.cursor });
  if (found.outcome === 'missing_cursor') return { rows: [], nextCursor: null };
  const last = found.rows[found.rows.length - 1];
  return { rows: found.rows.map(toRow), nextCursor: found.hasMore && last ? last.id : null };
}

/** The same of rows that are no collection, newest first. */
export function pageOfRows<T extends { id: string }, R>(
  all: readonly T[],
  query: PageQuery | undefined,
  toRow: (row: T) => R,
): Page<R> {
  const limit = query?.limit ?? DEFAULT_LIMIT;
  const before = query?.cursor === undefined ? -1 : all.findIndex(({ id }) => id === query.cursor);
  if (query?.cursor !== undefined && before === -1) return { rows: [], nextCursor: null };
  const rows = all.slice(before + 1, before + 1 + limit);
  const last = rows[rows.length - 1];
  return { rows: rows.map(toRow), nextCursor: before + 1 + limit < all.length && last ? last.id : null };
}
