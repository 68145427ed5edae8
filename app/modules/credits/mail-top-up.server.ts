import { layOutMail, type MailContent, queueMail } from '~/modules/mail/index.server';
import { type Db, inTransaction } from '~/platform/db.server';
import { formatMoney } from '~/platform/money';

import { PAUSE_WORDS, type TopUpPause, type TopUpState } from './shared';

const PAGE = '/settings/auto-top-up';

/** Which mail tells of a cap that was reached in a month such as 2026-11. */
export const capMail = (ruleId: string, month: string) => ({
  cause: `top_up:${ruleId}:${month}`,
  kind: 'credits.cap_reached',
});

const RULE = {
  state: true,
  consent: { select: { words: true, currency: true, monthlyCap: true } },
  card: { select: { brand: true, last4: true } },
  customer: { select: { email: true, name: true } },
} as const;

/**
 * Tells a customer of a change of their automatic top-up: once per change, however often this runs. A pause that is over
 * is not told.
 */
export async function mailTopUp(
  db: Db,
  { ruleId, n }: { ruleId: string; n: number },
  appUrl: string,
): Promise<void> {
  const change = await db.topUpChange.findUniqueOrThrow({
    where: { ruleId_n: { ruleId, n } },
    select: { from: true, to: true, reason: true, detail: true, rule: { select: RULE } },
  });
  const { rule, to } = change;
  const { email, name } = rule.customer;
  if (email === null || (to === 'paused' && rule.state !== 'paused')) return;
  const written = write(change, name === null ? 'Hello,' : `Hello ${name},`);
  if (written === undefined) return;
  const { subject, ...content } = written;
  const button = { label: BUTTON[to], url: `${appUrl}${PAGE}` };
  await inTransaction(db, 'mail top-up', (tx) =>
    queueMail(tx, {
      ...{ cause: `top_up:${ruleId}:${n}`, kind: `credits.top_up_${to}`, recipient: email, subject },
      ...layOutMail({ ...content, button }),
    }),
  );
}

/** Tells a customer that the month's cap holds the next purchase back: once per month. */
export async function mailCap(
  db: Db,
  { ruleId, month }: { ruleId: string; month: string },
  appUrl: string,
): Promise<void> {
  const rule = await db.topUpRule.findUniqueOrThrow({ where: { id: ruleId }, select: RULE });
  const { email: recipient, name } = rule.customer;
  if (recipient === null || rule.consent === null || rule.state !== 'on') return;
  const cap = formatMoney(rule.consent.monthlyCap, rule.consent.currency);
  const heading = 'Your monthly limit for automatic top-ups is reached';
  const greeting = name === null ? 'Hello,' : `Hello ${name},`;
  const content: MailContent = {
    heading,
    paragraphs: [
      `${greeting} your credits are below what you set, and one more pack would cost more than ${cap} in this month. We buy no more of them until the next one begins.`,
      'You can buy credits yourself at any time, or raise the limit.',
    ],
    button: { label: 'See your automatic top-up', url: `${appUrl}${PAGE}` },
    footnotes: ['Months are counted by UTC. You are told once a month.'],
  };
  await inTransaction(db, 'mail top-up cap', (tx) =>
    queueMail(tx, { ...capMail(ruleId, month), recipient, subject: heading, ...layOutMail(content) }),
  );
}

const BUTTON: Record<TopUpState, string> = {
  waiting: 'See your automatic top-up',
  on: 'Change it or switch it off',
  paused: 'Turn it on again',
  off: 'See your automatic top-up',
};

interface ToldChange {
  from: TopUpState | null;
  to: TopUpState;
  reason: TopUpPause | null;
  detail: string | null;
  rule: {
    consent: { words: string } | null;
    card: { brand: string; last4: string } | null;
  };
}

/** Undefined where there is nothing to tell. */
function write(change: ToldChange, greeting: string): (MailContent & { subject: string }) | undefined {
  const { rule, reason, detail } = change;
  switch (change.to) {
    case 'waiting':
      return undefined;
    case 'on': {
      const heading = change.from === 'on' ? 'Your automatic top-up is changed' : 'Automatic top-up is on';
      const card = rule.card === null ? 'your card' : `your card ending in ${rule.card.last4}`;
      return {
        ...{ subject: heading, heading },
        paragraphs: [
          `${greeting} we may now charge ${card} as you agreed:`,
          `“${rule.consent?.words ?? ''}”`,
        ],
        footnotes: [
          'You get a mail at each purchase. If it was not you who agreed, switch it off and write to us.',
        ],
      };
    }
    case 'paused': {
      if (reason === null) return undefined;
      const { title, what, act } = PAUSE_WORDS[reason];
      const heading = `Automatic top-up is paused: ${title}`;
      return {
        ...{ subject: heading, heading },
        paragraphs: [`${greeting} ${what}`, ...(detail === null ? [] : [detail]), act],
        footnotes: ['Nothing is bought automatically until you turn it on again.'],
      };
    }
    case 'off': {
      const heading = 'Automatic top-up is off';
      return {
        ...{ subject: heading, heading },
        paragraphs: [
          `${greeting} nothing is bought automatically any more. A purchase under way still comes to its end.`,
        ],
      };
    }
  }
}
