import { type Db } from '~/platform/db.server';
import { formatMoney } from '~/platform/money';

import { textOf } from './filters.server';
import { newestCustomers } from './list-customers.server';
import { newestPayments, paymentFilters } from './list-payments.server';
import { readInTime, TOO_LONG } from './read-in-time.server';
import { readRealms } from './realms.server';
import { type Found, type RealmRef } from './shared';

const MOST = 5;

/** Ids that have a page of their own, by prefix. */
const PAGES: Readonly<Record<string, (db: Db, id: string) => Promise<Found | undefined>>> = {
  evt: async (db, id) => {
    const realms = await readRealms(db);
    const event = await db.event.findFirst({
      where: { id, realmId: { in: realms.map((realm) => realm.id) } },
      select: { type: true },
    });
    return event === null
      ? undefined
      : { to: `/admin/webhooks/events/${id}`, what: 'Event', title: event.type, detail: id };
  },
  lot: async (db, id) => {
    const lot = await db.lot.findUnique({ where: { id }, select: { kind: true } });
    return lot === null
      ? undefined
      : { to: `/admin/lots/${id}`, what: 'Lot', title: `Credits from ${lot.kind}`, detail: id };
  },
  txf: async (db, id) => {
    const transfer = await db.transfer.findUnique({ where: { id }, select: { kind: true } });
    return transfer === null
      ? undefined
      : { to: `/admin/transfers/${id}`, what: 'Transfer', title: transfer.kind, detail: id };
  },
  scl: async (db, id) => {
    const call = await db.stripeCall.findUnique({ where: { id }, select: { kind: true } });
    return call === null
      ? undefined
      : { to: `/admin/webhooks/calls/${id}`, what: 'Call to Stripe', title: call.kind, detail: id };
  },
};

async function ownPage(db: Db, text: string): Promise<Found[]> {
  const find = PAGES[/^([a-z]{3})_\w+$/.exec(text)?.[1] ?? ''];
  const found = await find?.(db, text);
  return found === undefined ? [] : [found];
}

/** A search that takes too long offers nothing; the whole list, one step further, says so. */
async function unlessTooLong<Row>(reading: Promise<Row[]>): Promise<Row[]> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Response && error.status === TOO_LONG) return [];
    throw error;
  }
}

/** What the palette offers for the text of an address: the page of an id, customers, payments. */
export async function findAnything(
  db: Db,
  search: URLSearchParams,
  known: readonly RealmRef[],
  presentRealm: string,
): Promise<{ text: string; pages: Found[]; customers: Found[]; payments: Found[] }> {
  const text = textOf(search, 'q');
  if (text === undefined) return { text: '', pages: [], customers: [], payments: [] };
  const filters = paymentFilters(new URLSearchParams({ q: text }), known, presentRealm);
  const [pages, customers, payments] = await Promise.all([
    ownPage(db, text),
    unlessTooLong(newestCustomers(db, text, MOST)),
    unlessTooLong(readInTime(db, (tx) => newestPayments(tx, filters, MOST))),
  ]);
  return {
    text,
    pages,
    customers: customers.map(({ id, email, name }) => ({
      to: `/admin/customers/${id}`,
      what: 'Customer',
      title: email ?? name ?? id,
      detail: email === null || name === null ? id : name,
    })),
    payments: payments.map((payment) => ({
      to: `/admin/payments/${payment.id}`,
      what: 'Payment',
      payment: { amount: formatMoney(payment.amount, payment.currency), state: payment.state },
      title: payment.id,
      detail: payment.customer.email ?? payment.customer.name ?? payment.customer.id,
    })),
  };
}
