import { findPlanOfPrice } from '~/modules/catalog/index.server';
import { type PlanView } from '~/modules/catalog/shared';
import { type PlanInvoice } from '~/modules/stripe/shared';
import { type Db, type Tx } from '~/platform/db.server';

import { type Judged, judgeInvoice } from './sold-by-invoice';

/** What a plan's invoice sold, by the catalogue of its realm. */
export async function soldBy(db: Db | Tx, realmId: string, plan: PlanInvoice): Promise<Judged> {
  return judgeInvoice(plan, await plansOf(db, plan, realmId));
}

/** Whether a plan's paid invoice has to become a payment, and how many credits it brings; trials and prorations bring none. */
export async function creditsOfInvoice(
  db: Db | Tx,
  realmId: string,
  plan: PlanInvoice,
): Promise<{ isSale: boolean; credits: bigint }> {
  const { sold } = await soldBy(db, realmId, plan);
  return { isSale: sold.sold !== 'nothing', credits: sold.sold === 'plan' ? sold.credits : 0n };
}

async function plansOf(db: Db | Tx, { lines }: PlanInvoice, realmId: string): Promise<Map<string, PlanView>> {
  const plans = new Map<string, PlanView>();
  for (const price of new Set(lines.flatMap(({ stripePrice }) => stripePrice ?? []))) {
    const plan = await findPlanOfPrice(db, realmId, price);
    if (plan) plans.set(price, plan);
  }
  return plans;
}
