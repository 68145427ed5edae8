import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { alarmed, isDrift } from './drift-alarm.server';

const ids = z.array(z.object({ id: z.string() }));
const booked = z.tuple([z.object({ booked: z.boolean() })]);

const PAGE = 500;

/**
 * Books expiries of lots and holds that nobody's act has booked yet, one wallet at a time. Balances need none of it;
 * notices, claims and whoever reads the entries do. A wallet whose books are at odds sounds its alarm and keeps no other
 * one waiting. Answers how many wallets were booked.
 */
export async function bookDue(db: Db): Promise<number> {
  let total = 0;
  for (let after = ''; ;) {
    const page = ids.parse(
      await db.$queryRaw`SELECT id FROM wallet WHERE due_at <= ledger_now() AND id > ${after} ORDER BY id LIMIT ${PAGE}`,
    );
    for (const { id } of page) if (await book(db, id)) total += 1;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return total;
    after = last.id;
  }
}

async function book(db: Db, walletId: string): Promise<boolean> {
  try {
    return booked.parse(await alarmed(db, db.$queryRaw`SELECT ledger_sweep(${walletId}) AS booked`))[0]
      .booked;
  } catch (error) {
    if (isDrift(error)) return false;
    throw error;
  }
}
