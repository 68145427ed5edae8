import { liveWorkers, oldestDueSeconds } from '~/modules/jobs/index.server';
import { checkMailServer } from '~/modules/mail/index.server';
import { listPauses } from '~/modules/pauses/index.server';
import { PAUSE_LABEL } from '~/modules/pauses/shared';
import { minutes } from '~/platform/time';

import {
  type Check,
  type Checked,
  type Found,
  NOT_ASKED,
  NOT_RUNNING,
  type Patient,
} from '../patient.server';

/** A worker takes what is due within a second. */
const LATE = minutes(5);

async function checkWorker({ db, now, isStarting }: Patient): Promise<Checked> {
  if (isStarting) return NOT_RUNNING;
  const [{ live }, jobDue, event, paused] = await Promise.all([
    liveWorkers(db),
    oldestDueSeconds(db),
    db.event.findFirst({
      where: {
        status: { in: ['queued', 'waiting'] },
        dueAt: { lt: new Date(now.getTime() - LATE) },
        claimedAt: null,
      },
      orderBy: { dueAt: 'asc' },
      select: { dueAt: true },
    }),
    db.pauseSwitch.count({ where: { work: 'processing', pausedAt: { not: null } } }),
  ]);
  const found: Found[] = [];
  if (live.length === 0)
    found.push({
      code: 'worker_down',
      said: 'No worker lives: payments settle at Stripe and bring no credits.',
    });
  if (event !== null && paused === 0)
    found.push({
      code: 'work_waits',
      subject: 'events',
      said: `The oldest event has been due for ${minutesOf(now.getTime() - event.dueAt.getTime())}.`,
    });
  if (jobDue !== null && jobDue * 1000 > LATE)
    found.push({
      code: 'work_waits',
      subject: 'jobs',
      said: `The oldest job has been due for ${minutesOf(jobDue * 1000)}.`,
    });
  return found;
}

const minutesOf = (ms: number) => `${String(Math.floor(ms / minutes(1)))} minutes`;

async function checkMail({ look, env }: Patient): Promise<Checked> {
  if (look === undefined) return NOT_ASKED;
  const server = await checkMailServer(env);
  return server.outcome === 'taken'
    ? []
    : [
        {
          code: 'mail_unreachable',
          subject: server.host,
          said: `${server.host} takes no mail from here: ${server.reason}.`,
        },
      ];
}

async function checkPauses({ db, look, realm }: Patient): Promise<Found[]> {
  const book = realm?.mode ?? look?.mode;
  const pauses = await listPauses(db);
  return pauses.flatMap(({ book: of, work, pause }): Found[] =>
    pause === null || (book !== undefined && of !== book)
      ? []
      : [
          {
            code: 'paused',
            subject: `${work} --book ${of}`,
            said: `${PAUSE_LABEL[work]} in the ${of} book is paused since ${pause.since.toISOString().slice(0, 16)}Z: ${pause.comment}`,
          },
        ],
  );
}

export const WORK_CHECKS: readonly Check[] = [
  { codes: ['worker_down', 'work_waits'], run: checkWorker },
  { codes: ['mail_unreachable'], run: checkMail },
  { codes: ['paused'], run: checkPauses },
];
