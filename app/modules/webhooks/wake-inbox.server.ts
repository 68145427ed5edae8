import { type Db, poolOf } from '~/platform/db.server';
import { log } from '~/platform/log.server';

export const INBOX_CHANNEL = 'credence_inbox';

/** Milliseconds between two wake-ups of one web process: NOTIFY takes a lock of the whole cluster at commit. */
const GAP = 20;

interface Waker {
  lastAt: number;
  isPlanned: boolean;
}

const wakers = new WeakMap<Db, Waker>();

/** Tells the workers that an event came. Costs the request nothing; a lost one is made up for by their poll. */
export function wakeInbox(db: Db): void {
  let waker = wakers.get(db);
  if (waker === undefined) {
    waker = { lastAt: -Infinity, isPlanned: false };
    wakers.set(db, waker);
  }
  if (waker.isPlanned) return;
  waker.isPlanned = true;
  const wait = Math.max(0, GAP - (performance.now() - waker.lastAt));
  setTimeout(notify, wait, db, waker).unref();
}

function notify(db: Db, waker: Waker): void {
  waker.isPlanned = false;
  waker.lastAt = performance.now();
  poolOf(db)
    .query(`NOTIFY ${INBOX_CHANNEL}`)
    .catch((error: unknown) => {
      log.warn('inbox not woken', { error: error instanceof Error ? error.message : String(error) });
    });
}
