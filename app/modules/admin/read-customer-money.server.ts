import { type Db } from '~/platform/db.server';

import { latestPaymentsOf } from './list-payments.server';
import { REALM_REF } from './realms.server';
import { type CustomerMoney, type CustomerBackRow, type PlanRow } from './shared';

const MOST = 50;

/** What a customer paid, pays for, and got back: the latest of each. */
export async function readCustomerMoney(db: Db, customerId: string): Promise<CustomerMoney> {
  const [payments, plans, topUps, moneyBacks] = await Promise.all([
    latestPaymentsOf(db, customerId),
    readPlans(db, customerId),
    db.topUpRule.findMany({
      where: { customerId },
      take: MOST,
      select: { id: true, state: true, pauseReason: true, updatedAt: true, realm: { select: REALM_REF } },
    }),
    readMoneyBacks(db, customerId),
  ]);
  return { payments, plans, topUps, moneyBacks };
}

async function readPlans(db: Db, customerId: string): Promise<PlanRow[]> {
  const rows = await db.subscription.findMany({
    where: { customerId },
    orderBy: { startedAt: 'desc' },
    take: MOST,
    select: {
      ...{ id: true, stripeId: true, status: true, periodEnd: true, endsAt: true, endedAt: true },
      ...{ owedAmount: true, currency: true, version: { select: { name: true } } },
      realm: { select: REALM_REF },
    },
  });
  return rows.map(({ version, owedAmount, currency, ...plan }) => ({
    ...plan,
    plan: version?.name ?? null,
    owed: owedAmount === null ? null : { amount: owedAmount, currency },
  }));
}

async function readMoneyBacks(db: Db, customerId: string): Promise<CustomerBackRow[]> {
  return db.moneyBack.findMany({
    where: { payment: { customerId } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MOST,
    select: {
      ...{ id: true, kind: true, stripeId: true, status: true, level: true, amount: true, currency: true },
      ...{ createdAt: true, paymentId: true },
    },
  });
}
