import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

import { JOB_PAYLOADS, type JobName, type JobPayloads } from './shared';

export interface AddJobOptions {
  /** A waiting job of this key is replaced instead of joined by a second one. */
  key?: string;
  runAt?: Date;
  /** Jobs of one queue run one after the other. */
  queue?: string;
}

const added = z.tuple([z.object({ id: z.bigint() })]);

/** Adds a job in the caller's transaction: it exists, and is seen by a worker, only if that commits. */
export async function addJob<Name extends JobName>(
  tx: Tx,
  name: Name,
  payload: JobPayloads[Name],
  options: AddJobOptions = {},
): Promise<void> {
  const body = JSON.stringify(JOB_PAYLOADS[name].parse(payload));
  const rows = await tx.$queryRaw`
    SELECT id FROM graphile_worker.add_job(${name}, payload => ${body}::json, job_key => ${options.key ?? null},
      queue_name => ${options.queue ?? null}, run_at => ${options.runAt ?? null}::timestamptz)`;
  added.parse(rows);
}
