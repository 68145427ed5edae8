import * as z from 'zod';

import { refOfId } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';

export interface ScopeInput {
  realmId: string;
  /** Payments, customers and events by their ids. */
  about: readonly string[];
  /** Of a customer, what began then; all of it when left out. */
  from?: Date | undefined;
  to?: Date | undefined;
}

export interface Scope {
  payments: string[];
  customers: string[];
  /** In order of receipt. */
  events: string[];
  /** Objects at Stripe that are named in it. */
  objects: string[];
}

export type ScopeOutcome =
  | ({ outcome: 'found' } & Scope)
  | { outcome: 'unknown'; name: string }
  /** More events than a file should hold. */
  | { outcome: 'too_much'; events: number };

const MAX_EVENTS = 500;
const MAX_PAYMENTS = 200;
/** An object leads to another, which leads to a third: a session, its payment, a refund of it. */
const ROUNDS = 4;

/** All that belongs to what is asked for: its payments, who bought, and the events of every object that they lead to. */
export async function findScope(db: Db, input: ScopeInput): Promise<ScopeOutcome> {
  const { realmId, about } = input;
  const payments = new Set<string>();
  const objects = new Set<string>();
  for (const name of about)
    if (!(await addRoot(db, input, name, { payments, objects }))) return { outcome: 'unknown', name };
  const events = new Map<string, Date>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = objects.size + payments.size;
    for (const id of await objectsOfPayments(db, realmId, payments)) objects.add(id);
    for (const { id, receivedAt, payload } of await eventsOf(db, realmId, objects, about)) {
      events.set(id, receivedAt);
      for (const named of objectsIn(payload)) objects.add(named);
    }
    if (events.size > MAX_EVENTS) return { outcome: 'too_much', events: events.size };
    for (const id of await paymentsOf(db, realmId, objects)) payments.add(id);
    if (objects.size + payments.size === before) break;
  }
  const owners = await db.payment.findMany({
    where: { realmId, id: { in: [...payments] } },
    select: { customerId: true },
    take: MAX_PAYMENTS,
  });
  const asked = about.filter((name) => name.startsWith('cst_'));
  return {
    outcome: 'found',
    payments: [...payments],
    customers: [...new Set([...asked, ...owners.map(({ customerId }) => customerId)])],
    events: [...events].sort(([, one], [, other]) => one.getTime() - other.getTime()).map(([id]) => id),
    objects: [...objects],
  };
}

/** @returns false: there is none of that name */
async function addRoot(
  db: Db,
  { realmId, from, to }: ScopeInput,
  name: string,
  { payments, objects }: { payments: Set<string>; objects: Set<string> },
): Promise<boolean> {
  if (name.startsWith('pay_')) {
    payments.add(name);
    return (await db.payment.count({ where: { realmId, id: name } })) > 0;
  }
  if (name.startsWith('cst_')) {
    const began = { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) };
    const where = { realmId, customerId: name, createdAt: began };
    const rows = await db.payment.findMany({ where, select: { id: true }, take: MAX_PAYMENTS });
    for (const { id } of rows) payments.add(id);
    const orders = await db.subscriptionOrder.findMany({
      where,
      select: { stripeSession: true, stripeSubscription: true },
      take: MAX_PAYMENTS,
    });
    for (const id of orders.flatMap(Object.values<string | null>)) if (id !== null) objects.add(id);
    return (await db.customer.count({ where: { id: name } })) > 0;
  }
  const event = await db.event.findUnique({
    where: { realmId_id: { realmId, id: name } },
    select: { payload: true, objectId: true },
  });
  if (event === null) return false;
  for (const id of [...objectsIn(event.payload), ...(event.objectId === null ? [] : [event.objectId])])
    objects.add(id);
  return true;
}

const LINKS = {
  ...{ stripeSession: true, stripeIntent: true, stripeCharge: true, stripeInvoice: true },
  stripeSubscription: true,
} as const;

async function objectsOfPayments(db: Db, realmId: string, payments: ReadonlySet<string>): Promise<string[]> {
  const rows = await db.payment.findMany({
    where: { realmId, id: { in: [...payments] } },
    select: { ...LINKS, moneyBacks: { select: { stripeId: true }, take: 100 } },
    take: MAX_PAYMENTS,
  });
  return rows.flatMap(({ moneyBacks, ...links }) =>
    [...Object.values(links), ...moneyBacks.map(({ stripeId }) => stripeId)].filter((id) => id !== null),
  );
}

async function paymentsOf(db: Db, realmId: string, objects: ReadonlySet<string>): Promise<string[]> {
  const any = { in: [...objects] };
  const rows = await db.payment.findMany({
    where: {
      realmId,
      OR: [
        ...[{ stripeSession: any }, { stripeIntent: any }, { stripeCharge: any }, { stripeInvoice: any }],
        { stripeSubscription: any },
      ],
    },
    select: { id: true },
    take: MAX_PAYMENTS,
  });
  return rows.map(({ id }) => id);
}

function eventsOf(db: Db, realmId: string, objects: ReadonlySet<string>, about: readonly string[]) {
  return db.event.findMany({
    where: { realmId, OR: [{ objectId: { in: [...objects] } }, { id: { in: [...about] } }] },
    select: { id: true, receivedAt: true, payload: true },
    orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
    take: MAX_EVENTS + 1,
  });
}

/** What may lead from one payment to those of others: a person, a card, what is sold. */
const SHARED = new Set(['payment_method', undefined]);
const ID = /"((?:cs_test|cs_live|pi|seti|ch|py|in|sub|re|pyr|du|dp)_[A-Za-z0-9]{6,250})"/g;

const envelope = z.object({ data: z.object({ object: z.unknown() }) });
function objectsIn(payload: string): string[] {
  const told = envelope.safeParse(JSON.parse(payload));
  const text = JSON.stringify(told.data?.data.object ?? {});
  return [...text.matchAll(ID)].flatMap(([, id = '']) => (SHARED.has(refOfId(id)?.object) ? [] : [id]));
}
