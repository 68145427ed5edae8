import * as z from 'zod';

import { type Db } from '~/platform/db.server';

const due = z.tuple([z.object({ waited: z.number().nullable() })]);

/** For how long the oldest job that could run has waited, in seconds; null when none waits. */
export async function oldestDueSeconds(db: Db): Promise<number | null> {
  const rows = await db.$queryRaw`
    SELECT extract(epoch FROM now() - min(run_at))::float8 AS waited
    FROM graphile_worker._private_jobs
    WHERE locked_at IS NULL AND attempts < max_attempts AND run_at <= now()`;
  return due.parse(rows)[0].waited;
}
