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
 * Looks for workers that died without saying so and frees their jobs, which the queue itself would hold back for four
 * hours; each look answers how many workers it found dead. Dead is whose advisory lock is free at two looks in a row: a
 * living worker that lost its connection alone takes the lock anew within seconds. Only jobs held for longer than half a
 * minute are looked at: a worker takes its advisory lock moments after it starts.
 */
export function createDeathWatch(pool: Pool): () => Promise<number> {
  let suspects: readonly string[] = [];
  return async () => {
    const before = suspects;
    // A look that fails is none: what was seen before a database that did not answer proves nothing after it.
    suspects = [];
    const free = await holdersWithoutLock(pool);
    const dead = free.filter((workerId) => before.includes(workerId));
    for (const workerId of dead) {
      await pool.query('SELECT FROM graphile_worker.force_unlock_workers(ARRAY[$1::text])', [workerId]);
      log.warn('jobs of a dead worker freed', { worker: workerId });
    }
    suspects = free.filter((workerId) => !dead.includes(workerId));
    return dead.length;
  };
}

/** Workers that hold jobs and whose advisory lock anyone could take. */
async function holdersWithoutLock(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ locked_by: string }>(`
    SELECT DISTINCT locked_by FROM graphile_worker._private_jobs
    WHERE locked_by IS NOT NULL AND locked_at < now() - interval '30 seconds' LIMIT 100`);
  const free: string[] = [];
  for (const { locked_by: workerId } of rows) {
    const asked = await pool.query<{ free: boolean }>(`SELECT pg_try_advisory_xact_lock(${LOCK}) AS free`, [
      workerId,
    ]);
    if (asked.rows[0]?.free === true) free.push(workerId);
  }
  return free;
}
