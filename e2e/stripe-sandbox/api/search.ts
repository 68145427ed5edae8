import * as z from 'zod';
import type { Collection } from '../store/collection';
import { integer, parseParams, text } from './params';
import { invalid } from './refusal';
import type { ApiRequest } from './request';

const DEFAULT_LIMIT = 10;
const LARGEST_LIMIT = 100;

const searchParams = z.strictObject({
  query: text(),
  limit: integer().optional(),
  page: text().optional(),
});

type FieldValue = string | number | null | undefined;

interface SearchOptions<T> {
  /** The resource's name in the plural, as in its URL. */
  resource: string;
  fields: Record<string, (row: T) => FieldValue>;
}

interface Clause {
  isNegated: boolean;
  field: string;
  metadataKey: string | null;
  operator: ':' | '~' | '>' | '<' | '>=' | '<=';
  /** null: the field is not there. */
  value: string | number | null;
}

/**
 * Stripe's search language over one collection, newest first. Stripe finds new objects about a minute late; here
 * they are found at once.
 */
export function searchPage<T extends { id: string; metadata: Record<string, string> | null }>(
  request: ApiRequest,
  collection: Collection<T>,
  options: SearchOptions<T>,
): object {
  const { query, limit, page } = parseParams(searchParams, request.form);
  const matches = compile(query, options);
  const found = collection.page({
    limit: Math.min(Math.max(limit ?? DEFAULT_LIMIT, 1), LARGEST_LIMIT),
    startingAfter: page === undefined ? undefined : Buffer.from(page, 'base64url').toString('utf8'),
    where: matches,
  });
  if (found.outcome === 'missing_cursor') {
    throw invalid(`Invalid page: '${page}' is not a page of this search.`, { param: 'page' });
  }
  const last = found.rows[found.rows.length - 1];
  return {
    object: 'search_result',
    data: found.rows,
    has_more: found.hasMore,
    next_page: found.hasMore && last ? Buffer.from(last.id).toString('base64url') : null,
    ...(request.expand.includes('total_count') && { total_count: countOf(collection, matches) }),
    url: `/v1/${options.resource}/search`,
  };
}

function countOf<T extends { id: string }>(collection: Collection<T>, matches: (row: T) => boolean): number {
  let count = 0;
  for (const row of collection.all()) if (matches(row)) count += 1;
  return count;
}

function compile<T extends { metadata: Record<string, string> | null }>(
  query: string,
  { resource, fields }: SearchOptions<T>,
): (row: T) => boolean {
  const { clauses, isAny } = parse(query);
  const tests = clauses.map((clause) => {
    const read = clause.metadataKey === null ? fields[clause.field] : readMetadata(clause.metadataKey);
    if (!read) {
      throw invalid(
        `Field \`${clause.field}\` is an unsupported search field for resource \`${resource}\`. See http://stripe.com/docs/search#query-fields-for-${resource.replaceAll('_', '-')} for a list of supported fields.`,
      );
    }
    return (row: T): boolean => holds(clause, read(row)) !== clause.isNegated;
  });
  return (row) => (isAny ? tests.some((test) => test(row)) : tests.every((test) => test(row)));
}

const readMetadata =
  (key: string) =>
  ({ metadata }: { metadata: Record<string, string> | null }): FieldValue =>
    metadata?.[key];

function holds({ operator, value }: Clause, actual: FieldValue): boolean {
  if (value === null) return actual === null || actual === undefined;
  if (actual === null || actual === undefined) return false;
  const wanted = String(value).toLowerCase();
  switch (operator) {
    case ':':
      return String(actual).toLowerCase() === wanted;
    case '~':
      return String(actual).toLowerCase().includes(wanted);
    case '>':
      return Number(actual) > Number(value);
    case '<':
      return Number(actual) < Number(value);
    case '>=':
      return Number(actual) >= Number(value);
    case '<=':
      return Number(actual) <= Number(value);
  }
}

const QUOTED = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;
const CLAUSE = new RegExp(
  String.raw`(?<not>-?)(?<field>[a-z_]+)(?:\[(?<key>${QUOTED})\])?\s*(?<operator>>=|<=|[:~<>])\s*(?<value>${QUOTED}|-?\d+|null)`,
  'y',
);
const JOINT = /\s+(?<joint>AND|OR)\s+|\s+/iy;

/** Clauses are joined by AND, which may be left out, or by OR; the two do not mix. */
function parse(query: string): { clauses: Clause[]; isAny: boolean } {
  const text = query.trim();
  const clauses: Clause[] = [];
  const joints = new Set<string>();
  let at = 0;
  for (;;) {
    CLAUSE.lastIndex = at;
    const found = CLAUSE.exec(text);
    if (!found) throw unreadable();
    clauses.push(clauseOf(found.groups ?? {}));
    at = CLAUSE.lastIndex;
    if (at === text.length) break;
    JOINT.lastIndex = at;
    const joint = JOINT.exec(text);
    if (!joint) throw unreadable();
    joints.add((joint.groups?.['joint'] ?? 'AND').toUpperCase());
    at = JOINT.lastIndex;
  }
  if (joints.size > 1) throw unreadable();
  return { clauses, isAny: joints.has('OR') };
}

function clauseOf({ not, field = '', key, operator, value = '' }: Record<string, string>): Clause {
  if ((field === 'metadata') !== (key !== undefined)) throw unreadable();
  return {
    isNegated: not === '-',
    field,
    metadataKey: key === undefined ? null : unquote(key),
    operator: operatorSchema.parse(operator),
    value: value === 'null' ? null : /^-?\d/.test(value) ? Number(value) : unquote(value),
  };
}
const operatorSchema = z.enum([':', '~', '>', '<', '>=', '<=']);

const unquote = (quoted: string): string => quoted.slice(1, -1).replace(/\\(.)/g, '$1');

function unreadable() {
  return invalid(
    'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or key:"value" to query for other fields.',
    { param: 'query' },
  );
}
