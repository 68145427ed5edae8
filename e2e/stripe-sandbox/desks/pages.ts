import type { Collection, PageRequest } from '../store/collection';
import type { Page, PageQuery } from '../sandbox';

const DEFAULT_LIMIT = 50;

/** A page of a collection for the panel. An unknown cursor gives an empty page. */
export function deskPage<T extends { id: string }, R>(
  collection: Pick<Collection<T>, 'page'>,
  query: PageQuery | undefined,
  toRow: (row: T) => R,
  index?: PageRequest<T>['index'],
): Page<R> {
  const limit = query?.limit ?? DEFAULT_LIMIT;
  const found = collection.page({ limit, startingAfter: query?.cursor, index });
  if (found.outcome === 'missing_cursor') return { rows: [], nextCursor: null };
  const last = found.rows[found.rows.length - 1];
  return { rows: found.rows.map(toRow), nextCursor: found.hasMore && last ? last.id : null };
}
