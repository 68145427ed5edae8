import * as z from 'zod';

import { type Db } from '~/platform/db.server';

const rolled = z.tuple([z.object({ isMore: z.boolean() })]);

/**
 * Sums up what the ledger has recorded since the last time and cannot get any more, a day's length in each transaction:
 * the roll-forward then reads sums and a tail of minutes, however much the ledger has grown.
 */
export async function rollFinance(db: Db): Promise<void> {
  for (let isMore = true; isMore;)
    [{ isMore }] = rolled.parse(await db.$queryRaw`SELECT finance_roll() AS "isMore"`);
}
