import * as z from 'zod';
import type { Collection, PageRequest } from '../store/collection';
import { integer, parseParams, text } from './params';
import type { FormHash } from './form';
import { invalid, missingReference } from './refusal';
import type { ApiRequest } from './request';

const DEFAULT_LIMIT = 10;
const LARGEST_LIMIT = 100;

const pageShape = {
  limit: integer().optional(),
  starting_after: text().optional(),
  ending_before: text().optional(),
};

export const rangeParams = z
  .union([
    integer().transform((at) => ({ gte: at, lte: at })),
    z.strictObject({
      gt: integer().optional(),
      gte: integer().optional(),
      lt: integer().optional(),
      lte: integer().optional(),
    }),
  ])
  .optional();
type Range = z.output<typeof rangeParams>;

export interface ListOptions<T, S extends z.ZodRawShape> {
  /** The noun of "No such …" for a cursor. */
  noun: string;
  url: string;
  /** Filters beside the page's own parameters and `created`. */
  filters: S;
  select(filters: z.output<z.ZodObject<S>>): Pick<PageRequest<T>, 'index' | 'where'>;
  render?(row: T): object;
}

/** A list endpoint's work: filters, cursors, newest first. */
export function listPage<T extends { id: string; created?: number }, S extends z.ZodRawShape>(
  request: ApiRequest,
  collection: Collection<T>,
  options: ListOptions<T, S>,
): object {
  const { filterForm, pageForm } = splitForm(request.form);
  const filters = parseParams(z.strictObject(options.filters), filterForm);
  const page = parseParams(z.strictObject({ ...pageShape, created: rangeParams }), pageForm);
  const chosen = options.select(filters);
  const found = collection.page({
    limit: clampLimit(page.limit),
    startingAfter: page.starting_after,
    endingBefore: page.ending_before,
    index: chosen.index,
    where: (row) => inRange(row.created ?? 0, page.created) && (chosen.where?.(row) ?? true),
  });
  if (found.outcome === 'missing_cursor') {
    throw missingReference(options.noun, found.id, cursorParam(page));
  }
  refuseBothCursors(page);
  const render = options.render ?? ((row: T): object => row);
  return { object: 'list', data: found.rows.map(render), has_more: found.hasMore, url: options.url };
}

/** Pages a list that hangs on one object and is short. */
export function listOf(
  request: ApiRequest,
  rows: ReadonlyArray<{ id: string }>,
  noun: string,
  url: string,
): object {
  const page = parseParams(z.strictObject(pageShape), request.form);
  const cursor = page.starting_after ?? page.ending_before;
  const at = cursor === undefined ? -1 : rows.findIndex((row) => row.id === cursor);
  if (cursor !== undefined && at === -1) throw missingReference(noun, cursor, cursorParam(page));
  refuseBothCursors(page);
  const limit = clampLimit(page.limit);
  const isBackward = page.ending_before !== undefined;
  const start = isBackward ? Math.max(0, at - limit) : at + 1;
  const end = isBackward ? at : start + limit;
  const hasMore = isBackward ? start > 0 : end < rows.length;
  return { object: 'list', data: rows.slice(start, end), has_more: hasMore, url };
}

interface Cursors {
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}

const cursorParam = ({ starting_after: after }: Cursors): string =>
  after === undefined ? 'ending_before' : 'starting_after';

/** A cursor that names nothing is reported first. */
function refuseBothCursors({ starting_after: after, ending_before: before }: Cursors): void {
  if (after !== undefined && before !== undefined) {
    throw invalid('Received both starting_after and ending_before parameters. Please pass in only one.');
  }
}

function splitForm(form: FormHash): { filterForm: FormHash; pageForm: FormHash } {
  const names = new Set([...Object.keys(pageShape), 'created']);
  const entries = Object.entries(form);
  return {
    filterForm: Object.fromEntries(entries.filter(([name]) => !names.has(name))),
    pageForm: Object.fromEntries(entries.filter(([name]) => names.has(name))),
  };
}

function clampLimit(limit: number | undefined): number {
  return Math.min(Math.max(limit ?? DEFAULT_LIMIT, 1), LARGEST_LIMIT);
}

export function inRange(at: number, range: Range): boolean {
  if (range === undefined) return true;
  const {
    gt,
    gte,
    lt,
    lte,
  }: {
    gt?: number | undefined;
    gte?: number | undefined;
    lt?: number | undefined;
    lte?: number | undefined;
  } = range;
  return (
    at > (gt ?? -Infinity) && at >= (gte ?? -Infinity) && at < (lt ?? Infinity) && at <= (lte ?? Infinity)
  );
}
