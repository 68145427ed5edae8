import { type Db, inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { NO_KEY } from './read-rounds.server';
import { requeueStuck } from './resting-event.server';
import { wakeInbox } from './wake-inbox.server';

const PAGE = 500;
/** Far above what rests of one realm; the next round of the catch-up takes what is more. */
const MAX_PAGES = 100;

/**
 * Runs events again that rested because nobody held the key of their realm: the caller holds it now.
 * @returns how many
 */
export async function wakeKeyless(db: Db, realmId: string): Promise<number> {
  let woken = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const found = await wakePage(db, realmId);
    woken += found;
    if (found < PAGE) break;
  }
  return woken;
}

async function wakePage(db: Db, realmId: string): Promise<number> {
  const rows = await db.event.findMany({
    where: { realmId, status: 'quarantined', reason: NO_KEY },
    select: { id: true },
    take: PAGE,
  });
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await inTransaction(db, 'wake keyless', (tx) => requeueStuck(tx, realmId, ids));
  wakeInbox(db);
  log.info('events run again with the key of their realm', { realm: realmId, events: ids.length });
  return ids.length;
}
