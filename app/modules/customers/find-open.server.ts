import { type Db, type Tx } from '~/platform/db.server';

import { type OpenThing } from './shared';

/** Far above what one customer has open; beyond it the deletion goes on waiting. */
const MOST = 200;

/** In which a bank decides nothing more. */
const CLOSED_DISPUTES = ['won', 'lost', 'warning_closed', 'prevented'];
const GOES_ON = ['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused'] as const;

const page = { orderBy: { createdAt: 'asc' as const }, take: MOST };

/** What Stripe can still be asked to end for a customer, of one realm or of all. */
export async function findEndable(db: Db | Tx, whose: { customerId: string; realmId?: string }) {
  const pages = { ...whose, stripeSession: { not: null } };
  const [plans, payments, orders, setups, cards] = [
    await db.subscription.findMany({
      where: { ...whose, status: { in: [...GOES_ON] } },
      select: { id: true, stripeId: true },
      ...page,
    }),
    await db.payment.findMany({
      where: { ...pages, state: { in: ['created', 'open'] } },
      select: { id: true, stripeSession: true },
      ...page,
    }),
    await db.subscriptionOrder.findMany({
      where: { ...pages, state: { in: ['created', 'open'] } },
      select: { id: true, stripeSession: true },
      ...page,
    }),
    await db.cardSetup.findMany({
      where: { ...pages, state: { in: ['created', 'open'] } },
      select: { id: true, stripeSession: true },
      ...page,
    }),
    await db.savedCard.findMany({
      where: { ...whose, isGone: false },
      select: { id: true, stripeMethod: true },
      ...page,
    }),
  ];
  return { plans, payments, orders, setups, cards };
}

/** What a deletion waits for by name: what Stripe has not ended yet, and what nobody may end, a refund or a dispute. */
export async function findOpen(db: Db | Tx, customerId: string): Promise<OpenThing[]> {
  const { plans, payments, orders, setups, cards } = await findEndable(db, { customerId });
  return [
    ...plans.map(({ id }): OpenThing => ({ kind: 'plan', id })),
    ...payments.map(({ id }): OpenThing => ({ kind: 'page', id, paymentId: id })),
    ...[...orders, ...setups].map(({ id }): OpenThing => ({ kind: 'page', id })),
    ...cards.map(({ id }): OpenThing => ({ kind: 'card', id })),
    ...(await findWaiting(db, customerId)),
  ];
}

/** What no call of ours ends: refunds, disputes, requests for a second person, and calls without an answer. */
export async function findWaiting(db: Db | Tx, customerId: string): Promise<OpenThing[]> {
  const backs = await db.moneyBack.findMany({
    where: {
      payment: { customerId },
      OR: [
        { kind: 'refund', level: 'pending' },
        { kind: 'dispute', status: { notIn: CLOSED_DISPUTES } },
      ],
    },
    select: { id: true, kind: true, paymentId: true },
    ...page,
  });
  const approvals = await db.approval.findMany({
    where: { customerId, state: 'open' },
    select: { id: true },
    ...page,
  });
  const calls = await db.stripeCall.findMany({
    where: { state: 'open', purpose: { in: await purposesOf(db, customerId) } },
    select: { id: true },
    ...page,
  });
  return [
    ...backs.map(({ kind, id, paymentId }): OpenThing => ({ kind, id, paymentId })),
    ...approvals.map(({ id }): OpenThing => ({ kind: 'approval', id })),
    ...calls.map(({ id }): OpenThing => ({ kind: 'call', id })),
  ];
}

/** The rows whose calls may still be sent: each is written before its call. */
async function purposesOf(db: Db | Tx, customerId: string): Promise<string[]> {
  const unsent = { where: { customerId, state: 'created' as const }, select: { id: true }, ...page };
  const rows = [
    ...(await db.payment.findMany(unsent)),
    ...(await db.subscriptionOrder.findMany(unsent)),
    ...(await db.cardSetup.findMany({ where: { customerId }, select: { id: true }, ...page })),
    ...(await db.subscriptionAct.findMany({
      where: { subscription: { customerId }, state: 'asked' },
      select: { id: true },
      ...page,
    })),
    ...(await db.deletionStep.findMany({
      where: { deletion: { customerId } },
      select: { id: true },
      ...page,
    })),
  ];
  return [customerId, ...rows.map(({ id }) => id)];
}
