import * as z from 'zod';

import { type Db, poolOf } from '~/platform/db.server';

import { countWorkers } from './worker-lock.server';

export interface Liveness {
  /** Workers that live now. */
  workers: number;
  /** For how long the oldest job that could run has waited, in seconds; null when none waits. */
  oldestDueSeconds: number | null;
}

const due = z.tuple([z.object({ waited: z.number().nullable() })]);

/** Whether anybody works, and how far the work is behind. */
export async function readLiveness(db: Db): Promise<Liveness> {
  const [workers, rows] = await Promise.all([
    countWorkers(poolOf(db)),
    db.$queryRaw`
      SELECT extract(epoch FROM now() - min(run_at))::float8 AS waited
      FROM graphile_worker._private_jobs
      WHERE locked_at IS NULL AND attempts < max_attempts AND run_at <= now()`,
  ]);
  return { workers, oldestDueSeconds: due.parse(rows)[0].waited };
}
