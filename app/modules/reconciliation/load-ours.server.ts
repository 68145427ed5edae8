import * as z from 'zod';

import { type ListedObject } from '~/modules/stripe/index.server';
import { type StripeFact } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';

import {
  MoneyBackKind,
  MoneyBackLevel,
  PaymentKind,
  PaymentState,
  SubscriptionStatus,
} from '../../../prisma/generated/enums';
import { Ours } from './ours';

const paymentRow = z
  .object({
    id: z.string(),
    customer: z.string(),
    kind: z.enum(PaymentKind),
    state: z.enum(PaymentState),
    credits: z.bigint(),
    currency: z.string(),
    amount_paid: z.bigint().nullable(),
    money_object: z.string().nullable(),
    stripe_session: z.string().nullable(),
    stripe_intent: z.string().nullable(),
    stripe_charge: z.string().nullable(),
    stripe_invoice: z.string().nullable(),
    granted: z.bigint().nullable(),
  })
  .transform((row) => ({
    ...{ id: row.id, customerId: row.customer, kind: row.kind, state: row.state, credits: row.credits },
    ...{ currency: row.currency, amountPaid: row.amount_paid, moneyObject: row.money_object },
    ...{ session: row.stripe_session, intent: row.stripe_intent, charge: row.stripe_charge },
    ...{ invoice: row.stripe_invoice, granted: row.granted ?? 0n },
  }));
/** A payment as a comparison needs it. `granted`: the credits of all lots that the ledger gave for it. */
export type OurPayment = z.output<typeof paymentRow>;

const moneyBackRow = z
  .object({
    id: z.string(),
    kind: z.enum(MoneyBackKind),
    stripe_id: z.string().nullable(),
    payment: z.string(),
    status: z.string(),
    rank: z.int(),
    level: z.enum(MoneyBackLevel),
    amount: z.bigint(),
    taken: z.bigint(),
  })
  .transform(({ stripe_id: stripeId, payment: paymentId, ...same }) => ({ ...same, stripeId, paymentId }));
export type OurMoneyBack = z.output<typeof moneyBackRow>;

const subscriptionRow = z
  .object({
    stripe_id: z.string(),
    customer: z.string(),
    status: z.enum(SubscriptionStatus),
    stripe_price: z.string(),
    period_end: z.date(),
    ends_at: z.date().nullable(),
    ended_at: z.date().nullable(),
  })
  .transform((row) => ({
    ...{ stripeId: row.stripe_id, customerId: row.customer, status: row.status, price: row.stripe_price },
    ...{ periodEnd: row.period_end, endsAt: row.ends_at, endedAt: row.ended_at },
  }));
export type OurSubscription = z.output<typeof subscriptionRow>;

const customerRow = z.object({ stripe_id: z.string(), customer: z.string() });

/** All that we have about a page of objects, in four questions however many they are. */
export async function loadOurs(
  db: Db,
  realmId: string,
  objects: readonly Pick<ListedObject, 'fact' | 'parentOurs'>[],
): Promise<Ours> {
  const facts = objects.map(({ fact }) => fact);
  const backs = await readMoneyBacks(db, realmId, facts);
  const named = objects.flatMap(({ fact, parentOurs }) => [fact.ours.payment, parentOurs?.payment]);
  const payments = await readPayments(db, realmId, {
    ids: [...named, ...backs.map(({ paymentId }) => paymentId)].filter((id) => id !== undefined),
    links: facts.flatMap(linksOf),
  });
  return new Ours({
    realmId,
    payments,
    backs,
    subscriptions: await readSubscriptions(db, realmId, facts),
    customers: await readCustomers(db, realmId, facts),
  });
}

/** Payments by their own ids and by any of Stripe's that they are linked to: one index for each. */
export async function readPayments(
  db: Db,
  realmId: string,
  { ids, links }: { ids: readonly string[]; links: readonly string[] },
): Promise<OurPayment[]> {
  if (ids.length === 0 && links.length === 0) return [];
  const rows = await db.$queryRaw`
    SELECT p.id, p.customer, p.kind::text AS kind, p.state::text AS state, p.credits, p.currency, p.amount_paid, p.money_object,
      p.stripe_session, p.stripe_intent, p.stripe_charge, p.stripe_invoice,
      (SELECT sum(l.granted)::bigint FROM lot l WHERE l.payment = p.id AND l.parent_lot IS NULL) AS granted
    FROM payment p WHERE p.realm = ${realmId} AND p.id IN (
      SELECT id FROM payment WHERE id = ANY (${[...ids]}::text[])
      UNION SELECT id FROM payment WHERE realm = ${realmId} AND stripe_session = ANY (${[...links]}::text[])
      UNION SELECT id FROM payment WHERE realm = ${realmId} AND money_object = ANY (${[...links]}::text[])
      UNION SELECT id FROM payment WHERE realm = ${realmId} AND stripe_intent = ANY (${[...links]}::text[])
      UNION SELECT id FROM payment WHERE realm = ${realmId} AND stripe_charge = ANY (${[...links]}::text[])
      UNION SELECT id FROM payment WHERE realm = ${realmId} AND stripe_invoice = ANY (${[...links]}::text[]))
    ORDER BY p.created_at, p.id`;
  return z.array(paymentRow).parse(rows);
}

function linksOf(fact: StripeFact): string[] {
  switch (fact.kind) {
    case 'session':
      return [fact.id, fact.intentId].filter((id) => id !== undefined);
    case 'charge':
    case 'refund':
    case 'dispute':
      return [fact.kind === 'charge' ? fact.id : fact.chargeId, fact.intentId].filter(
        (id) => id !== undefined,
      );
    case 'intent':
      return [fact.id];
    case 'invoice':
      return [fact.id, ...(fact.plan?.payments ?? []).map(({ intentId }) => intentId)];
    case 'subscription':
    case 'charge_refunds':
    case 'card':
    case 'card_setup':
      return [];
  }
}

async function readMoneyBacks(
  db: Db,
  realmId: string,
  facts: readonly StripeFact[],
): Promise<OurMoneyBack[]> {
  const gone = facts.filter((fact) => fact.kind === 'refund' || fact.kind === 'dispute');
  if (gone.length === 0) return [];
  const ids = gone.map(({ id }) => id);
  const named = gone.flatMap(({ ours }) => ours.row ?? []);
  const rows = await db.$queryRaw`
    SELECT id, kind::text AS kind, stripe_id, payment, status, rank, level::text AS level, amount, taken FROM money_back
    WHERE id IN (
      SELECT id FROM money_back WHERE realm = ${realmId} AND stripe_id = ANY (${ids}::text[])
      UNION SELECT id FROM money_back WHERE realm = ${realmId} AND id = ANY (${named}::text[]))`;
  return z.array(moneyBackRow).parse(rows);
}

async function readSubscriptions(
  db: Db,
  realmId: string,
  facts: readonly StripeFact[],
): Promise<OurSubscription[]> {
  const ids = facts.flatMap((fact) => {
    if (fact.kind === 'subscription') return fact.id;
    return fact.kind === 'invoice' ? (fact.subscriptionId ?? []) : [];
  });
  if (ids.length === 0) return [];
  const rows = await db.$queryRaw`
    SELECT stripe_id, customer, status::text AS status, stripe_price, period_end, ends_at, ended_at FROM subscription
    WHERE realm = ${realmId} AND stripe_id = ANY (${ids}::text[])`;
  return z.array(subscriptionRow).parse(rows);
}

/** A plan's objects may be ours by their customer alone. */
async function readCustomers(
  db: Db,
  realmId: string,
  facts: readonly StripeFact[],
): Promise<Map<string, string>> {
  const ids = facts.flatMap((fact) =>
    fact.kind === 'subscription' || fact.kind === 'invoice' ? (fact.stripeCustomer ?? []) : [],
  );
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw`
    SELECT stripe_id, customer FROM stripe_customer WHERE realm = ${realmId} AND stripe_id = ANY (${ids}::text[])`;
  return new Map(
    z
      .array(customerRow)
      .parse(rows)
      .map((row) => [row.stripe_id, row.customer]),
  );
}
