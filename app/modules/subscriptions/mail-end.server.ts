import { findPlanOfVersion } from '~/modules/catalog/index.server';
import { type PlanInterval } from '~/modules/catalog/shared';
import { type JobPayloads } from '~/modules/jobs/shared';
import { layOutMail, type MailContent, queueMail } from '~/modules/mail/index.server';
import { type Db, inTransaction } from '~/platform/db.server';
import { formatCredits, formatMoney } from '~/platform/money';
import { days, utcDay } from '~/platform/time';

import { readCreditsLeft } from './credits-left.server';
import { whyEnded } from './end-cause';
import { endCauseWords } from './end-words';
import { hasLivePlan } from './read-plans.server';
import { willBeCharged } from './state';

/** An end that is heard of later than this is history: the page of the plan shows it, no mail tells it. */
const NEWS_FOR = days(7);

interface Words extends MailContent {
  subject: string;
  /** Which of several ends of one plan it tells of. */
  about: string;
}

interface Telling {
  appUrl: string;
  now: Date;
}

/**
 * Tells a customer that their plan has ended, or that their trial is about to: once per plan and end of a trial, however
 * often this runs, and only while it is news.
 */
export async function mailEnd(
  db: Db,
  { subscriptionId, mail: kind }: JobPayloads['subscriptions.mail_end'],
  { appUrl, now }: Telling,
): Promise<void> {
  const ending = await readEnding(db, subscriptionId);
  const recipient = ending.customer.email;
  if (recipient === null) return;
  const written = await WRITE[kind](db, ending, { appUrl, now });
  if (written === undefined) return;
  const { about, subject, ...content } = written;
  await inTransaction(db, 'mail end of plan', (tx) =>
    queueMail(tx, {
      ...{ cause: `subscription:${subscriptionId}${about}`, kind: `subscriptions.${kind}`, recipient },
      ...{ subject, ...layOutMail(content) },
    }),
  );
}

type Ending = Awaited<ReturnType<typeof readEnding>>;

function readEnding(db: Db, id: string) {
  return db.subscription.findUniqueOrThrow({
    where: { id },
    select: {
      ...{ stripeId: true, realmId: true, customerId: true, currency: true, status: true, endReason: true },
      ...{ periodEnd: true, trialEnd: true, endsAt: true, endedAt: true, paidUntil: true, owedAmount: true },
      ...{ versionId: true, paidVersionId: true, realm: { select: { mode: true } } },
      customer: { select: { email: true, name: true } },
      acts: {
        where: { state: 'done', kind: { in: ['cancel', 'resume', 'end_second'] } },
        orderBy: { createdAt: 'desc' },
        take: 1,
        select: { kind: true },
      },
    },
  });
}

const planOf = (db: Db, versionId: string | null, currency: string) =>
  versionId === null ? Promise.resolve(undefined) : findPlanOfVersion(db, versionId, currency);

const greet = ({ customer: { name } }: Ending) => (name === null ? 'Hello,' : `Hello ${name},`);
const minute = (at: Date) => `${utcDay(at)}, ${at.toISOString().slice(11, 16)} UTC`;

/** Undefined where it is not true or no news. */
async function writeEnd(db: Db, ending: Ending, { appUrl, now }: Telling): Promise<Words | undefined> {
  const { status, endedAt, owedAmount, currency, customerId } = ending;
  if (status !== 'canceled' || endedAt === null || now.getTime() - endedAt.getTime() > NEWS_FOR)
    return undefined;
  const sold = await planOf(db, ending.paidVersionId ?? ending.versionId, currency);
  const plan = sold?.name ?? 'your plan';
  const cause = whyEnded({ ...ending, endedAt, lastAct: ending.acts[0]?.kind });
  const why = endCauseWords(cause, {
    ...{ plan, day: utcDay(endedAt) },
    owed: owedAmount === null ? undefined : formatMoney(owedAmount, currency),
  });
  const heading = `${sold?.name ?? 'Your plan'} has ended`;
  return {
    ...{ about: '', subject: heading, heading },
    paragraphs: [
      `${greet(ending)} ${why}`,
      await writeCredits(db, ending),
      'Nothing more is charged for it.',
    ],
    button: (await hasLivePlan(db, { book: ending.realm.mode, customerId }))
      ? { label: 'See your plan', url: `${appUrl}/plan` }
      : { label: 'Choose a plan', url: `${appUrl}/#plans` },
  };
}

async function writeCredits(db: Db, { realm, customerId, realmId, stripeId }: Ending): Promise<string> {
  const { left, until } = await readCreditsLeft(db, { book: realm.mode, customerId, realmId, stripeId });
  const others = 'Credits that did not come with it stay as they are.';
  if (left === 0n) return `None of its credits are left to spend. ${others}`;
  const what = `${formatCredits(left)} ${left === 1n ? 'credit' : 'credits'}`;
  const time = until === undefined ? '' : ` until ${minute(until)}`;
  return `You can still spend ${what} that came with it${time}. ${others}`;
}

const PERIOD: Record<PlanInterval, string> = { month: 'a month', year: 'a year' };

/** Undefined where the trial is over, or ends without a charge. */
async function writeTrialEnd(db: Db, ending: Ending, { appUrl, now }: Telling): Promise<Words | undefined> {
  const { trialEnd, currency } = ending;
  if (!willBeCharged(ending) || trialEnd === null || trialEnd <= now) return undefined;
  const plan = await planOf(db, ending.versionId, currency);
  const heading = `Your trial of ${plan?.name ?? 'your plan'} ends on ${utcDay(trialEnd)}`;
  const asks =
    plan === undefined
      ? 'It then goes on at its price, charged to the card that you gave.'
      : `It then goes on for ${formatMoney(plan.amount, currency)} ${PERIOD[plan.interval]}, charged to the card that you gave, and brings ${formatCredits(plan.credits)} credits each time.`;
  return {
    ...{ about: `:${trialEnd.toISOString()}`, subject: heading, heading },
    paragraphs: [
      `${greet(ending)} your trial ends on ${minute(trialEnd)}. ${asks}`,
      'If you do not want that, cancel on the page of your plan before then: nothing is charged, and the trial runs to its end.',
    ],
    button: { label: 'See or cancel your plan', url: `${appUrl}/plan` },
    footnotes: ['A discount that you were given is taken off, and tax is added where it is due.'],
  };
}

const WRITE = { ended: writeEnd, trial_ending: writeTrialEnd };
