import {
  type DoorOutcome,
  type FactContext,
  type InvoiceFact,
  type PlanInvoice,
} from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { readOf } from './apply-subscription.server';
import { findOwner } from './find-owner.server';
import { keepRead } from './keep-read.server';
import { lockPlans } from './lock-plans.server';
import { queuePlanMail } from './queue-plan-mail.server';
import { settleInvoice } from './settle-invoice.server';

/** A plan's invoice as one value: what every step about it needs. */
export interface OfPlan {
  invoice: InvoiceFact;
  plan: PlanInvoice;
  subscriptionId: string;
  customerId: string;
}

/** The door for what Stripe says about a plan's invoices. A paid one settles; any other shows on its subscription. */
export async function applyPlanInvoice(
  tx: Tx,
  invoice: InvoiceFact,
  context: FactContext,
): Promise<DoorOutcome> {
  const { plan, subscriptionId } = invoice;
  if (plan === undefined || subscriptionId === undefined)
    throw new Error(`Invoice ${invoice.id} is of no subscription.`);
  const found = await findOwner(tx, context.realmId, {
    subscriptionId,
    ours: plan.ours,
    stripeCustomer: invoice.stripeCustomer,
    stripePrices: plan.lines.flatMap(({ stripePrice }) => stripePrice ?? []),
  });
  if (found.owner === 'nobody') return found.answer;
  const { customerId } = found;
  await lockPlans(tx, customerId);
  const ofPlan = { invoice, plan, subscriptionId, customerId };
  return invoice.status === 'paid' ? settle(tx, ofPlan, context) : show(tx, ofPlan, context);
}

async function settle(tx: Tx, ofPlan: OfPlan, context: FactContext): Promise<DoorOutcome> {
  const { subscriptionId, customerId } = ofPlan;
  const known = await tx.subscription.count({
    where: { realmId: context.realmId, stripeId: subscriptionId },
  });
  if (known === 0) {
    const read = readOf(subscriptionId, context);
    if (!read) return { outcome: 'waits', waitsFor: subscriptionId };
    await keepRead(tx, customerId, read, context);
  }
  return settleInvoice(tx, ofPlan, context);
}

/** What is owed, and what the customer has to do about it. */
async function show(tx: Tx, ofPlan: OfPlan, context: FactContext): Promise<DoorOutcome> {
  const { invoice, plan, subscriptionId, customerId } = ofPlan;
  const read = readOf(subscriptionId, context);
  if (!read) return { outcome: 'need', refs: [{ object: 'subscription', id: subscriptionId }] };
  const kept = await keepRead(tx, customerId, read, context);
  const { id, owedInvoice } = await tx.subscription.findUniqueOrThrow({
    where: { realmId_stripeId: { realmId: context.realmId, stripeId: subscriptionId } },
    select: { id: true, owedInvoice: true },
  });
  if (owedInvoice === invoice.id && plan.trouble !== undefined)
    await queuePlanMail(tx, { subscriptionId: id, invoiceId: invoice.id, mail: plan.trouble });
  return kept;
}
