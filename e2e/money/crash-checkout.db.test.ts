import { afterAll, beforeAll, expect, it } from 'vitest';

import { type Cut, cutsOf, forEachCut, statementsOf } from '../../app/modules/payments/testing/cut-line';
import { forEachOf } from '../../app/modules/payments/testing/orders';
import { recheckPayments } from '../../app/modules/payments/index.server';
import { stripeClient } from '../../app/modules/stripe/client.server';
import { sweepCalls } from '../../app/modules/stripe/index.server';
import { hours, minutes } from '../../app/platform/time';
import { CALL_SETTLERS } from '../../app/worker/settlers.server';
import { useTestDatabase } from '../support/test-database';
import { openShop, type Shop } from './testing/sandbox-shop';

/** A checkout whose database is lost at every statement that it really sends, with what Stripe was asked in between. */
const database = useTestDatabase();
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(database.db);
});
afterAll(() => shop.sandbox.stop());

type Customer = Awaited<ReturnType<Shop['newCustomer']>>;

/** What the account has for our rows: Stripe customers by customer, sessions by payment. */
async function madeAtStripe() {
  const stripe = stripeClient(shop.settings);
  const made = { customers: new Map<string, string[]>(), sessions: new Map<string, string[]>() };
  const note = (map: Map<string, string[]>, key: string | undefined, id: string) =>
    map.set(key ?? '', [...(map.get(key ?? '') ?? []), id]);
  for await (const { id, metadata } of stripe.customers.list({ limit: 100 }))
    note(made.customers, metadata['credence_customer'], id);
  for await (const { id, metadata } of stripe.checkout.sessions.list({ limit: 100 }))
    note(made.sessions, metadata?.['credence_payment'], id);
  return made;
}

const paymentsOf = (customerId: string) =>
  database.db.payment.findMany({
    where: { customerId },
    orderBy: { createdAt: 'asc' },
    include: { changes: true },
    take: 10,
  });

const callsOf = (purpose: string) =>
  database.db.stripeCall.findMany({ where: { purpose }, orderBy: { attempt: 'asc' }, take: 10 });

/** Everything that runs by itself, a day long. */
async function letWorkersRun(): Promise<void> {
  const now = Date.now();
  while (
    (await sweepCalls(database.db, shop.settings, {
      ...{ realmId: shop.realm.id, settlers: CALL_SETTLERS, now: new Date(now + hours(1)) },
    })) > 0
  );
  while (
    (await recheckPayments(database.db, shop.settings, {
      realm: shop.realm,
      now: new Date(now + minutes(6)),
    })) > 0
  );
}

it.each(['connection', 'process'] as const)(
  'a checkout that loses its %s anywhere leaves nothing unexplained, never a second page, and the next one opens',
  { timeout: 240_000 },
  async (loses) => {
    const first = await shop.newCustomer();
    const statements = await statementsOf(database.url, (db) => shop.checkout(first, { at: db }));
    expect(statements).toBeGreaterThan(15);
    const cases: { customer: Customer; cut: Cut }[] = [];
    for (const cut of cutsOf(statements, loses)) cases.push({ customer: await shop.newCustomer(), cut });
    await forEachCut(database.url, cases, (db, { customer }) => shop.checkout(customer, { at: db }));

    const halfway = await madeAtStripe();
    for (const { customer, cut } of cases) {
      const payments = await paymentsOf(customer.id);
      expect(payments.length, JSON.stringify(cut)).toBeLessThanOrEqual(1);
      const [payment] = payments;
      expect(payment?.changes.length ?? 1).toBeGreaterThan(0);
      // Whatever Stripe has made, a row says that it was asked, under the purpose's first key.
      const asked = [...(await callsOf(customer.id)), ...(payment ? await callsOf(payment.id) : [])];
      expect(asked.map(({ key, purpose }) => key === `${purpose}.1`)).not.toContain(false);
      const kinds = asked
        .filter(({ state }) => state === 'open' || state === 'succeeded')
        .map(({ kind }) => kind);
      if (halfway.customers.has(customer.id)) expect(kinds).toContain('customer.create');
      if (payment && halfway.sessions.has(payment.id)) expect(kinds).toContain('checkout_session.create');
    }

    const again = new Map<string, string>();
    await forEachOf(cases, 4, async ({ customer }) => {
      const next = await shop.checkout(customer);
      expect(next.outcome).toBe('redirect');
      again.set(customer.id, next.paymentId);
    });
    await letWorkersRun();

    const made = await madeAtStripe();
    for (const { customer, cut } of cases) {
      const where = JSON.stringify(cut);
      expect(made.customers.get(customer.id), where).toHaveLength(1);
      for (const payment of await paymentsOf(customer.id)) {
        const sessions = made.sessions.get(payment.id) ?? [];
        expect(['open', 'failed'], where).toContain(payment.state);
        expect(sessions, where).toEqual(payment.state === 'open' ? [payment.stripeSession] : []);
        if (payment.id === again.get(customer.id)) expect(payment.state).toBe('open');
      }
      expect(await callsOf(customer.id)).toMatchObject([{ state: 'succeeded', key: `${customer.id}.1` }]);
    }
  },
);
