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

const words = z.string().trim().min(1).max(200);

/** What was typed, or undefined when it is blank. */
export function textOf(search: URLSearchParams, name: string): string | undefined {
  const parsed = words.safeParse(search.get(name));
  return parsed.success ? parsed.data : undefined;
}

const day = z.iso.date();

/** A UTC day such as 2026-11-21, or undefined. */
export function dayOf(search: URLSearchParams, name: string): string | undefined {
  const parsed = day.safeParse(search.get(name));
  return parsed.success ? parsed.data : undefined;
}

/** True for rows of the day and later. */
export const sinceDay = (column: Prisma.Sql, utcDay: string): Prisma.Sql =>
  Prisma.sql`${column} >= ${`${utcDay}T00:00:00Z`}::timestamptz`;

/** True for rows of the day and earlier. */
const untilDay = (column: Prisma.Sql, utcDay: string): Prisma.Sql =>
  Prisma.sql`${column} < ${`${utcDay}T00:00:00Z`}::timestamptz + interval '1 day'`;

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
export function containing(text: string): string {
  const literal = text.replaceAll(/[\\%_]/g, String.raw`\$&`);
  return text.length < 3 ? `${literal}%` : `%${literal}%`;
}

/** Each combination of one condition of every group; a group without any does not narrow. */
export function branchesOf(...groups: Prisma.Sql[][]): Prisma.Sql[] {
  return groups
    .filter((group) => group.length > 0)
    .reduce<Prisma.Sql[]>(
      (branches, group) =>
        branches.length === 0
          ? group
          : branches.flatMap((branch) => group.map((one) => Prisma.sql`${branch} AND ${one}`)),
      [],
    );
}
