import { agree, reviewTopUp } from '../../../../app/modules/credits/index.server';
import { readBalance, spend } from '../../../../app/modules/ledger/index.server';
import { previewRefund, requestRefund } from '../../../../app/modules/refunds/index.server';
import { sweepCalls } from '../../../../app/modules/stripe/index.server';
import { type RealmView } from '../../../../app/modules/stripe/shared';
import { type Db } from '../../../../app/platform/db.server';
import { CALL_SETTLERS } from '../../../../app/worker/settlers.server';
import { type Copy, type CopiedStripe } from './copied-stripe';
import { actorOf, type Customer, type Of, tell } from './customer';
import { STARTER } from './living-on-top-ups';
import { type Deed } from './recorded-life';

type Does<Name extends Deed['does']> = Extract<Deed, { does: Name }>;

const lookOf = ({ customerId }: Copy) => `credits.review:${customerId}`;

const hasTopUps = ({ life }: Copy): boolean => life.deeds.some(({ does }) => does === 'agree');

/** Whether somebody asked for a look at the customer's top-up that nobody took yet. */
export const isLookAsked = async (db: Db, copy: Copy): Promise<boolean> => {
  if (!hasTopUps(copy)) return false;
  const jobs: unknown[] = await db.$queryRaw`SELECT 1 FROM graphile_worker.jobs WHERE key = ${lookOf(copy)}`;
  return jobs.length > 0;
};

/** What our side does by itself: staff's refunds, a customer's consents, purchases with a saved card. */
export function openDeeds(
  db: Db,
  realm: RealmView,
  stripe: CopiedStripe,
): (one: Customer, act: Of<'deed' | 'look' | 'resend'>) => Promise<void> {
  const { settings } = stripe;
  /** All that is bought in a run is bought in one month. */
  const now = new Date();
  const book = realm.mode;

  const refund = async (one: Customer, { intent, amount }: Does<'refund'>): Promise<string> => {
    const payment = await db.payment.findFirstOrThrow({
      where: { realmId: realm.id, stripeIntent: one.copy.as(intent) },
    });
    const of = { paymentId: payment.id, amount };
    const seen = await previewRefund(db, { realmId: realm.id, ...of });
    const done = await requestRefund(db, settings, {
      ...{ realm, ...of, key: seen?.key ?? '', actor: actorOf(one), role: 'admin' },
      ...{ reason: 'requested_by_customer', comment: 'asked by mail' },
    });
    if (done.outcome === 'sent') one.asked += 1;
    return `staff refund ${amount}: ${done.outcome}`;
  };

  const consent = async (one: Customer, deed: Does<'agree'>): Promise<string> => {
    const { copy } = one;
    const { currency, threshold, monthlyCap } = deed.terms;
    const done = await agree(db, settings, {
      realm,
      customer: { id: copy.customerId, email: `${copy.customerId}@example.test`, name: 'Nora Newcomer' },
      terms: {
        ...{ packCode: STARTER.code, credits: STARTER.credits, amount: STARTER.amount[currency] },
        ...{ currency, threshold, monthlyCap },
      },
      ...{ useSavedCard: deed.asked === undefined, from: { ip: '203.0.113.7', userAgent: 'Test Browser' } },
      ...{ appUrl: 'http://127.0.0.1:3999', now },
    });
    if (deed.asked === undefined && done.outcome === 'on') copy.pass(deed);
    return `the customer agrees to top-ups below ${threshold}: ${done.outcome}`;
  };

  /** As the worker takes the job and looks. */
  const look = async ({ copy }: Customer): Promise<{ isAsked: boolean; outcome: string }> => {
    const taken: unknown[] = await db.$queryRaw`
      SELECT key FROM graphile_worker.remove_job(${lookOf(copy)}) WHERE key IS NOT NULL`;
    const seen = await reviewTopUp(db, settings, { realm, customerId: copy.customerId, now });
    return { isAsked: taken.length > 0, outcome: seen.outcome === 'bought' ? seen.answer : seen.outcome };
  };

  /** Credits are spent until they are fewer than was agreed on, and whoever takes the last of them asks for a look. */
  const runLow = async (one: Customer): Promise<string> => {
    const { customerId } = one.copy;
    const { consent } = await db.topUpRule.findFirstOrThrow({
      where: { customerId },
      include: { consent: true },
    });
    const low = consent?.threshold ?? 0n;
    const { available } = await readBalance(db, { book, customerId });
    if (available >= low) {
      const key = `lives:low:${customerId}:${one.acts}`;
      const of = { book, customerId, key, actor: actorOf(one), amount: available - low + 1n };
      const said = await spend(db, of);
      if (said.outcome === 'spent') one.spent += said.amount;
    }
    const { isAsked, outcome } = await look(one);
    if (!isAsked) throw new Error(`Nobody asks for a look at fewer credits than ${low}.`);
    return `fewer than ${low} credits are left, and a look at them: ${outcome}`;
  };

  const doing = (one: Customer, deed: Deed): Promise<string> => {
    switch (deed.does) {
      case 'refund':
        return refund(one, deed);
      case 'agree':
        return consent(one, deed);
      case 'top_up':
        return runLow(one);
    }
  };

  const doNext = async (one: Customer, { isAnswerLost }: Of<'deed'>): Promise<void> => {
    const { copy } = one;
    const deed = copy.nextDeed;
    if (!deed) return;
    if (isAnswerLost) copy.loseAnswers();
    const said = await doing(one, deed);
    tell(one, `${said}${isAnswerLost ? ', unanswered' : ''}`);
    copy.keepAnswers();
    if (copy.nextDeed === deed) throw new Error(`Nothing comes of it: ${said}`);
  };

  const lookNow = async (one: Customer, { isAnswerLost }: Of<'look'>): Promise<void> => {
    const { copy } = one;
    if (!hasTopUps(copy)) return;
    if (isAnswerLost) copy.loseAnswers();
    const { outcome } = await look(one);
    tell(one, `the worker looks at the top-up${isAnswerLost ? ', unanswered' : ''}: ${outcome}`);
    copy.keepAnswers();
  };

  const resend = async (one: Customer): Promise<void> => {
    const { customerId } = one.copy;
    const open = { state: 'open' as const, firstSentAt: { not: null } };
    const body = { path: ['metadata', 'credence_customer'], equals: customerId };
    const { count } = await db.stripeCall.updateMany({ where: { ...open, body }, data: { dueAt: now } });
    if (count === 0) return;
    tell(one, 'Stripe is asked again');
    await sweepCalls(db, settings, { realmId: realm.id, settlers: CALL_SETTLERS, now });
  };

  return (one, act) => {
    switch (act.act) {
      case 'deed':
        return doNext(one, act);
      case 'look':
        return lookNow(one, act);
      case 'resend':
        return resend(one);
    }
  };
}
