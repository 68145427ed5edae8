import { setTimeout as pause } from 'node:timers/promises';

import { installJobs } from '~/modules/jobs/index.server';
import { serveMetrics } from '~/modules/metrics/index.server';
import { outboxRules } from '~/modules/outbox/index.server';
import {
  currentRealm,
  type HeldRealm,
  heldReader,
  heldRealms,
  RealmUnknownError,
  stripeSettings,
} from '~/modules/stripe/index.server';
import { closeDb, db } from '~/platform/db.server';
import { isConnectionFault } from '~/platform/db-errors.server';
import { env, EnvError } from '~/platform/env.server';
import { log } from '~/platform/log.server';
import { enterRequestContext } from '~/platform/request-context.server';
import { seconds } from '~/platform/time';
import { startWorker } from '~/worker/start-worker.server';

const RETRY_START = seconds(2);

/** Below the time after which Docker (compose.yaml: 30 s) kills. */
const GRACE = seconds(25);

/**
 * Ends by SIGTERM, SIGINT or when the supervisor's channel closes: what runs is finished first. A second signal does not
 * wait, nor does what lasts beyond the grace period: what it had claimed is claimed anew by another worker, as after a crash.
 */
const leaving = new AbortController();
function leave(): void {
  if (leaving.signal.aborted) process.exit(1);
  leaving.abort();
  setTimeout(() => {
    log.error('worker ended with work unfinished', { afterSeconds: GRACE / seconds(1) });
    process.exit(1);
  }, GRACE).unref();
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, leave);
process.once('disconnect', () => {
  if (!leaving.signal.aborted) leave();
});

/** A worker may start before the database or Stripe answers; it waits for both and says so once. */
async function untilReady<T>(name: string, fn: () => Promise<T>): Promise<T | undefined> {
  let isTold = false;
  while (!leaving.signal.aborted) {
    try {
      return await fn();
    } catch (error) {
      if (!(error instanceof RealmUnknownError) && !isConnectionFault(error)) throw error;
      if (!isTold) log.warn('worker waits', { for: name, error: String(error) });
      isTold = true;
      await pause(RETRY_START, undefined, { signal: leaving.signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** A port that is taken keeps no worker from its work: the log says so, and nothing scrapes it. */
async function metricsOf() {
  const { METRICS_PORT, METRICS_TOKEN, CREDENCE_MODE } = env();
  if (METRICS_PORT === undefined) return undefined;
  try {
    return await serveMetrics(db(), METRICS_PORT, { token: METRICS_TOKEN, mode: CREDENCE_MODE });
  } catch (error) {
    log.error('metrics not served', { port: METRICS_PORT, error: String(error) });
    return undefined;
  }
}

async function work(selling: HeldRealm): Promise<void> {
  // What is of no row is of the realm that sells.
  enterRequestContext({ realm: selling.realm.id });
  const worker = await startWorker({
    db: db(),
    selling,
    heldRealms,
    readerOf: heldReader,
    appUrl: env().APP_URL,
    outbox: outboxRules(),
    concurrency: env().WORKER_CONCURRENCY,
  });
  const metrics = await metricsOf();
  process.send?.('ready');
  const left = new Promise<void>((resolve) => {
    if (leaving.signal.aborted) resolve();
    leaving.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await Promise.race([left, worker.ended]);
  } finally {
    metrics?.close();
    await worker.stop();
  }
}

async function main(): Promise<void> {
  const { DATABASE_URL } = env();
  await untilReady('the database', () => installJobs(DATABASE_URL));
  const realm = await untilReady('the realm of STRIPE_SECRET_KEY', currentRealm);
  if (realm !== undefined) await work({ realm, settings: stripeSettings() });
  await closeDb(db());
}

/** A supervisor's open channel would keep the process alive; that it closes now is no news to anyone here. */
function letGo(): void {
  process.removeAllListeners('disconnect');
  if (process.connected) process.disconnect();
}

try {
  await main();
  letGo();
} catch (error) {
  if (error instanceof EnvError) process.stderr.write(`${error.message}\n`);
  else log.error('worker failed', { error: error instanceof Error ? error.stack : String(error) });
  // What was begun holds connections and timers, and would keep a worker that does nothing alive.
  process.exit(1);
}
