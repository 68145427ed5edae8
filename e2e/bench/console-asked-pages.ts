import {
  countOpenApprovals,
  listApprovals,
  listReplayItems,
  readApproval,
  readAudit,
  readCall,
  readCatalogChoices,
  readCustomer,
  readCustomerHead,
  readCustomerMoney,
  readCustomerNotes,
  readCustomerTimeline,
  readDelivery,
  readDispute,
  readEvent,
  readLot,
  readOutgoing,
  readOverview,
  readPauses,
  readPayment,
  readRealms,
  readReplayPage,
  readTransfer,
  statementQuery,
} from '../../app/modules/admin/index.server';
import { previewDeletion, readDeletion } from '../../app/modules/customers/index.server';
import { listMonths, readRollForward } from '../../app/modules/finance/index.server';
import { listEndpoints } from '../../app/modules/outbox/index.server';
import { readReplay } from '../../app/modules/webhooks/index.server';
import {
  anyAsked,
  anyCustomer,
  anyDisputed,
  anyPaid,
  anyReplay,
  anyStanding,
  type Asked,
  below,
  dayAgo,
  found,
  monthAgo,
  type Store,
} from './console-pick';
import { EVENTS_EACH, idOf, REALM } from './console-shape';

/** What stands above each tab of a customer. */
async function readAbove({ db }: Store, id: string): Promise<void> {
  await found(readCustomerHead(db, id));
  await Promise.all([readDeletion(db, id), previewDeletion(db, id)]);
}

const customer = (title: string, tab: (store: Store, id: string) => Promise<unknown>): Asked => ({
  title,
  ask: (store) => {
    const id = idOf('cst', anyCustomer(store));
    return Promise.all([readAbove(store, id), tab(store, id)]);
  },
});
const statement = ({ db }: Store, id: string, query: string) =>
  found(readCustomer(db, id, statementQuery(new URLSearchParams(query), 'test')));

const page = (title: string, read: (store: Store) => Promise<unknown>): Asked => ({
  title,
  ask: (store) => found(read(store)),
});
const anyEvent = (store: Store) => idOf('evt', anyPaid(store) * EVENTS_EACH);

/** Pages of one thing, and those that sum up. */
export const PAGES: readonly Asked[] = [
  {
    title: 'around every page',
    ask: ({ db }) => Promise.all([readRealms(db), readPauses(db), countOpenApprovals(db)]),
  },
  {
    title: 'overview',
    ask: async ({ db, now }) => {
      const realm = (await readRealms(db)).find(({ id }) => id === REALM);
      if (realm) await readOverview(db, realm, now);
    },
  },
  page('payment page', (store) => readPayment(store.db, idOf('pay', anyPaid(store)))),
  page('payment page, disputed', (store) => readPayment(store.db, idOf('pay', anyDisputed(store)))),
  customer('customer page', (store, id) => statement(store, id, '')),
  customer('customer page, as of a day', (store, id) =>
    statement(store, id, `at=${dayAgo(store, below(700))}T12:00:00Z`),
  ),
  customer('customer page, payments', ({ db }, id) => readCustomerMoney(db, id)),
  customer('customer page, timeline', ({ db }, customerId) =>
    readCustomerTimeline(db, { customerId, book: 'test' }),
  ),
  customer('customer page, approvals', ({ db }, customerId) =>
    listApprovals(db, { of: { customerId } }, { direction: 'first' }),
  ),
  customer('customer page, notes', ({ db }, id) => readCustomerNotes(db, id)),
  page('dispute page', (store) => readDispute(store.db, idOf('mbk', anyDisputed(store)))),
  page('approval page', (store) => readApproval(store.db, idOf('apr', anyAsked(store)), 'usr_2')),
  page('event page', (store) => readEvent(store.db, anyEvent(store))),
  {
    title: 'event page, dead',
    ask: (store) =>
      Promise.all([
        found(readEvent(store.db, idOf('evt', anyStanding(store, 7) * EVENTS_EACH))),
        readCatalogChoices(store.db),
      ]),
  },
  page('delivery page', (store) => readDelivery(store.db, String(1 + below(store.payments)))),
  page('call page', (store) => readCall(store.db, idOf('scl', anyPaid(store)))),
  {
    title: 'replay page',
    ask: async (store) => {
      const id = idOf('rpl', anyReplay(store));
      await Promise.all([found(readReplayPage(store.db, id)), found(readReplay(store.db, id))]);
      await listReplayItems(store.db, id, { filter: undefined, after: undefined });
    },
  },
  page('message page', (store) => readOutgoing(store.db, idOf('msg', anyPaid(store)))),
  page('endpoints', ({ db }) => listEndpoints(db)),
  page('lot page', (store) => readLot(store.db, idOf('lot', anyPaid(store)))),
  page('transfer page', (store) => readTransfer(store.db, idOf('txf', anyPaid(store) * 11 + below(11)))),
  page('audit row', (store) => readAudit(store.db, String(1 + below(store.payments / 10)))),
  {
    title: 'finance, this month',
    ask: (store) =>
      Promise.all([
        readRollForward(store.db, { book: 'test', month: monthAgo(store, 0) }),
        listMonths(store.db, 'test', store.now),
      ]),
  },
  {
    title: 'finance, a year ago',
    ask: (store) =>
      Promise.all([
        readRollForward(store.db, { book: 'test', month: monthAgo(store, 12) }),
        listMonths(store.db, 'test', store.now),
      ]),
  },
];
