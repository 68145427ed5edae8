import {
  approvalFilters,
  auditFilters,
  callFilters,
  customerFilters,
  deadLetterFilters,
  deliveryFilters,
  eventFilters,
  exportPayments,
  findAnything,
  groupDeadLetters,
  listApprovals,
  listAudit,
  listCalls,
  listCustomers,
  listDeadLetters,
  listDeliveries,
  listEvents,
  listMoneyBacks,
  listOutgoing,
  listPayments,
  listReplays,
  listTold,
  moneyBackFilters,
  outgoingFilters,
  pageOf,
  paymentFilters,
  readAuditWords,
  readCatalogChoices,
  readCurrencies,
  readRealms,
  replayFilters,
} from '../../app/modules/admin/index.server';
import { listEndpoints } from '../../app/modules/outbox/index.server';
import {
  anyCustomer,
  anyPaid,
  anyPlan,
  anyRefunded,
  anyWeek,
  type Asked,
  below,
  dayAgo,
  deep,
  filled,
  type Store,
} from './console-pick';
import { ENDPOINT, EVENTS_EACH, idOf, REALM } from './console-shape';

type Query = (store: Store) => string;
const none: Query = () => '';

/** Lists of one kind: what differs is the address. */
const listing =
  (read: (store: Store, search: URLSearchParams) => Promise<unknown>) =>
  (title: string, query: Query = none): Asked => ({
    title,
    ask: async (store) => read(store, new URLSearchParams(query(store))),
  });

const payments = listing(async ({ db }, search) => {
  const filters = paymentFilters(search, await readRealms(db), REALM);
  await Promise.all([
    filled(listPayments(db, filters, pageOf(search))),
    readCurrencies(db, filters.realmIds),
  ]);
});
const moneyBacks = (kind: 'refund' | 'dispute') =>
  listing(async ({ db }, search) =>
    filled(listMoneyBacks(db, moneyBackFilters(search, kind, await readRealms(db), REALM), pageOf(search))),
  );
const refunds = moneyBacks('refund');
const disputes = moneyBacks('dispute');
const events = listing(async ({ db }, search) =>
  filled(listEvents(db, eventFilters(search, await readRealms(db), REALM), pageOf(search))),
);
const deadLetters = listing(async ({ db }, search) => {
  const filters = deadLetterFilters(search, await readRealms(db), REALM);
  await Promise.all([
    filled(listDeadLetters(db, filters, pageOf(search))),
    groupDeadLetters(db, filters),
    readCatalogChoices(db),
  ]);
});
const deliveries = listing(async ({ db, now }, search) =>
  filled(listDeliveries(db, deliveryFilters(search, await readRealms(db), REALM, now), pageOf(search))),
);
const calls = listing(async ({ db }, search) =>
  filled(listCalls(db, callFilters(search, await readRealms(db), REALM), pageOf(search))),
);
const replays = listing(async ({ db }, search) =>
  filled(listReplays(db, replayFilters(search, await readRealms(db), REALM), pageOf(search))),
);
const outgoing = listing(async ({ db }, search) => {
  const list = search.get('view') === 'messages' ? listTold : listOutgoing;
  await listEndpoints(db, { book: 'test', withRemoved: true });
  await filled<{ rows: readonly unknown[] }>(list(db, outgoingFilters(search, 'test'), pageOf(search)));
});
const customers = listing(({ db }, search) =>
  filled(listCustomers(db, customerFilters(search), 'test', pageOf(search))),
);
const approvals = listing(({ db }, search) =>
  filled(listApprovals(db, approvalFilters(search, 'usr_1'), pageOf(search))),
);
const audit = listing(({ db }, search) =>
  Promise.all([filled(listAudit(db, auditFilters(search), pageOf(search))), readAuditWords(db)]),
);
const palette = listing(async ({ db }, search) => findAnything(db, search, await readRealms(db), REALM));

const emailOf = (n: number) => `customer${n}@mail${n % 97}.example`;
const week: Query = (store) => new URLSearchParams({ ...anyWeek(store) }).toString();

/** Lists, with the filters that people set and what tickets contain. */
export const LISTS: readonly Asked[] = [
  payments('payments'),
  payments('payments, a page deep in the list', (store) => deep(store, 'pay')),
  payments('payments, paid', () => 'state=paid'),
  payments('payments, failed', () => 'state=failed'),
  payments('payments, in review', () => 'state=review'),
  payments('payments, plans', () => 'kind=plan'),
  payments('payments, EUR and expired', () => 'currency=eur&state=expired'),
  payments('payments, begun in one week', week),
  payments('payments, settled in one week', (store) => {
    const { since, until } = anyWeek(store);
    return `settled=${since}&settledUntil=${until}`;
  }),
  payments('payments, between two amounts', () => 'min=40&max=60'),
  payments('search: e-mail', (store) => `q=${emailOf(anyCustomer(store))}`),
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
  payments('search: last 4', () => `q=${String(below(200)).padStart(4, '0')}`),
  palette('palette: e-mail', (store) => `q=${emailOf(anyCustomer(store))}`),
  palette('palette: name', () => 'q=Okafor'),
  palette('palette: evt_', (store) => `q=${idOf('evt', anyPaid(store) * EVENTS_EACH)}`),
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
  customers('customers'),
  customers('customers, a page deep in the list', (store) => deep(store, 'cst')),
  customers('customers, by name', () => 'q=Okafor'),
  customers('customers, cus_', (store) => `q=${idOf('cus', anyCustomer(store))}`),
  refunds('refunds'),
  refunds('refunds, a page deep in the list', (store) => deep(store, 'mbk')),
  refunds('refunds, succeeded for a reason', () => 'status=succeeded&reason=goodwill'),
  refunds('refunds, re_', (store) => `q=${idOf('re', anyRefunded(store))}`),
  refunds('refunds, of an e-mail', (store) => `q=${emailOf(1 + 50 * below(store.payments / 500))}`),
  disputes('disputes'),
  disputes('disputes, to be answered', () => 'status=needs_response'),
  approvals('approvals'),
  approvals('approvals, executed', () => 'state=executed'),
  approvals('approvals, mine', () => 'mine='),
  events('events'),
  events('events, a page deep in the list', (store) => deep(store, 'evt')),
  events('events, dead', () => 'status=dead'),
  events('events, done', () => 'status=done'),
  events('events, of a type', () => 'type=charge.succeeded'),
  events('events, duplicates', () => 'decision=duplicate'),
  events('events, of an object', (store) => `object=${idOf('pi', anyPaid(store))}`),
  events('events, received in one week', week),
  deadLetters('dead letters'),
  deadLetters('dead letters, for a reason', () => 'status=dead&reason=settled'),
  deliveries('deliveries'),
  deliveries('deliveries, a page deep in the list', (store) => deep(store)),
  deliveries('deliveries, refused', () => 'verdict=bad_signature'),
  deliveries('deliveries, of an address', () => 'ip=3.18.12.4'),
  deliveries(
    'deliveries, of a path on one day',
    (store) => `path=/webhooks/stripe&since=${dayAgo(store, 1)}`,
  ),
  calls('calls to Stripe'),
  calls('calls to Stripe, open', () => 'state=open'),
  replays('replays'),
  replays('replays, dry runs', () => 'kind=dry'),
  outgoing('outgoing'),
  outgoing('outgoing, a page deep in the list', (store) => deep(store, 'snd')),
  outgoing('outgoing, given up', () => 'state=failed'),
  outgoing('outgoing, to an endpoint', () => `endpoint=${ENDPOINT}`),
  outgoing('outgoing, of a customer', (store) => `customer=${idOf('cst', anyCustomer(store))}`),
  outgoing('outgoing, messages', () => 'view=messages'),
  outgoing('outgoing, messages of a type', () => 'view=messages&type=payment.settled'),
  audit('audit'),
  audit('audit, a page deep in the list', (store) => deep(store)),
  audit('audit, of a subject', (store) => `q=${idOf('pay', below(store.payments / 10) * 10)}`),
  audit('audit, by actor and reason', () => 'actor=usr_0&reason=goodwill'),
];
