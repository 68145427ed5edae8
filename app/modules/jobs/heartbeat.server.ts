import { hostname } from 'node:os';

import { type Db } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

export interface Heartbeat {
  /** Says that the worker ends on purpose. A database that does not answer keeps nobody from ending. */
  stop: () => Promise<void>;
}

const EVERY = seconds(10);

/**
 * Says every ten seconds that this worker lives, on its own row. Only the database's clock counts, so a machine whose
 * clock is wrong is no dead worker.
 */
export async function startHeartbeat(db: Db, every = EVERY): Promise<Heartbeat> {
  const id = newId('wrk');
  await beat(db, id);
  await forgetOld(db);
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = last
      .then(() => beat(db, id))
      .catch((error: unknown) => {
        log.warn('heartbeat not written', { worker: id, error: String(error) });
      });
  }, every);
  return {
    stop: async () => {
      clearInterval(timer);
      await last;
      await end(db, id).catch((error: unknown) => {
        log.warn('heartbeat not ended', { worker: id, error: String(error) });
      });
    },
  };
}

async function beat(db: Db, id: string): Promise<void> {
  await db.$executeRaw`
    INSERT INTO worker_heartbeat (id, host, pid) VALUES (${id}, ${hostname()}, ${process.pid})
    ON CONFLICT (id) DO UPDATE SET beat_at = clock_timestamp()`;
}

async function end(db: Db, id: string): Promise<void> {
  await db.$executeRaw`
    UPDATE worker_heartbeat SET beat_at = clock_timestamp(), stopped_at = clock_timestamp() WHERE id = ${id}`;
}

/** Workers of more than a week ago are no news to anyone. */
async function forgetOld(db: Db): Promise<void> {
  await db.$executeRaw`DELETE FROM worker_heartbeat WHERE beat_at < clock_timestamp() - interval '7 days'`;
}
