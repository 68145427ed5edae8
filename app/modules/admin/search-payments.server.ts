import * as z from 'zod';

import { hours, minutes } from '~/platform/time';

import { Prisma } from '../../../prisma/generated/client';
import { minorOf, parseAmount } from '~/platform/amount-text';
import { wordsOfCustomer } from './filters.server';
import { readCurrencies } from './read-currencies.server';
import { type Reader } from './read-in-time.server';

/**
 * What a ticket may contain, turned into conditions on `payment p`, each with an index of its own. An id says by itself
 * what it means, so it is found in every realm; words, amounts and card digits are looked for in the realms of the list.
 */
export type PaymentSearch =
  { kind: 'id'; conditions: Prisma.Sql[] } | { kind: 'words'; conditions: Prisma.Sql[] };

/** So many customers are looked up one by one; words that more of them share are met soon in any list. */
const MOST_CUSTOMERS = 2000;

const sql = Prisma.sql;

/** Columns that hold a Stripe id. */
const COLUMN: Readonly<Record<string, Prisma.Sql>> = {
  cs: sql`p.stripe_session`,
  pi: sql`p.stripe_intent`,
  ch: sql`p.stripe_charge`,
  py: sql`p.stripe_charge`,
  in: sql`p.stripe_invoice`,
  sub: sql`p.stripe_subscription`,
};

type Finder = (id: string, realmIds: string[]) => Prisma.Sql;

const inPayments = (rows: Prisma.Sql) => sql`p.id IN (${rows})`;
const moneyBackByStripeId: Finder = (id, realmIds) =>
  inPayments(sql`SELECT payment FROM money_back WHERE realm = ANY(${realmIds}) AND stripe_id = ${id}`);

/** Ids that lead to payments by another table. */
const FINDERS: Readonly<Record<string, Finder>> = {
  pay: (id) => sql`p.id = ${id}`,
  cst: (id) => sql`p.customer = ${id}`,
  usr: (id) => sql`p.customer IN (SELECT id FROM customer WHERE "user" = ${id})`,
  wal: (id) => sql`p.customer IN (SELECT customer FROM wallet WHERE id = ${id})`,
  cus: (id, realmIds) =>
    sql`p.customer IN (SELECT customer FROM stripe_customer WHERE realm = ANY(${realmIds}) AND stripe_id = ${id})`,
  scl: (id) => inPayments(sql`SELECT purpose FROM stripe_call WHERE id = ${id}`),
  lot: (id) => inPayments(sql`SELECT payment FROM lot WHERE id = ${id}`),
  txf: (id) => inPayments(sql`SELECT payment FROM transfer WHERE id = ${id}`),
  mbk: (id) => inPayments(sql`SELECT payment FROM money_back WHERE id = ${id}`),
  re: moneyBackByStripeId,
  pyr: moneyBackByStripeId,
  du: moneyBackByStripeId,
  dp: moneyBackByStripeId,
};

const events = z.array(z.object({ object_id: z.string().nullable() }));

/** Payments that an event changed, those that it caused a step of, and those that hold its object. */
async function byEvent(db: Reader, id: string, realmIds: string[]): Promise<Prisma.Sql[]> {
  const found = events.parse(
    await db.$queryRaw`SELECT object_id FROM event WHERE realm = ANY(${realmIds}) AND id = ${id}`,
  );
  const conditions = [
    inPayments(sql`
      SELECT payment FROM payment_change WHERE cause = ${`event:${id}`}
      UNION SELECT unnest(effects) FROM attempt WHERE realm = ANY(${realmIds}) AND event = ${id}`),
  ];
  for (const { object_id } of found)
    if (object_id !== null) conditions.push(...((await byId(db, object_id, realmIds)) ?? []));
  return conditions;
}

/** Our own request ids begin with their time: deliveries of that minute are few, so that none needs an index by it. */
async function byRequest(db: Reader, id: string, realmIds: string[]): Promise<Prisma.Sql[]> {
  const calls = inPayments(sql`SELECT purpose FROM stripe_call WHERE request_id = ${id}`);
  const stamp = /^req_([0-9a-f]{12})7[0-9a-f]{19}$/.exec(id)?.[1];
  if (stamp === undefined) return [calls];
  const at = Number.parseInt(stamp, 16);
  const rows = z.array(z.object({ event: z.string() })).parse(
    await db.$queryRaw`
      SELECT DISTINCT event FROM delivery
      WHERE at BETWEEN ${new Date(at - minutes(1))} AND ${new Date(at + hours(1))} AND request_id = ${id} AND event IS NOT NULL`,
  );
  const conditions = [calls];
  for (const { event } of rows) conditions.push(...(await byEvent(db, event, realmIds)));
  return conditions;
}

/** Conditions for a whole id; undefined when the text is none that a payment is reached by. */
async function byId(db: Reader, text: string, realmIds: string[]): Promise<Prisma.Sql[] | undefined> {
  const prefix = /^([a-z]{2,4})_\w+$/.exec(text)?.[1] ?? '';
  if (prefix === 'evt') return byEvent(db, text, realmIds);
  if (prefix === 'req') return byRequest(db, text, realmIds);
  const column = COLUMN[prefix];
  if (column !== undefined) return [sql`${column} = ${text}`];
  const finder = FINDERS[prefix];
  return finder === undefined ? undefined : [finder(text, realmIds)];
}

const customers = z.array(z.object({ id: z.string() }));

/**
 * Customers with payments whose e-mail or name holds the words, or whose id in the product is the text. Those who bought
 * nothing do not count: words that only they share would be looked for in vain to the list's end.
 */
async function byCustomer(db: Reader, text: string, realmIds: string[]): Promise<Prisma.Sql[]> {
  const isMeant = sql`(${wordsOfCustomer(text)} OR c.external_id = ${text})`;
  const found = customers.parse(
    await db.$queryRaw`
      SELECT c.id FROM customer c
      WHERE ${isMeant}
        AND (SELECT true FROM payment p WHERE p.customer = c.id AND p.realm = ANY(${realmIds}::text[]) LIMIT 1)
      LIMIT ${MOST_CUSTOMERS + 1}`,
  );
  if (found.length === 0) return [];
  if (found.length <= MOST_CUSTOMERS) return [sql`p.customer = ANY(${found.map(({ id }) => id)}::text[])`];
  // As a question about each row it keeps the list's own order: nearly every page holds some of so many customers.
  return [sql`(SELECT ${isMeant} FROM customer c WHERE c.id = p.customer)`];
}

/** "20" is $20.00 and ¥20: one condition per smallest unit, each over the currencies in which it means the same. */
async function byAmount(db: Reader, text: string, realmIds: string[]): Promise<Prisma.Sql[]> {
  const amount = parseAmount(text);
  if (amount === undefined) return [];
  const meant = new Map<bigint, string[]>();
  for (const currency of await readCurrencies(db, realmIds)) {
    const minor = minorOf(amount, currency);
    if (minor !== undefined) meant.set(minor, [...(meant.get(minor) ?? []), currency]);
  }
  return [...meant].map(
    ([minor, currencies]) =>
      sql`coalesce(p.amount_paid, p.amount_subtotal) = ${minor}::bigint AND p.currency = ANY(${currencies}::text[])`,
  );
}

/** "4242", "•••• 4242", "visa 4242" */
function byCard(text: string): Prisma.Sql[] {
  const last4 = /^(?:[a-z]+\s*)?[•*x.\s-]*(\d{4})$/i.exec(text)?.[1];
  return last4 === undefined ? [] : [sql`p.card IS NOT NULL AND right(p.card, 4) = ${last4}`];
}

/** Nothing found has no condition: the list is empty then. */
export async function searchPayments(
  db: Reader,
  text: string,
  listed: string[],
  known: string[],
): Promise<PaymentSearch> {
  const ids = await byId(db, text, known);
  // The product's own ids may look like ours or Stripe's.
  const ofProduct = sql`p.customer IN (SELECT id FROM customer WHERE external_id = ${text})`;
  if (ids !== undefined) return { kind: 'id', conditions: [...ids, ofProduct] };
  const ofCustomers = await byCustomer(db, text, listed);
  const ofAmounts = await byAmount(db, text, listed);
  return { kind: 'words', conditions: [...ofCustomers, ...ofAmounts, ...byCard(text)] };
}
