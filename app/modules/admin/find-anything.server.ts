import { type Db } from '~/platform/db.server';
import { formatMoney } from '~/platform/money';

import { listCustomers } from './list-customers.server';
import { listPayments, paymentFilters } from './list-payments.server';
import { type Found, type RealmRef } from './shared';

const MOST = 5;
const FIRST = { direction: 'first' } as const;

/** Ids that have a page of their own, by prefix. */
const PAGES: Readonly<Record<string, (db: Db, id: string) => Promise<Found | undefined>>> = {
  evt: async (db, id) => {
    const realms = await db.realm.findMany({ select: { id: true }, take: 50 });
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

/** What the palette offers for a text: the page of an id, customers, payments. */
export async function findAnything(
  db: Db,
  text: string,
  known: readonly RealmRef[],
  present: RealmRef,
): Promise<{ pages: Found[]; customers: Found[]; payments: Found[] }> {
  const search = new URLSearchParams({ q: text });
  const [pages, customers, payments] = await Promise.all([
    ownPage(db, text),
    listCustomers(db, { text }, present.mode, FIRST),
    listPayments(db, paymentFilters(search, known, present.id), FIRST),
  ]);
  return {
    pages,
    customers: customers.rows.slice(0, MOST).map(({ id, email, name }) => ({
      to: `/admin/customers/${id}`,
      what: 'Customer',
      title: email ?? name ?? id,
      detail: email === null || name === null ? id : name,
    })),
    payments: payments.rows.slice(0, MOST).map((payment) => ({
      to: `/admin/payments/${payment.id}`,
      what: 'Payment',
      payment: { amount: formatMoney(payment.amount, payment.currency), state: payment.state },
      title: payment.id,
      detail: payment.customer.email ?? payment.customer.name ?? payment.customer.id,
    })),
  };
}
