import {
  auditFilters,
  callFilters,
  customerFilters,
  deliveryFilters,
  eventFilters,
  exportPayments,
  findAnything,
  listAudit,
  listCalls,
  listCustomers,
  listDeliveries,
  listEvents,
  listPayments,
  pageOf,
  paymentFilters,
  readAuditWords,
  readCustomer,
  readEvent,
  readLot,
  readOverview,
  readPayment,
  readRealms,
  readTransfer,
  statementQuery,
} from '../../app/modules/admin/index.server';
import { listMonths, readRollForward } from '../../app/modules/finance/index.server';
import { type Db } from '../../app/platform/db.server';
import { days, utcDay } from '../../app/platform/time';
import { EVENTS_EACH, idOf, PAYMENTS_EACH, REALM } from './console-build';

export interface Store {
  db: Db;
  payments: number;
}

interface Asked {
  title: string;
  ask: (store: Store) => Promise<unknown>;
}

const below = (limit: number) => Math.floor(Math.random() * limit);
/** A paid payment, of any time. */
const anyPaid = ({ payments }: Store) => below(payments / 10) * 10 + below(9);
const anyPlan = ({ payments }: Store) => below(payments / 10) * 10 + 3;
const anyRefunded = ({ payments }: Store) => below(payments / 50) * 50 + 1;
const anyCustomer = ({ payments }: Store) => below(payments / PAYMENTS_EACH / 10) * 10 + below(9);
const dayAgo = (n: number) => utcDay(new Date(Date.now() - days(n)));
const monthAgo = (n: number) => utcDay(new Date(Date.now() - days(30 * n))).slice(0, 7);

const payments = (title: string, query: (store: Store) => string): Asked => ({
  title,
  ask: async (store) => {
    const search = new URLSearchParams(query(store));
    const filters = paymentFilters(search, await readRealms(store.db), REALM);
    const list = await listPayments(store.db, filters, pageOf(search));
    if (list.rows.length === 0 && search.has('q')) throw new Error(`${title}: nothing for ${search}`);
  },
});
const events = (title: string, query: (store: Store) => string): Asked => ({
  title,
  ask: async (store) => {
    const search = new URLSearchParams(query(store));
    return listEvents(store.db, eventFilters(search, await readRealms(store.db), REALM), pageOf(search));
  },
});
const deliveries = (title: string, query: string): Asked => ({
  title,
  ask: async (store) => {
    const search = new URLSearchParams(query);
    const filters = deliveryFilters(search, await readRealms(store.db), REALM, new Date());
    return listDeliveries(store.db, filters, pageOf(search));
  },
});
const customers = (title: string, query: (store: Store) => string): Asked => ({
  title,
  ask: (store) => {
    const search = new URLSearchParams(query(store));
    return listCustomers(store.db, customerFilters(search), 'test', pageOf(search));
  },
});
const audit = (title: string, query: (store: Store) => string): Asked => ({
  title,
  ask: (store) => {
    const search = new URLSearchParams(query(store));
    return listAudit(store.db, auditFilters(search), pageOf(search));
  },
});
/** A page that lies somewhere in the list. */
const deep = () => {
  const at = new Date(Date.now() - days(1 + below(700))).toISOString().replace('Z', '000Z');
  return `after=${encodeURIComponent(`5000~${at}~${idOf('pay', 0)}`)}`;
};
const found = async <T>(reading: Promise<T | undefined>): Promise<T> => {
  const read = await reading;
  if (read === undefined) throw new Error('The page is not there.');
  return read;
};

export const ASKED: readonly Asked[] = [
  {
    title: 'overview',
    ask: async ({ db }) => {
      const realm = (await readRealms(db)).find(({ id }) => id === REALM);
      if (realm) await readOverview(db, realm, new Date());
    },
  },
  payments('payments', () => ''),
  payments('payments, a page deep in the list', deep),
  payments('payments, paid', () => 'state=paid'),
  payments('payments, failed', () => 'state=failed'),
  payments('payments, in review', () => 'state=review'),
  payments('payments, plans', () => 'kind=plan'),
  payments('payments, EUR and failed', () => 'currency=eur&state=failed'),
  payments('payments, begun in one week', () => {
    const n = 7 + below(700);
    return `since=${dayAgo(n)}&until=${dayAgo(n - 7)}`;
  }),
  payments('payments, settled on one day', () => `settled=${dayAgo(1)}&settledUntil=${dayAgo(1)}`),
  payments('payments, between two amounts', () => 'min=40&max=60'),
  payments('search: e-mail', (store) => {
    const n = anyCustomer(store);
    return `q=customer${n}@mail${n % 97}.example`;
  }),
  payments('search: part of an e-mail', (store) => `q=customer${anyCustomer(store)}@`),
  payments('search: name', () => 'q=Maya Okafor'),
  payments('search: pay_', (store) => `q=${idOf('pay', anyPaid(store))}`),
  payments('search: cs_', (store) => `q=${idOf('cs_test', anyPaid(store))}`),
  payments('search: pi_', (store) => `q=${idOf('pi', anyPaid(store))}`),
  payments('search: ch_', (store) => `q=${idOf('ch', anyPaid(store))}`),
  payments('search: re_', (store) => `q=${idOf('re', anyRefunded(store))}`),
  payments('search: in_', (store) => `q=${idOf('in', anyPlan(store))}`),
  payments('search: sub_', (store) => `q=${idOf('sub', anyPlan(store))}`),
  payments('search: evt_', (store) => `q=${idOf('evt', anyPaid(store) * EVENTS_EACH)}`),
  payments('search: amount', () => `q=${5 + below(40) * 2.5}`),
  payments('search: last 4', (store) => `q=${String(anyPaid(store) % 10_000).padStart(4, '0')}`),
  {
    title: 'palette: e-mail',
    ask: async (store) => {
      const n = anyCustomer(store);
      const search = new URLSearchParams({ q: `customer${n}@mail${n % 97}.example` });
      return findAnything(store.db, search, await readRealms(store.db), REALM);
    },
  },
  { title: 'payment page', ask: (store) => found(readPayment(store.db, idOf('pay', anyPaid(store)))) },
  customers('customers', () => ''),
  customers('customers, by name', () => 'q=Okafor'),
  {
    title: 'customer page',
    ask: (store) =>
      found(
        readCustomer(
          store.db,
          idOf('cst', anyCustomer(store)),
          statementQuery(new URLSearchParams(), 'test'),
        ),
      ),
  },
  events('events', () => ''),
  events('events, dead', () => 'status=dead'),
  events('events, of a type', () => 'type=charge.succeeded'),
  events('events, of an object', (store) => `object=${idOf('pi', anyPaid(store))}`),
  events('events, received in one week', () => {
    const n = 7 + below(700);
    return `since=${dayAgo(n)}&until=${dayAgo(n - 7)}`;
  }),
  {
    title: 'event page',
    ask: (store) => found(readEvent(store.db, idOf('evt', anyPaid(store) * EVENTS_EACH))),
  },
  deliveries('deliveries', ''),
  deliveries('deliveries, refused', 'verdict=bad_signature'),
  deliveries('deliveries, of an address', 'ip=3.18.12.7'),
  {
    title: 'calls to Stripe',
    ask: async ({ db }) =>
      listCalls(db, callFilters(new URLSearchParams(), await readRealms(db), REALM), { direction: 'first' }),
  },
  { title: 'lot page', ask: (store) => found(readLot(store.db, idOf('lot', anyPaid(store)))) },
  {
    title: 'transfer page',
    ask: (store) => found(readTransfer(store.db, idOf('txf', anyPaid(store) * 11 + below(11)))),
  },
  audit('audit', () => ''),
  audit('audit, of a subject', (store) => `q=${idOf('pay', below(store.payments / 10) * 10)}`),
  audit('audit, by actor and reason', () => 'actor=usr_0&reason=goodwill'),
  { title: 'audit, its acts and reasons', ask: ({ db }) => readAuditWords(db) },
  {
    title: 'finance, this month',
    ask: ({ db }) =>
      Promise.all([
        readRollForward(db, { book: 'test', month: monthAgo(0) }),
        listMonths(db, 'test', new Date()),
      ]),
  },
  {
    title: 'finance, a year ago',
    ask: ({ db }) => readRollForward(db, { book: 'test', month: monthAgo(12) }),
  },
  {
    title: 'payments.csv, to its first rows',
    ask: async ({ db }) => {
      const filters = paymentFilters(new URLSearchParams(), await readRealms(db), REALM);
      const reader = exportPayments(db, filters, new AbortController().signal).getReader();
      await reader.read();
      await reader.read();
      await reader.cancel();
    },
  },
];
