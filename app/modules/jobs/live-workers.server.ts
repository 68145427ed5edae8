import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { HEARTBEAT_GRACE } from './shared';

const rows = z.array(
  z.object({
    id: z.string(),
    host: z.string(),
    pid: z.number(),
    startedAt: z.date(),
    beatAt: z.date(),
    silentMs: z.number(),
    isStopped: z.boolean(),
  }),
);

export interface LiveWorker {
  id: string;
  host: string;
  pid: number;
  startedAt: Date;
  beatAt: Date;
  /** Milliseconds since its last beat, by the database's clock. */
  silentMs: number;
}

export interface WorkersView {
  /** Workers that beat within HEARTBEAT_GRACE and were not stopped, at most 100, the latest first. */
  live: LiveWorker[];
  /** The latest worker of the last week whether it lives or not; undefined when none has run. */
  last: (LiveWorker & { isStopped: boolean }) | undefined;
}

/** Whether anything works the inbox and the queue, as any process that reaches the database can tell. */
export async function liveWorkers(db: Db | Tx): Promise<WorkersView> {
  const all = rows.parse(
    await db.$queryRaw`
      SELECT id, host, pid, started_at AS "startedAt", beat_at AS "beatAt",
        greatest(0, extract(epoch FROM clock_timestamp() - beat_at) * 1000)::float8 AS "silentMs",
        stopped_at IS NOT NULL AS "isStopped"
      FROM worker_heartbeat ORDER BY beat_at DESC LIMIT 100`,
  );
  return {
    live: all.filter((worker) => !worker.isStopped && worker.silentMs <= HEARTBEAT_GRACE),
    last: all[0],
  };
}
