import { liveWorkers } from '~/modules/jobs/index.server';
import { sendQueuedMail } from '~/modules/mail/index.server';
import { type AddressRules } from '~/modules/outbox/index.server';
import { type Db, poolOf } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { evaluateAlerts } from './evaluate-alerts.server';
import { sendAlertNotice } from './send-notice.server';

const EVERY = seconds(30);
const LOCK = `hashtextextended('credence alerts without a worker', 0)`;
const MOST = 50;
/** Before the second try of one mail or notice, in ms; doubled before each that follows, as long as a job's tries take. */
const FIRST_PAUSE = seconds(30);

export interface WatchOptions {
  db: Db;
  appUrl: string;
  rules: AddressRules;
  /** How a mail of the outbox is sent: by this process's mailer when left out. */
  sendMail?: typeof sendQueuedMail;
}

export type WatchOutcome =
  /** A worker lives: it evaluates and sends. */
  | { outcome: 'worked' }
  /** Another process does it at this moment. */
  | { outcome: 'taken' }
  /** Evaluated and sent here. */
  | { outcome: 'done'; sent: number };

/**
 * What a web process does for alerts: nothing while a worker lives. When none does, it evaluates them itself and sends the
 * mails and the webhook of what it finds, for the queue that would send them is not worked. Of several web processes one
 * does it, by an advisory lock on a connection of its own.
 */
export async function watchAlone(options: WatchOptions, now: Date): Promise<WatchOutcome> {
  const { db } = options;
  if ((await liveWorkers(db)).live.length > 0) return { outcome: 'worked' };
  const client = await poolOf(db).connect();
  try {
    const { rows } = await client.query<{ is_mine: boolean }>(
      `SELECT pg_try_advisory_lock(${LOCK}) AS is_mine`,
    );
    if (rows[0]?.is_mine !== true) return { outcome: 'taken' };
    try {
      await evaluateAlerts(db, { now, appUrl: options.appUrl });
      return { outcome: 'done', sent: await sendTold(options) };
    } finally {
      await client.query(`SELECT pg_advisory_unlock(${LOCK})`);
    }
  } finally {
    client.release();
  }
}

/**
 * Tries are counted and given up after a number that is meant for the pauses of jobs: looked at every half minute, a mail
 * server that is away for ten minutes would use them up.
 */
const isDue = ({ tries, createdAt }: { tries: number; createdAt: Date }): boolean =>
  tries === 0 || Date.now() - createdAt.getTime() >= FIRST_PAUSE * 2 ** (tries - 1);

/** Sends what was told and is not sent; what fails is tried again after a pause. */
async function sendTold({ db, rules, sendMail = sendQueuedMail }: WatchOptions): Promise<number> {
  const mails = await db.mail.findMany({
    where: { state: 'queued', kind: { startsWith: 'alerts.' } },
    select: { id: true, tries: true, createdAt: true },
    orderBy: { createdAt: 'asc' },
    take: MOST,
  });
  const notices = await db.alertNotice.findMany({
    where: { state: 'queued' },
    select: { id: true, tries: true, createdAt: true },
    orderBy: { createdAt: 'asc' },
    take: MOST,
  });
  const sends = [
    ...mails.filter(isDue).map(
      ({ id }) =>
        () =>
          sendMail(db, id),
    ),
    ...notices.filter(isDue).map(
      ({ id }) =>
        () =>
          sendAlertNotice(db, id, rules),
    ),
  ];
  let sent = 0;
  for (const send of sends) {
    try {
      if ((await send()).outcome === 'sent') sent += 1;
    } catch (error) {
      log.warn('alert not sent', { error: String(error) });
    }
  }
  return sent;
}

declare global {
  var credenceAlertWatch: NodeJS.Timeout | undefined;
}

/** Looks every half minute, for as long as this web process lives; a rebuilt app takes the former one’s place. */
export function startAlertWatch(options: () => WatchOptions): void {
  clearInterval(globalThis.credenceAlertWatch);
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      await watchAlone(options(), new Date());
    } catch (error) {
      log.warn('alerts not looked at', { error: String(error) });
    } finally {
      isLooking = false;
    }
  };
  globalThis.credenceAlertWatch = setInterval(() => void look(), EVERY);
  globalThis.credenceAlertWatch.unref();
}
