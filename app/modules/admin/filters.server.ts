import * as z from 'zod';

import { Prisma } from '../../../prisma/generated/client';

/** The values of one parameter that are members of an enum; others are left out, as a chip for them could not be named. */
export function members<T extends Record<string, string>>(
  search: URLSearchParams,
  name: string,
  known: T,
): T[keyof T][] {
  const schema = z.enum(known);
  const asked = search.getAll(name).map((value) => schema.safeParse(value));
  return [...new Set(asked.flatMap((value) => (value.success ? [value.data] : [])))];
}

/** Postgres keeps no NUL in a text, so none can be found. */
const words = z
  .string()
  .transform((text) => text.replaceAll('\0', '').trim())
  .pipe(z.string().min(1).max(200));

/** What was typed, or undefined when it is blank. */
export function textOf(search: URLSearchParams, name: string): string | undefined {
  const parsed = words.safeParse(search.get(name));
  return parsed.success ? parsed.data : undefined;
}

/** Postgres knows no year 0. */
const day = z.iso.date().refine((text) => !text.startsWith('0000'));

/** A UTC day such as 2026-11-21, or undefined. */
export function dayOf(search: URLSearchParams, name: string): string | undefined {
  const parsed = day.safeParse(search.get(name));
  return parsed.success ? parsed.data : undefined;
}

/** True for rows of the day and later. */
export const sinceDay = (column: Prisma.Sql, first: string): Prisma.Sql =>
  Prisma.sql`${column} >= ${`${first}T00:00:00Z`}::timestamptz`;

/** True for rows of the day and earlier. */
const untilDay = (column: Prisma.Sql, last: string): Prisma.Sql =>
  Prisma.sql`${column} < ${`${last}T00:00:00Z`}::timestamptz + interval '1 day'`;

/** True for rows between two days, both included; either may be open. */
export function betweenDays(
  column: Prisma.Sql,
  since: string | undefined,
  until: string | undefined,
): Prisma.Sql[] {
  return [
    ...(since === undefined ? [] : [sinceDay(column, since)]),
    ...(until === undefined ? [] : [untilDay(column, until)]),
  ];
}

/** A pattern for ILIKE that finds the words anywhere, taken literally. One or two letters have no index but at a word's start. */
function containing(text: string): string {
  const literal = text.replaceAll(/[\\%_]/g, String.raw`\$&`);
  return text.length < 3 ? `${literal}%` : `%${literal}%`;
}

/**
 * Customers `c` whose e-mail or name holds the words. Of a whole address the index is asked for what stands before the
 * domain, which nearly all addresses share: reading where it occurs costs more than all else.
 */
export function wordsOfCustomer(text: string): Prisma.Sql {
  const pattern = containing(text);
  const local = /^[^@\s]+@(?=[^@\s]+$)/.exec(text)?.[0];
  if (local === undefined) return Prisma.sql`(c.email ILIKE ${pattern} OR c.name ILIKE ${pattern})`;
  return Prisma.sql`(c.email ILIKE ${containing(local)} AND strpos(lower(c.email), lower(${text})) > 0 OR c.name ILIKE ${pattern})`;
}

const word = /^\w{1,60}$/;
/** More values of one parameter than anybody clicks together are not looked for. */
const MOST_WORDS = 10;

/** The values of one parameter that may be codes or currencies. */
export const wordsOf = (search: URLSearchParams, name: string): string[] =>
  [...new Set(search.getAll(name).filter((value) => word.test(value)))].slice(0, MOST_WORDS);

const anId = /^\w{1,200}$/;

/** False for what no row can have as its id: Postgres refuses some of it even as a question. */
export const isId = (text: string): boolean => anId.test(text);

/** Each branch is planned and read by itself: so many cost less than the one list that they replace. */
const MOST_BRANCHES = 24;

/**
 * Each combination of one condition of every group; a group without any does not narrow. Groups that narrow most stand
 * first: while the combinations are too many, the last group becomes one condition.
 */
export function branchesOf(...groups: Prisma.Sql[][]): Prisma.Sql[] {
  const narrowing = groups.filter((group) => group.length > 0);
  for (let last = narrowing.length - 1; last > 0 && combinations(narrowing) > MOST_BRANCHES; last -= 1)
    narrowing[last] = [Prisma.sql`(${Prisma.join(narrowing[last] ?? [], ' OR ')})`];
  return narrowing.reduce<Prisma.Sql[]>(
    (branches, group) =>
      branches.length === 0
        ? group
        : branches.flatMap((branch) => group.map((one) => Prisma.sql`${branch} AND ${one}`)),
    [],
  );
}

const combinations = (groups: Prisma.Sql[][]) => groups.reduce((product, group) => product * group.length, 1);
