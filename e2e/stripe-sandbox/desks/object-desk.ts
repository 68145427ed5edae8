import * as z from 'zod';
import { idIn, type World } from '../engine/world';
import type { ObjectDesk, ObjectRow, Page, PageQuery } from '../sandbox';
import type { EventDesk } from '../sandbox-webhooks';
import type { Collection } from '../store/collection';
import { deskPage } from './pages';

/** The part of any Stripe object that a list shows. */
const shown = z.looseObject({
  id: z.string(),
  object: z.string(),
  created: z.number().optional(),
  status: z.string().nullish(),
  amount: z.number().nullish(),
  total: z.number().nullish(),
  amount_total: z.number().nullish(),
  unit_amount: z.number().nullish(),
  currency: z.string().nullish(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  code: z.string().nullish(),
  url: z.string().nullish(),
  type: z.string().nullish(),
  number: z.string().nullish(),
  customer: z.union([z.string(), z.object({ id: z.string() })]).nullish(),
});

/** Every kind of object under the name of its list, in the order of the panel. */
function collectionsOf({ store }: World) {
  return {
    customers: store.customers,
    sessions: store.sessions,
    payment_intents: store.paymentIntents,
    charges: store.charges,
    refunds: store.refunds,
    disputes: store.disputes,
    subscriptions: store.subscriptions,
    invoices: store.invoices,
    invoice_items: store.invoiceItems,
    invoice_payments: store.invoicePayments,
    payment_methods: store.paymentMethods,
    setup_intents: store.setupIntents,
    products: store.products,
    prices: store.prices,
    coupons: store.coupons,
    promotion_codes: store.promotionCodes,
    balance_transactions: store.balanceTransactions,
    test_clocks: store.testClocks,
    portal_sessions: store.portalSessions,
    webhook_endpoints: store.endpoints,
  };
}

type Readable = Pick<Collection<{ id: string }>, 'get' | 'page' | 'referencesTo' | 'size'>;

/** Looks at anything the sandbox holds, by kind or by id. */
export function objectDesk(world: World, events: Pick<EventDesk, 'about'>): ObjectDesk {
  const collections = new Map<string, Readable>(Object.entries(collectionsOf(world)));
  const holderOf = (id: string) =>
    [...collections.values()].find((collection) => collection.get(id) !== undefined);
  return {
    kinds: () => [...collections].map(([kind, { size }]) => ({ kind, count: size })),
    list(kind: string, query?: PageQuery): Page<ObjectRow> | undefined {
      const collection = collections.get(kind);
      return collection && deskPage(collection, query, rowOf);
    },
    find(id) {
      const row = holderOf(id)?.get(id);
      if (!row) return undefined;
      const relatives = [...collections.values()].flatMap((collection) => collection.referencesTo(id));
      return {
        ...rowOf(row),
        links: linksOf(row).filter((other) => other !== id && holderOf(other) !== undefined),
        json: JSON.stringify(row, null, 2),
        relatives: relatives.map(rowOf),
        events: events.about([id]),
      };
    },
    called(text) {
      const wanted = text.toLowerCase();
      const isCalled = (row: { id: string }): boolean => {
        const { code, email, name, number } = shown.parse(row);
        return [code, email, name, number].some((one) => one?.toLowerCase().startsWith(wanted));
      };
      const pages = [...collections.values()].map((collection) =>
        deskPage(collection, { limit: MOST_CALLED }, rowOf, { where: isCalled }),
      );
      return pages.flatMap(({ rows }) => rows).slice(0, MOST_CALLED);
    },
  };
}

const MOST_CALLED = 40;
const ID = /^[a-z]+(?:_(?:test|live))?_\w{8,}$/;

/** Every id in the fields of an object, each once; what stands inside lists and objects belongs to them. */
function linksOf(row: object): string[] {
  const values: unknown[] = Object.values(row);
  return [...new Set(values.filter((value) => typeof value === 'string' && ID.test(value)).map(String))];
}

function rowOf(row: { id: string }): ObjectRow {
  const object = shown.parse(row);
  return {
    id: object.id,
    objectType: object.object,
    title: object.name ?? object.email ?? object.code ?? object.number ?? object.url ?? object.type ?? null,
    amount: object.amount ?? object.amount_total ?? object.total ?? object.unit_amount ?? null,
    currency: object.currency ?? null,
    status: object.status ?? null,
    customerId: idIn(object.customer),
    created: object.created ?? null,
  };
}
