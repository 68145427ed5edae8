import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { type Book } from './shared';

/** Credits that all wallets of a book have together. */
export interface BookStanding {
  available: bigint;
  held: bigint;
  claimed: bigint;
  debt: bigint;
}

const accounts = z.array(z.object({ account: z.string(), amount: z.bigint() }));

/** What the wallets of a book have at this instant: rolled up to some minutes ago, and from there on read from the entries. */
export async function readStanding(db: Db | Tx, book: Book): Promise<BookStanding> {
  const found = accounts.parse(
    await db.$queryRaw`SELECT account::text AS account, amount FROM ledger_standing(${book}::mode)`,
  );
  const of = (name: keyof BookStanding) => found.find(({ account }) => account === name)?.amount ?? 0n;
  return { available: of('available'), held: of('held'), claimed: of('claimed'), debt: of('debt') };
}

const rolled = z.tuple([z.object({ isMore: z.boolean() })]);

/** Rolls up what was recorded since the last time and can get no more, a day's length in each transaction. */
export async function rollStanding(db: Db): Promise<void> {
  for (let isMore = true; isMore;)
    [{ isMore }] = rolled.parse(await db.$queryRaw`SELECT ledger_roll_standing() AS "isMore"`);
}
