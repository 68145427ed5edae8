import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { Collection } from './collection';

interface Row {
  id: string;
  owner: string | null;
}
const schema = z.object({ id: z.string(), owner: z.string().nullable() });
const open = (onChange: (name: string, id: string) => void = () => undefined): Collection<Row> =>
  new Collection<Row>('rows', schema, { owner: (row) => row.owner ?? undefined }, onChange);

const page = (rows: Collection<Row>, request: Parameters<Collection<Row>['page']>[0]) => {
  const found = rows.page(request);
  return found.outcome === 'page' ? { ids: found.rows.map(({ id }) => id), hasMore: found.hasMore } : found;
};

describe('a collection', () => {
  it('pages newest first, both ways, over gaps', () => {
    const rows = open();
    for (const id of ['a', 'b', 'c', 'd', 'e']) rows.put({ id, owner: null });
    rows.delete('d');
    expect(page(rows, { limit: 2 })).toEqual({ ids: ['e', 'c'], hasMore: true });
    expect(page(rows, { limit: 2, startingAfter: 'c' })).toEqual({ ids: ['b', 'a'], hasMore: false });
    expect(page(rows, { limit: 1, endingBefore: 'a' })).toEqual({ ids: ['b'], hasMore: true });
    expect(page(rows, { limit: 5, startingAfter: 'd' })).toEqual({ outcome: 'missing_cursor', id: 'd' });
  });

  it('keeps its indexes right when a row changes, also for pages', () => {
    const rows = open();
    for (const id of ['a', 'b', 'c']) rows.put({ id, owner: 'x' });
    rows.put({ id: 'b', owner: 'y' });
    rows.put({ id: 'a', owner: null });
    rows.put({ id: 'a', owner: 'x' });
    expect(rows.where('owner', 'x').map(({ id }) => id)).toEqual(['a', 'c']);
    expect(rows.first('owner', 'y')?.id).toBe('b');
    const index = { name: 'owner', key: 'x' };
    expect(page(rows, { limit: 1, index })).toEqual({ ids: ['c'], hasMore: true });
    expect(page(rows, { limit: 1, index, startingAfter: 'c' })).toEqual({ ids: ['a'], hasMore: false });
    expect(page(rows, { limit: 9, index, endingBefore: 'b' })).toEqual({ ids: ['c'], hasMore: false });
  });

  it('is empty after clear and fills again', () => {
    const changes: string[] = [];
    const rows = open((_name, id) => changes.push(id));
    rows.put({ id: 'a', owner: 'x' });
    rows.clear();
    expect([rows.size, rows.where('owner', 'x'), [...rows.all()]]).toEqual([0, [], []]);
    rows.put({ id: 'b', owner: 'x' });
    expect(page(rows, { limit: 5 })).toEqual({ ids: ['b'], hasMore: false });
    expect(changes).toEqual(['a', 'a', 'b']);
  });
});
