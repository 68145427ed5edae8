import { type Pool } from 'pg';

import { log } from '~/platform/log.server';
import { keepConnection } from '~/platform/standing-connection.server';

/** The lock that a living worker holds, by the id under which it locks its jobs. */
const LOCK = `hashtextextended('credence worker ' || $1, 0)`;

/**
 * Holds an advisory lock in the worker's name on a connection of its own: it falls when the process or its connection
 * dies. After a lost connection it is taken anew.
 */
export function holdWorkerLock(pool: Pool, workerId: string): { release: () => void } {
  return keepConnection(pool, 'worker lock', async (client) => {
    await client.query(`SELECT pg_advisory_lock(${LOCK})`, [workerId]);
  });
}

/**
 * Frees the jobs of workers that died without saying so, which the queue itself would hold back for four hours. Only
 * locks older than a minute are looked at: a worker takes its advisory lock moments after it starts.
 */
export async function freeJobsOfDeadWorkers(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ locked_by: string }>(`
    SELECT DISTINCT locked_by FROM graphile_worker._private_jobs
    WHERE locked_by IS NOT NULL AND locked_at < now() - interval '1 minute' LIMIT 100`);
  let freed = 0;
  for (const { locked_by: workerId } of rows) freed += await freeIfDead(pool, workerId);
  return freed;
}

async function freeIfDead(pool: Pool, workerId: string): Promise<number> {
  const { rows } = await pool.query<{ dead: boolean }>(`SELECT pg_try_advisory_xact_lock(${LOCK}) AS dead`, [
    workerId,
  ]);
  if (rows[0]?.dead !== true) return 0;
  await pool.query('SELECT FROM graphile_worker.force_unlock_workers(ARRAY[$1::text])', [workerId]);
  log.warn('jobs of a dead worker freed', { worker: workerId });
  return 1;
}
