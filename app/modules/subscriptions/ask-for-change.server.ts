import { findPlanOfVersion, type PlanForSale } from '~/modules/catalog/index.server';
import { isPausedThroughout } from '~/modules/pauses/index.server';
import {
  isKeyFault,
  isPassing,
  sendCall,
  type StripeSettings,
  type SubscriptionChange,
} from '~/modules/stripe/index.server';
import { type RealmView, type SubscriptionStatus } from '~/modules/stripe/shared';
import { isUniqueViolation } from '~/platform/db-errors.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { toUnix } from '~/platform/time';

import { lockPlans } from './lock-plans.server';
import { planAct } from './plan-act.server';
import { recordActCall } from './record-act-call.server';
import { refreshSubscription } from './refresh-subscription.server';
import { type ActKind, changeKind } from './shared';
import { isLive } from './state';

export type WantedChange = { want: 'cancel' } | { want: 'resume' } | { want: 'plan'; plan: PlanForSale };

export interface ChangeRequest {
  realm: RealmView;
  customerId: string;
  /** Our subscription. */
  subscriptionId: string;
  wanted: WantedChange;
}

export type ChangeOutcome =
  | { outcome: 'done' }
  /** No such subscription of this customer. */
  | { outcome: 'not_found' }
  /** As it stands it cannot be: it has ended, ends already, is owed, or is that plan already. */
  | { outcome: 'not_possible' }
  /** Staff paused selling, and another plan is a purchase. */
  | { outcome: 'selling_paused' }
  /** Another change has not been answered yet. */
  | { outcome: 'busy' }
  /** Stripe said no and nothing changed: the card was declined, or wants its owner. */
  | { outcome: 'refused'; isCard: boolean }
  /** No answer: it may have happened. The page tells once it is known. */
  | { outcome: 'unknown' };

/**
 * Cancels, resumes or changes a customer's plan. The act and its call stand before Stripe hears of it; what it did is
 * read from Stripe, not taken from the answer.
 */
export async function askForChange(
  db: Db,
  settings: StripeSettings,
  request: ChangeRequest,
): Promise<ChangeOutcome> {
  const { realm, customerId } = request;
  const planned = await planOnce(db, request);
  if (planned.outcome !== 'planned') return planned;
  const { act, stripeId } = planned;
  const result = await sendCall(db, settings, act.call);
  await inTransaction(db, 'record act', (tx) =>
    recordActCall(tx, { id: act.call.id, purpose: act.id }, result),
  );
  log.info('plan change asked', { act: act.id, outcome: result.outcome });
  if (result.outcome === 'unknown') return { outcome: 'unknown' };
  try {
    await refreshSubscription(db, settings, { realm, customerId, stripeId, cause: `act:${act.id}` });
  } catch (error) {
    // The event of it tells the same.
    if (!isPassing(error) && !isKeyFault(error)) throw error;
    log.warn('plan not read after its change', { act: act.id });
  }
  if (result.outcome === 'succeeded') return { outcome: 'done' };
  return { outcome: 'refused', isCard: result.httpStatus === 402 };
}

type Planned =
  | { outcome: 'planned'; act: Awaited<ReturnType<typeof planAct>>; stripeId: string }
  | { outcome: 'not_found' | 'not_possible' | 'busy' | 'selling_paused' };

async function planOnce(db: Db, request: ChangeRequest): Promise<Planned> {
  try {
    return await inTransaction(db, 'plan change', (tx) => plan(tx, request));
  } catch (error) {
    if (isUniqueViolation(error, 'subscription_act_one_asked')) return { outcome: 'busy' };
    throw error;
  }
}

async function plan(tx: Tx, { realm, customerId, subscriptionId, wanted }: ChangeRequest): Promise<Planned> {
  if (wanted.want === 'plan' && (await isPausedThroughout(tx, { book: realm.mode, work: 'selling' })))
    return { outcome: 'selling_paused' };
  await lockPlans(tx, customerId);
  const row = await tx.subscription.findFirst({
    where: { id: subscriptionId, realmId: realm.id, customerId },
    select: STANDING,
  });
  if (!row) return { outcome: 'not_found' };
  const asked = await judge(tx, row, wanted);
  if (!asked) return { outcome: 'not_possible' };
  const act = await planAct(tx, {
    realmId: realm.id,
    subscription: { id: row.id, stripeId: row.stripeId },
    ...asked,
    actor: `customer:${customerId}`,
  });
  return { outcome: 'planned', act, stripeId: row.stripeId };
}

const STANDING = {
  id: true,
  stripeId: true,
  stripeItem: true,
  status: true,
  versionId: true,
  paidVersionId: true,
  currency: true,
  endsAt: true,
  periodEnd: true,
  owedInvoice: true,
} as const;

interface Standing {
  id: string;
  stripeId: string;
  stripeItem: string;
  status: SubscriptionStatus;
  versionId: string | null;
  paidVersionId: string | null;
  currency: string;
  endsAt: Date | null;
  periodEnd: Date;
  owedInvoice: string | null;
}

interface Asked {
  kind: ActKind;
  versionId?: string;
  change: SubscriptionChange;
}

/** What is to be asked of Stripe; undefined when it cannot be. */
async function judge(tx: Tx, row: Standing, wanted: WantedChange): Promise<Asked | undefined> {
  if (!isLive(row)) return undefined;
  switch (wanted.want) {
    case 'cancel':
      return row.endsAt === null
        ? { kind: 'cancel', change: { change: 'end', atPeriodEnd: true } }
        : undefined;
    case 'resume':
      return row.endsAt === null
        ? undefined
        : { kind: 'resume', change: { change: 'end', atPeriodEnd: false } };
    case 'plan':
      return judgePlan(tx, row, wanted.plan);
  }
}

async function judgePlan(tx: Tx, row: Standing, plan: PlanForSale): Promise<Asked | undefined> {
  const isSettled = row.owedInvoice === null && (row.status === 'active' || row.status === 'trialing');
  const isOther = plan.versionId !== row.versionId && plan.currency === row.currency;
  if (!isSettled || !isOther || row.endsAt !== null) return undefined;
  const price = { stripeItem: row.stripeItem, stripePrice: plan.stripePrice, planCode: plan.code };
  const { versionId } = plan;
  const versionOf = (id: string | null) =>
    id === null ? Promise.resolve(undefined) : findPlanOfVersion(tx, id, row.currency);
  const paid = await versionOf(row.paidVersionId);
  if (changeKind(paid, plan) === 'now')
    return { kind: 'upgrade', versionId, change: { change: 'price_now', ...price } };
  const standing = await versionOf(row.versionId);
  const isSameRhythm = standing?.interval === plan.interval || row.status === 'trialing';
  return {
    kind: 'change',
    versionId,
    change: isSameRhythm
      ? { change: 'price_next', ...price }
      : { change: 'rhythm_next', ...price, periodEnd: toUnix(row.periodEnd) },
  };
}
