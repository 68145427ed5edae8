import { addJob, runJobs, startHeartbeat } from '~/modules/jobs/index.server';
import { startSender } from '~/modules/outbox/index.server';
import { startInbox } from '~/modules/webhooks/index.server';
import { type Db, inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { minutes } from '~/platform/time';

import { dispatchFact } from './dispatch.server';
import { type JobDeps, jobHandlers } from './handlers.server';
import { SCHEDULE } from './schedule';

export interface RunningWorker {
  /** Takes nothing new and returns when what runs has ended. */
  stop: () => Promise<void>;
  /** Rejects when jobs can no longer be worked: the process should end and be started anew. */
  ended: Promise<void>;
}

const REPORT_EVERY = minutes(1);

/** Joins the inbox and the job queue to the rooms that do the work. */
export async function startWorker(
  options: Omit<JobDeps, 'sender'> & { concurrency: number },
): Promise<RunningWorker> {
  const { db, readerOf, concurrency } = options;
  const { realm } = options.selling;
  const sender = startSender({ db, rules: options.outbox });
  const handlers = jobHandlers({ ...options, sender });
  await askForMissed(db);
  const heartbeat = await startHeartbeat(db);
  // After all that can fail: who dies of its start has claimed nothing.
  const jobs = await runJobs({ db, concurrency, handlers, schedule: SCHEDULE });
  const inbox = startInbox({ db, readerOf, dispatch: dispatchFact, concurrency });
  const startedAt = Date.now();
  const report = setInterval(() => {
    const { rss } = process.memoryUsage();
    log.info('worker alive', {
      realm: realm.id,
      upMinutes: Math.round((Date.now() - startedAt) / minutes(1)),
      rssMegabytes: Math.round(rss / 2 ** 20),
    });
  }, REPORT_EVERY);
  log.info('worker started', { realm: realm.id, mode: realm.mode, concurrency });
  return {
    stop: async () => {
      clearInterval(report);
      await Promise.all([inbox.stop(), jobs.stop()]);
      // After the jobs that wake it.
      await sender.stop();
      await heartbeat.stop();
      log.info('worker stopped');
    },
    ended: jobs.ended,
  };
}

/** What Stripe said while nothing of ours ran is not left to wait for the schedule. */
function askForMissed(db: Db): Promise<void> {
  return inTransaction(db, 'ask for missed events', (tx) =>
    addJob(tx, 'webhooks.catch_up', {}, { key: 'start:webhooks.catch_up', queue: 'webhooks.catch_up' }),
  );
}
