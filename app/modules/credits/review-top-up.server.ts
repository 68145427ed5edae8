import { findPackForSale, type PackForSale } from '~/modules/catalog/index.server';
import { addJob } from '~/modules/jobs/index.server';
import { readBalance } from '~/modules/ledger/index.server';
import { isPausedThroughout } from '~/modules/pauses/index.server';
import { recordTopUpCall, writeTopUp } from '~/modules/payments/index.server';
import { type CallResult, sendCall, type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { isUniqueViolation } from '~/platform/db-errors.server';
import { log } from '~/platform/log.server';

import { findPause } from './find-pause.server';
import { isAgreed, lockRule } from './lock-rule.server';
import { capMail } from './mail-top-up.server';
import { moveRule } from './move-rule.server';
import { monthOf, readMonth } from './read-month.server';
import { type TopUpPause } from './shared';

export interface ReviewInput {
  realm: RealmView;
  customerId: string;
  now: Date;
}

export type ReviewOutcome =
  /** The customer never agreed, or switched it off, or has to act first. */
  | { outcome: 'not_on' }
  /** Another realm sells now: the card that is kept here is charged no more. */
  | { outcome: 'not_selling' }
  | { outcome: 'paused'; reason: TopUpPause }
  /** Staff paused top-ups: nothing moves, and the end of that pause has them looked at again. */
  | { outcome: 'held' }
  | { outcome: 'enough_left' }
  /** The one before it is under way. */
  | { outcome: 'unfinished' }
  /** One more would cost more than agreed for this month; it goes on by itself in the next. */
  | { outcome: 'cap_reached' }
  /** The card was charged, or it is not known yet whether it was. */
  | { outcome: 'bought'; paymentId: string; answer: CallResult['outcome'] };

/**
 * Looks at one customer's automatic top-up and buys if that is what they agreed to: the one way by which it ever buys or
 * pauses, however often and for whatever reason it is asked. Decided under the rule's lock from rows alone; the payment
 * and the call stand before Stripe hears of them.
 */
export async function reviewTopUp(
  db: Db,
  settings: StripeSettings,
  input: ReviewInput,
): Promise<ReviewOutcome> {
  const { realm, customerId } = input;
  const decided = await decide(db, settings, input);
  if (decided.outcome !== 'written') return decided;
  const { paymentId, call } = decided;
  const answer = await sendCall(db, settings, call);
  await inTransaction(db, 'record top-up', (tx) =>
    recordTopUpCall(tx, { id: call.id, realmId: realm.id, purpose: paymentId }, answer),
  );
  log.info('topped up', { customer: customerId, payment: paymentId, outcome: answer.outcome });
  return { outcome: 'bought', paymentId, answer: answer.outcome };
}

type Decided =
  | Exclude<ReviewOutcome, { outcome: 'bought' }>
  | ({ outcome: 'written' } & Awaited<ReturnType<typeof writeTopUp>>);

async function decide(db: Db, settings: StripeSettings, input: ReviewInput): Promise<Decided> {
  const { realm, customerId } = input;
  const agreed = await db.topUpRule.findUnique({
    where: { realmId_customerId: { realmId: realm.id, customerId } },
    select: { state: true, consent: { select: { id: true, packCode: true, currency: true } } },
  });
  if (agreed?.state !== 'on' || agreed.consent === null) return { outcome: 'not_on' };
  const { id: consentId, packCode: code, currency } = agreed.consent;
  const pack = await findPackForSale(db, { realmId: realm.id, code, currency });
  try {
    return await inTransaction(db, 'review top-up', (tx) =>
      decideLocked(tx, settings, input, { consentId, pack }),
    );
  } catch (error) {
    if (isUniqueViolation(error, 'payment_one_top_up')) return { outcome: 'unfinished' };
    throw error;
  }
}

async function decideLocked(
  tx: Tx,
  settings: StripeSettings,
  { realm, customerId, now }: ReviewInput,
  { consentId, pack }: { consentId: string; pack: PackForSale | undefined },
): Promise<Decided> {
  if (await isPausedThroughout(tx, { book: realm.mode, work: 'top_ups' })) return { outcome: 'held' };
  const key = { realmId: realm.id, customerId };
  const rule = await lockRule(tx, key);
  if (rule === undefined || !isAgreed(rule) || rule.state !== 'on') return { outcome: 'not_on' };
  const { consent, card } = rule;
  // Agreed to anew between the two reads: that has asked for a look of its own.
  if (consent.id !== consentId) return { outcome: 'not_on' };
  const { sells } = await tx.realm.findUniqueOrThrow({ where: { id: realm.id }, select: { sells: true } });
  if (!sells) return { outcome: 'not_selling' };
  // Read before all else: what is finished by now has left its credits or its refusal in what is read after it.
  const unfinished = await tx.payment.count({
    where: { ...key, kind: 'topup', state: { in: ['created', 'open', 'processing'] } },
  });
  const balance = await readBalance(tx, { book: realm.mode, customerId });
  const isOffered = settings.automaticTax !== true;
  const pause = await findPause(tx, rule, { balance, pack, isOffered, now });
  if (pause !== undefined) {
    const { reason, detail, subject = 'review' } = pause;
    await moveRule(tx, rule, { to: 'paused', reason, detail, cause: subject });
    log.info('top-up paused', { customer: customerId, reason });
    return { outcome: 'paused', reason };
  }
  if (unfinished > 0) return { outcome: 'unfinished' };
  if (balance.available >= consent.threshold) return { outcome: 'enough_left' };
  if (pack === undefined) throw new Error(`No pause was found for a pack that is gone: ${consent.packCode}.`);
  const { used } = await readMonth(tx, { ...key, terms: consent, now });
  if (used + pack.amount > consent.monthlyCap) return tellCap(tx, rule.id, now);
  const cause = `top_up:${consent.id}`;
  const written = await writeTopUp(tx, { realm, customerId, pack, card, cause, at: now });
  await tx.topUp.create({
    data: { paymentId: written.paymentId, ruleId: rule.id, consentId: consent.id, cardId: card.id },
    select: { paymentId: true },
  });
  return { outcome: 'written', ...written };
}

/** Once a month. */
async function tellCap(tx: Tx, ruleId: string, now: Date): Promise<Decided> {
  const month = monthOf(now).toISOString().slice(0, 7);
  if ((await tx.mail.count({ where: capMail(ruleId, month) })) > 0) return { outcome: 'cap_reached' };
  await addJob(tx, 'credits.mail_cap', { ruleId, month }, { key: `credits.mail_cap:${ruleId}:${month}` });
  return { outcome: 'cap_reached' };
}
