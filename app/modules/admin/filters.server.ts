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

/** A pattern for ILIKE that finds the words anywhere, taken literally. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
