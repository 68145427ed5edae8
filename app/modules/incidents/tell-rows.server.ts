import { type Keep } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';

import { type Incident } from './incident-file';
import { type Scope } from './find-scope.server';
import { safeNumber } from './safe-number';

const MANY = 500;

/** What stood here before anything came: what was for sale, who bought, and their payments as they were opened. */
export async function tellBefore(
  db: Db,
  realmId: string,
  scope: Scope,
  keep: Keep,
): Promise<Omit<Incident['before'], 'customers'> & { born: ReadonlySet<string> }> {
  const { id: named } = keep.names;
  const orNull = (id: string | null) => (id === null ? null : named(id));
  const payments = await db.payment.findMany({
    where: { realmId, id: { in: scope.payments } },
    include: { changes: { orderBy: { n: 'asc' }, take: 1 } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MANY,
  });
  const orders = await db.subscriptionOrder.findMany({
    where: { realmId, stripeSession: { in: scope.objects } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MANY,
  });
  const born = new Set(payments.flatMap(({ id, changes }) => (isOfEvent(changes[0]?.cause) ? [id] : [])));
  const versions = [...payments, ...orders].flatMap(({ versionId }) => versionId ?? []);
  return {
    born,
    versions: await tellVersions(db, realmId, versions, keep),
    payments: payments
      .filter(({ id }) => !born.has(id))
      .map((one) => ({
        ...{ id: named(one.id), customer: named(one.customerId), kind: one.kind },
        ...{ version: orNull(one.versionId), quantity: one.quantity, credits: safeNumber(one.credits) },
        ...{ currency: one.currency, amountSubtotal: safeNumber(one.amountSubtotal) },
        session: orNull(one.stripeSession),
        // A sale on a page learns its PaymentIntent by events; one without a page begins with it.
        intent: one.stripeSession === null ? orNull(one.stripeIntent) : null,
      })),
    orders: orders.map((one) => ({
      ...{ id: named(one.id), customer: named(one.customerId), version: named(one.versionId) },
      ...{ currency: one.currency, trialDays: one.trialDays, session: orNull(one.stripeSession) },
    })),
  };
}

/** Payments that an event made are made by it again. */
const isOfEvent = (cause: string | undefined): boolean => cause?.startsWith('event:') ?? false;

async function tellVersions(
  db: Db,
  realmId: string,
  ids: readonly string[],
  { names }: Keep,
): Promise<Incident['before']['versions']> {
  const versions = await db.catalogVersion.findMany({
    where: { id: { in: [...ids] } },
    include: { item: true, prices: { include: { stripePrices: { where: { realmId } } } } },
    orderBy: { id: 'asc' },
    take: MANY,
  });
  return versions.map((one) => ({
    ...{ id: names.id(one.id), item: names.id(one.itemId), kind: one.item.kind, code: one.item.code },
    ...{ credits: safeNumber(one.credits), expiresDays: one.expiresDays, interval: one.interval },
    ...{ trialDays: one.trialDays, rolloverPeriods: one.rolloverPeriods },
    trialCredits: one.trialCredits === null ? null : safeNumber(one.trialCredits),
    prices: one.prices.map(({ currency, amount, stripePrices: [sold] }) => ({
      ...{
        currency,
        amount: safeNumber(amount),
        stripeId: sold === undefined ? null : names.id(sold.stripeId),
      },
    })),
  }));
}

/** How payments and wallets stand in the end. */
export async function tellEnds(
  db: Db,
  { realmId, book }: { realmId: string; book: 'test' | 'live' },
  scope: Scope,
  { born, keep }: { born: ReadonlySet<string>; keep: Keep },
): Promise<Omit<Incident['expected'], 'events'>> {
  const { id: named } = keep.names;
  const orNull = (id: string | null) => (id === null ? null : named(id));
  const payments = await db.payment.findMany({
    where: { realmId, id: { in: scope.payments } },
    include: { lots: true, claim: true, moneyBacks: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MANY,
  });
  const wallets = await db.wallet.findMany({
    where: { bookId: book, customerId: { in: scope.customers } },
    orderBy: { customerId: 'asc' },
    take: MANY,
  });
  return {
    payments: payments.map((one) => ({
      known: named(born.has(one.id) ? (one.stripeInvoice ?? one.moneyObject ?? one.id) : one.id),
      ...{ state: one.state, reviewReason: one.reviewReason, moneyObject: orNull(one.moneyObject) },
      amountPaid: one.amountPaid === null ? null : safeNumber(one.amountPaid),
      granted: safeNumber(
        one.lots.reduce((sum, lot) => (lot.parentLotId === null ? sum + lot.granted : sum), 0n),
      ),
      taken: one.claim && { gone: safeNumber(one.claim.tGone), all: safeNumber(one.claim.tAll) },
      backs: one.moneyBacks.map((back) => ({
        ...{ stripeId: orNull(back.stripeId), status: back.status, level: back.level },
        taken: safeNumber(back.taken),
      })),
    })),
    customers: wallets.map((one) => ({
      ...{
        customer: named(one.customerId),
        available: safeNumber(one.available),
        held: safeNumber(one.held),
      },
      ...{ claimed: safeNumber(one.claimed), debt: safeNumber(one.debt), frozen: one.frozenAt !== null },
    })),
  };
}
