import * as z from 'zod';

import { Prisma } from '../../../prisma/generated/client';
import { type ListSource } from './page.server';
import { type Reader } from './read-in-time.server';
import { type ListCount } from './shared';

/** A list to be counted: the rows of its source that stand in any of the branches. */
export interface CountedList {
  source: Pick<ListSource, 'table' | 'id'>;
  branches: Prisma.Sql[];
}

/** Up to here a list is counted row by row; beyond, the planner's estimate is told as "about". */
const COUNT_LIMIT = 1000;
/** What the planner may foresee for a count that is made: some 10 ms. */
const COUNT_COST = 10_000;

const partsOf = ({ source, branches }: CountedList, limit: number): Prisma.Sql[] =>
  branches.map(
    (where) => Prisma.sql`(SELECT ${source.id} AS id FROM ${source.table} WHERE ${where} LIMIT ${limit + 1})`,
  );

/** One row, `n`: how many, and never more than one beyond the limit. */
function countSql(list: CountedList, limit: number): Prisma.Sql {
  const parts = partsOf(list, limit);
  return parts.length === 0
    ? Prisma.sql`SELECT 0::bigint AS n`
    : Prisma.sql`SELECT count(*) AS n FROM (SELECT 1 FROM (${Prisma.join(parts, ' UNION ')}) branches LIMIT ${limit + 1}) counted`;
}

const plan = z.object({
  'Node Type': z.string(),
  'Total Cost': z.number(),
  'Plan Rows': z.number(),
  get Plans() {
    return z.array(plan).optional();
  },
});
type Plan = z.infer<typeof plan>;
const explained = z
  .tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: plan })]) })])
  .transform(([row]) => row['QUERY PLAN'][0].Plan);

/** Each branch is cut by a LIMIT; below it stands how many rows it has in all. */
const rowsBelowLimits = ({ 'Node Type': type, Plans: below = [] }: Plan): number =>
  below.reduce((sum, next) => sum + (type === 'Limit' ? next['Plan Rows'] : rowsBelowLimits(next)), 0);

/** What the planner foresees: the rows of a list, and the cost of counting them to the limit. */
async function foresee(db: Reader, list: CountedList, limit: number) {
  const parts = Prisma.join(partsOf(list, limit), ' UNION ALL ');
  const top = explained.parse(await db.$queryRaw`EXPLAIN (FORMAT JSON) ${parts}`);
  return { rows: rowsBelowLimits(top), cost: top['Total Cost'] };
}

const countRow = z.tuple([z.object({ n: z.bigint().transform(Number) })]);

/** How many rows a list has: exactly while that is cheap, else about. */
export async function countRows(db: Reader, source: ListSource, branches: Prisma.Sql[]): Promise<ListCount> {
  if (branches.length === 0) return { n: 0, isExact: true };
  const list = { source, branches };
  const foreseen = await foresee(db, list, COUNT_LIMIT);
  if (foreseen.cost > COUNT_COST) return { n: foreseen.rows, isExact: false };
  const [{ n }] = countRow.parse(await db.$queryRaw(countSql(list, COUNT_LIMIT)));
  return n > COUNT_LIMIT ? { n: Math.max(n, foreseen.rows), isExact: false } : { n, isExact: true };
}

/** A day's rows and what waits are told exactly up to here. */
const TOLD_LIMIT = 10_000;

const countsRow = z.tuple([z.record(z.string(), z.bigint())]);

/** Several lists counted in one statement, for figures that stand side by side. Each has an index for what it counts. */
export async function countLists<Name extends string>(
  db: Reader,
  lists: Readonly<Record<Name, CountedList>>,
): Promise<(name: Name) => ListCount> {
  const all = Object.entries<CountedList>(lists);
  const columns = all.map(
    ([name, list]) => Prisma.sql`(${countSql(list, TOLD_LIMIT)}) AS ${Prisma.raw(`"${name}"`)}`,
  );
  const [counted] = countsRow.parse(await db.$queryRaw`SELECT ${Prisma.join(columns)}`);
  const told = new Map<string, ListCount>();
  for (const [name, list] of all) {
    const n = Number(counted[name]);
    const isExact = n <= TOLD_LIMIT;
    told.set(name, { n: isExact ? n : Math.max(n, (await foresee(db, list, TOLD_LIMIT)).rows), isExact });
  }
  return (name) => {
    const count = told.get(name);
    if (count === undefined) throw new Error(`${name} was not counted.`);
    return count;
  };
}
