import { type PlanForSale } from '~/modules/catalog/index.server';
import { isPausedThroughout } from '~/modules/pauses/index.server';
import { openPage, planSessionBody, type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';
import { isUniqueViolation } from '~/platform/db-errors.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';

import { lockPlans } from './lock-plans.server';
import { recordOrderCall } from './record-order-call.server';
import { goingOn } from './state';

export interface PlanRequest {
  /** The id that the page made for its next order: the same order sent twice is one. Undefined makes one. */
  orderId?: string | undefined;
  realm: RealmView;
  customer: { id: string; email: string | null; name: string | null };
  plan: PlanForSale;
  /** Origin of our own pages, without a trailing slash. */
  appUrl: string;
}

export type StartPlanOutcome =
  /** Send the browser to Stripe's page. */
  | { outcome: 'redirect'; orderId: string; url: string }
  /** Staff paused selling: nothing is written, and Stripe is not asked. */
  | { outcome: 'selling_paused' }
  /** A plan goes on: it is changed, not bought again. */
  | { outcome: 'already_subscribed' }
  /** This order stands already. */
  | { outcome: 'repeated' }
  /** Stripe said no; no session exists and no money can move. */
  | { outcome: 'refused' }
  /** No answer: a session may exist, but nobody has its address. The sweep of calls tells. */
  | { outcome: 'unknown' };

/** Starts a plan: the order stands before Stripe hears of it, then the Stripe customer, then the page to pay on. */
export async function startPlan(
  db: Db,
  settings: StripeSettings,
  request: PlanRequest,
): Promise<StartPlanOutcome> {
  const written = await writeOrder(db, request);
  if (written.outcome !== 'written') return { outcome: written.outcome };
  const { realm, customer } = request;
  const opened = await openPage(db, settings, {
    kind: 'subscription_session.create',
    purpose: written.id,
    customer: { realmId: realm.id, customerId: customer.id, email: customer.email, name: customer.name },
    bodyFor: (stripeCustomer) => sessionBody(settings, request, written, stripeCustomer),
    record: recordOrderCall,
  });
  if (opened.outcome === 'no_customer') {
    const where = { id: written.id, state: 'created' as const };
    await db.subscriptionOrder.updateMany({ where, data: { state: 'closed' } });
    return { outcome: opened.why.outcome };
  }
  if (opened.outcome !== 'opened') return opened;
  log.info('plan ordered', { order: written.id, session: opened.sessionId });
  return { outcome: 'redirect', orderId: written.id, url: opened.url };
}

interface WrittenOrder {
  id: string;
  trialDays: number | null;
}

type Written =
  ({ outcome: 'written' } & WrittenOrder) | { outcome: 'already_subscribed' | 'repeated' | 'selling_paused' };

async function writeOrder(db: Db, { orderId, realm, customer, plan }: PlanRequest): Promise<Written> {
  try {
    return await inTransaction(db, 'order plan', async (tx): Promise<Written> => {
      if (await isPausedThroughout(tx, { book: realm.mode, work: 'selling' }))
        return { outcome: 'selling_paused' };
      await lockPlans(tx, customer.id);
      const row = { realmId: realm.id, customerId: customer.id };
      // A plan of a former realm goes on and grants: another one beside it would be a second.
      const whose = { book: realm.mode, customerId: customer.id };
      const live = await tx.subscription.count({ where: goingOn(whose, new Date()) });
      if (live > 0) return { outcome: 'already_subscribed' };
      // A trial is for a customer's first plan.
      const earlier = await tx.subscription.count({
        where: { customerId: customer.id, realm: { mode: realm.mode } },
      });
      const order = await tx.subscriptionOrder.create({
        data: {
          ...row,
          id: orderId ?? newId('sbo'),
          versionId: plan.versionId,
          currency: plan.currency,
          trialDays: earlier === 0 ? plan.trialDays : null,
        },
        select: { id: true, trialDays: true },
      });
      return { outcome: 'written', ...order };
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'subscription_order_pkey')) throw error;
    return { outcome: 'repeated' };
  }
}

function sessionBody(
  { automaticTax = false }: StripeSettings,
  { realm, customer, plan, appUrl }: PlanRequest,
  order: WrittenOrder,
  stripeCustomer: string,
) {
  return planSessionBody({
    realmId: realm.id,
    orderId: order.id,
    customerId: customer.id,
    planCode: plan.code,
    stripeCustomer,
    stripePrice: plan.stripePrice,
    trialDays: order.trialDays ?? undefined,
    automaticTax,
    successUrl: `${appUrl}/plan?order=${order.id}&session_id={CHECKOUT_SESSION_ID}`,
    cancelUrl: `${appUrl}/plan`,
  });
}
