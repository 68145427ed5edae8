import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type CronItem,
  Logger,
  parseCronItems,
  run,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import { type Pool } from 'pg';

import { type Db, poolOf } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { withRequestContext } from '~/platform/request-context.server';
import { seconds } from '~/platform/time';

import { JOB_PAYLOADS, type JobHandlers, type JobName, type ScheduledJob } from './shared';
import { createDeathWatch, holdWorkerLock } from './worker-lock.server';

export interface RunningJobs {
  /** Takes no new job and returns when the running ones have ended. */
  stop: () => Promise<void>;
  /** Rejects when the queue can no longer be worked. */
  ended: Promise<void>;
}

const SWEEP_EVERY = seconds(30);

const logger = new Logger((scope) => (level, message) => {
  const fields = { from: 'graphile-worker', taskIdentifier: scope.taskIdentifier, jobId: scope.jobId };
  if (level === 'error') log.error(message, fields);
  else if (level === 'warning') log.warn(message, fields);
});

/**
 * Works the queue of everything but events. Jobs are never prefetched (no localQueue): a worker that is killed would
 * strand them. A killed worker's own job is freed by the death watch of another one, by the advisory lock that fell with it.
 */
export async function runJobs(options: {
  db: Db;
  concurrency: number;
  handlers: JobHandlers;
  schedule: readonly ScheduledJob[];
}): Promise<RunningJobs> {
  const pool = poolOf(options.db);
  const events: WorkerEvents = new EventEmitter();
  let lock: ReturnType<typeof holdWorkerLock> | undefined;
  let workerId = '';
  events.on('pool:create', ({ workerPool }) => {
    workerId = workerPool.id;
    lock = holdWorkerLock(pool, workerPool.id);
  });
  const runner = await run({
    pgPool: pool,
    concurrency: options.concurrency,
    noHandleSignals: true,
    pollInterval: seconds(1),
    taskList: tasksOf(options.handlers),
    parsedCronItems: parseCronItems(options.schedule.map(cronItem)),
    logger,
    events,
  });
  let hasEnded = false;
  const ended = runner.promise.finally(() => {
    hasEnded = true;
  });
  const freeJobsOfTheDead = createDeathWatch(pool);
  const sweep = setInterval(() => {
    freeJobsOfTheDead().catch((error: unknown) => {
      log.warn('dead workers not looked for', { error: String(error) });
    });
  }, SWEEP_EVERY);
  return {
    stop: async () => {
      clearInterval(sweep);
      if (!hasEnded) await runner.stop();
      await ended.catch(() => undefined);
      await untilBooked(pool, workerId);
      lock?.release();
    },
    ended,
  };
}

/** One runs and one waits at most, however many workers there are. A failed one is not tried again: the next is due soon. */
const cronItem = ({ name, pattern }: ScheduledJob): CronItem => ({
  task: name,
  match: pattern,
  identifier: name,
  options: { jobKey: `schedule:${name}`, queueName: name, maxAttempts: 1 },
});

const BOOKED_WITHIN = seconds(5);

/** The runner ends before its last job is booked as done; a job that stays locked is freed by another worker's sweep. */
async function untilBooked(pool: Pool, workerId: string): Promise<void> {
  const until = Date.now() + BOOKED_WITHIN;
  while (Date.now() < until) {
    const { rowCount } = await pool.query(LOCKED_BY, [workerId]);
    if (rowCount === 0) return;
    await pause(20);
  }
}
const LOCKED_BY = 'SELECT 1 FROM graphile_worker._private_jobs WHERE locked_by = $1 LIMIT 1';

function tasksOf(handlers: JobHandlers): TaskList {
  const names = Object.keys(JOB_PAYLOADS) as JobName[];
  return Object.fromEntries(
    names.map((name) => [
      name,
      (payload: unknown, helpers: { job: { id: string } }) =>
        withRequestContext({ job: `${name}:${helpers.job.id}` }, () => handle(handlers, name, payload)),
    ]),
  );
}

function handle<Name extends JobName>(handlers: JobHandlers, name: Name, payload: unknown): Promise<void> {
  return handlers[name](JOB_PAYLOADS[name].parse(payload));
}
