import { findPlanOfVersion, listPlans } from '~/modules/catalog/index.server';
import { type Db } from '~/platform/db.server';

import { changeKind, type MyPlan, type PlanChoice, planState } from './shared';
import { goingOn } from './state';

const MAX_PLANS = 20;

interface Whose {
  realmId: string;
  customerId: string;
}

/** In every realm of the book: plans of a former one go on. */
interface WhoseInBook {
  book: 'test' | 'live';
  customerId: string;
}

/** The customer's plans that have not ended, the one that began first above; then the one that ended last. */
export async function readMyPlans(db: Db, { book, customerId }: WhoseInBook): Promise<MyPlan[]> {
  const rows = await db.subscription.findMany({
    where: { realm: { mode: book }, customerId, status: { notIn: ['incomplete', 'incomplete_expired'] } },
    orderBy: [{ endedAt: { sort: 'desc', nulls: 'first' } }, { startedAt: 'asc' }],
    take: MAX_PLANS,
    select: {
      id: true,
      realm: { select: { sells: true } },
      status: true,
      versionId: true,
      paidVersionId: true,
      currency: true,
      periodEnd: true,
      endsAt: true,
      endedAt: true,
      owedAmount: true,
      nextTryAt: true,
      acts: { where: { state: 'asked' }, take: 1, select: { id: true } },
    },
  });
  const live = rows.filter(({ endedAt }) => endedAt === null);
  const shown = live.length > 0 ? live : rows.slice(0, 1);
  return Promise.all(
    shown.map(async (row): Promise<MyPlan> => {
      const planOf = (id: string | null) =>
        id === null ? Promise.resolve(undefined) : findPlanOfVersion(db, id, row.currency);
      const [asked, paid] = await Promise.all([planOf(row.versionId), planOf(row.paidVersionId)]);
      const plan = paid ?? asked;
      return {
        id: row.id,
        state: planState(row.status, paid !== undefined),
        plan,
        next: asked?.versionId === plan?.versionId ? undefined : asked,
        periodEnd: row.periodEnd,
        endsAt: row.endedAt ?? row.endsAt,
        owed:
          row.owedAmount === null
            ? undefined
            : { amount: row.owedAmount, currency: row.currency, nextTryAt: row.nextTryAt },
        isChanging: row.acts.length > 0,
        isOfFormer: !row.realm.sells,
      };
    }),
  );
}

/** Whether a plan of the customer goes on, so that another one is a change. */
export async function hasLivePlan(db: Db, whose: WhoseInBook): Promise<boolean> {
  return (await db.subscription.count({ where: goingOn(whose, new Date()) })) > 0;
}

/**
 * The plans that one of the customer's plans can change to, and how; none while it ends, is owed or is unknown, and none
 * for a plan of a former realm: nothing is sold there any more.
 */
export async function listChoices(
  db: Db,
  { realmId, customerId, subscriptionId }: Whose & { subscriptionId: string },
): Promise<PlanChoice[]> {
  const row = await db.subscription.findFirst({
    where: {
      ...{ id: subscriptionId, realmId, customerId, endsAt: null, owedInvoice: null },
      status: { in: ['active', 'trialing'] },
    },
    select: { versionId: true, paidVersionId: true, currency: true },
  });
  if (row === null) return [];
  const { versionId, paidVersionId, currency } = row;
  const paid = paidVersionId === null ? undefined : await findPlanOfVersion(db, paidVersionId, currency);
  const plans = await listPlans(db, { realmId, currency });
  return plans
    .filter((plan) => plan.versionId !== versionId)
    .map((plan) => ({ ...plan, change: changeKind(paid, plan) }));
}

/** Where Stripe takes the payment of an invoice that is owed; undefined while none is, and for anybody else's plan. */
export async function findOwedUrl(
  db: Db,
  { book, customerId, subscriptionId }: WhoseInBook & { subscriptionId: string },
): Promise<string | undefined> {
  const row = await db.subscription.findFirst({
    where: { id: subscriptionId, realm: { mode: book }, customerId },
    select: { owedUrl: true },
  });
  return row?.owedUrl ?? undefined;
}
