import type * as z from 'zod';

/** Where a row must be found quickly: index name → the row's key in it (undefined: not in this index). */
export type IndexSpec<T> = Record<string, (row: T) => string | undefined>;

export interface PageRequest<T> {
  limit: number;
  startingAfter?: string | undefined;
  endingBefore?: string | undefined;
  index?: { name: string; key: string } | undefined;
  where?: ((row: T) => boolean) | undefined;
}

export type PageResult<T> =
  { outcome: 'page'; rows: T[]; hasMore: boolean } | { outcome: 'missing_cursor'; id: string };

/**
 * Rows in order of making. Rows are immutable: a change puts a new object under the same id, so an event may keep
 * the object it was made from. Every put and delete is reported to `onChange`, which the journal records.
 */
export class Collection<T extends { id: string }> {
  private readonly rows: Array<T | undefined> = [];
  private readonly positions = new Map<string, number>();
  private readonly indexes = new Map<string, Map<string, number[]>>();
  private live = 0;

  constructor(
    readonly name: string,
    readonly schema: z.ZodType<T>,
    private readonly spec: IndexSpec<T>,
    private readonly onChange: (collection: string, id: string) => void,
  ) {
    for (const index of Object.keys(spec)) this.indexes.set(index, new Map());
  }

  get size(): number {
    return this.live;
  }

  get(id: string): T | undefined {
    const position = this.positions.get(id);
    return position === undefined ? undefined : this.rows[position];
  }

  /** A row that the state promises to be there. */
  must(id: string): T {
    const row = this.get(id);
    if (row === undefined) throw new Error(`${this.name}: no row ${id}`);
    return row;
  }

  put(row: T): T {
    const position = this.positions.get(row.id) ?? this.rows.length;
    const before = this.rows[position];
    if (before === undefined) this.live += 1;
    this.rows[position] = row;
    this.positions.set(row.id, position);
    this.reindex(position, before, row);
    this.onChange(this.name, row.id);
    return row;
  }

  /** Takes a row read from the journal. */
  restore(value: unknown): void {
    this.put(this.schema.parse(value));
  }

  delete(id: string): void {
    const position = this.positions.get(id);
    const before = position === undefined ? undefined : this.rows[position];
    if (position === undefined || before === undefined) return;
    this.rows[position] = undefined;
    this.positions.delete(id);
    this.live -= 1;
    this.reindex(position, before, undefined);
    this.onChange(this.name, id);
  }

  clear(): void {
    for (const row of [...this.all()]) this.delete(row.id);
    this.rows.length = 0;
  }

  *all(): Iterable<T> {
    for (const row of this.rows) if (row !== undefined) yield row;
  }

  /** Oldest first. */
  where(index: string, key: string): T[] {
    return this.keyPositions(index, key).flatMap((position) => this.rows[position] ?? []);
  }

  first(index: string, key: string): T | undefined {
    return this.where(index, key)[0];
  }

  /** The keys of an index with the number of their rows. */
  countsBy(index: string): Array<{ key: string; count: number }> {
    const keys = this.indexes.get(index);
    if (!keys) throw new Error(`${this.name}: no index ${index}`);
    return [...keys].map(([key, positions]) => ({ key, count: positions.length }));
  }

  /** Oldest first, each once. */
  whereAny(index: string, keys: readonly string[]): T[] {
    return this.rowsAt(keys.flatMap((key) => this.keyPositions(index, key)));
  }

  /** Rows that name the id in one of their indexes, oldest first. */
  referencesTo(id: string): T[] {
    return this.rowsAt([...this.indexes.keys()].flatMap((index) => this.keyPositions(index, id)));
  }

  /** Newest first, as the API lists. */
  page(request: PageRequest<T>): PageResult<T> {
    const { index, startingAfter, endingBefore } = request;
    const positions = index ? this.keyPositions(index.name, index.key) : undefined;
    const cursor = startingAfter ?? endingBefore;
    const cursorPosition = cursor === undefined ? undefined : this.positions.get(cursor);
    if (cursor !== undefined && cursorPosition === undefined)
      return { outcome: 'missing_cursor', id: cursor };
    const forward = endingBefore !== undefined;
    const rows: T[] = [];
    for (const row of this.walk(positions, cursorPosition, forward)) {
      if (request.where && !request.where(row)) continue;
      if (rows.length === request.limit) return this.result(rows, true, forward);
      rows.push(row);
    }
    return this.result(rows, false, forward);
  }

  private rowsAt(positions: readonly number[]): T[] {
    const inOrder = [...new Set(positions)].sort((left, right) => left - right);
    return inOrder.flatMap((position) => this.rows[position] ?? []);
  }

  private result(rows: T[], hasMore: boolean, forward: boolean): PageResult<T> {
    return { outcome: 'page', rows: forward ? rows.reverse() : rows, hasMore };
  }

  private *walk(positions: number[] | undefined, cursor: number | undefined, forward: boolean): Iterable<T> {
    const at = (slot: number): number => (positions ? (positions[slot] ?? -1) : slot);
    const length = positions?.length ?? this.rows.length;
    const step = forward ? 1 : -1;
    let slot = forward ? 0 : length - 1;
    if (cursor !== undefined) {
      const found = positions ? lowerBound(positions, cursor) : cursor;
      slot = forward ? (at(found) === cursor ? found + 1 : found) : found - 1;
    }
    for (; slot >= 0 && slot < length; slot += step) {
      const row = this.rows[at(slot)];
      if (row !== undefined) yield row;
    }
  }

  private keyPositions(index: string, key: string): number[] {
    const keys = this.indexes.get(index);
    if (!keys) throw new Error(`${this.name}: no index ${index}`);
    return keys.get(key) ?? [];
  }

  private reindex(position: number, before: T | undefined, after: T | undefined): void {
    for (const [name, keyOf] of Object.entries(this.spec)) {
      const was = before && keyOf(before);
      const is = after && keyOf(after);
      if (was === is) continue;
      const keys = this.indexes.get(name);
      if (!keys) continue;
      if (was !== undefined) removePosition(keys, was, position);
      if (is !== undefined) addPosition(keys, is, position);
    }
  }
}

function addPosition(keys: Map<string, number[]>, key: string, position: number): void {
  const positions = keys.get(key);
  if (!positions) keys.set(key, [position]);
  else positions.splice(lowerBound(positions, position), 0, position);
}

function removePosition(keys: Map<string, number[]>, key: string, position: number): void {
  const positions = keys.get(key);
  if (!positions) return;
  const slot = lowerBound(positions, position);
  if (positions[slot] === position) positions.splice(slot, 1);
  if (positions.length === 0) keys.delete(key);
}

/** The first slot whose value is not below `value`. */
function lowerBound(sorted: number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
