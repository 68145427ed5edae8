import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { seeTopUp } from '../../app/modules/credits/index.server';
import { verifyLedger } from '../../app/modules/ledger/index.server';
import { recordTopUpCall } from '../../app/modules/payments/index.server';
import { cutsOf, forEachCut, statementsOf } from '../../app/modules/payments/testing/cut-line';
import { type SentEvent } from '../../app/modules/payments/testing/driven-inbox';
import { forEachOf, permutations } from '../../app/modules/payments/testing/orders';
import { findCall, sendCall } from '../../app/modules/stripe/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { until } from '../stripe-sandbox/testing/under-test';
import { useTestStore } from './testing/store';
import { FAILS_LATER, openTopUpDesk, type Shopper, type TopUpDesk } from './testing/top-up-desk';

/** What Stripe says of an automatic purchase, in every order and each thing twice; and the purchase killed anywhere. */
const store = useTestStore();
let desk: TopUpDesk;
beforeAll(() => {
  desk = openTopUpDesk(store.db, store.shop);
});
afterAll(async () => {
  expect(await verifyLedger(store.db)).toEqual([]);
});

const LOST = { method: 'POST', path: '/v1/payment_intents', effect: 'lost_answer' as const, times: null };
/** The answer that was lost, asked for again under its key. */
const ANSWER = 'the answer';

/** Customers whose card Stripe has charged, of which nothing is known here. */
async function chargedUnheard(count: number, card?: string): Promise<Shopper[]> {
  const customers: Shopper[] = [];
  const numbers = Array.from({ length: count }, (_, n) => n);
  await forEachOf(numbers, 4, async () => {
    const customer = await desk.turnedOn({}, card === undefined ? {} : { card });
    await desk.spendSome(customer, 450n);
    customers.push(customer);
  });
  await store.setFaults(LOST);
  for (const customer of customers)
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought', answer: 'unknown' });
  await store.setFaults();
  return customers;
}

async function hearAnswer(customer: Shopper): Promise<void> {
  const [payment] = await desk.boughtBy(customer);
  const purpose = payment?.id ?? '';
  const { realm, settings } = store.shop;
  const standing = await findCall(store.db, { realmId: realm.id, kind: 'payment_intent.create', purpose });
  if (standing.state !== 'open') return;
  const { call } = standing;
  const result = await sendCall(store.db, settings, call);
  await inTransaction(store.db, 'answer', (tx) =>
    recordTopUpCall(tx, { id: call.id, realmId: realm.id, purpose }, result),
  );
}

/** What Stripe says of a customer, once it has said all of these; some of it comes a moment later. */
const saidOf = (customer: Shopper, types: readonly string[]): Promise<SentEvent[]> =>
  until(async () => {
    const said = await desk.eventsOf(customer);
    return types.every((wanted) => said.some(({ type }) => type === wanted)) && said;
  });

/** Each twice, a look after each. */
async function live(customer: Shopper, order: readonly string[]): Promise<void> {
  const said = await saidOf(
    customer,
    order.filter((name) => name !== ANSWER),
  );
  for (const name of [...order, ...order]) {
    if (name === ANSWER) await hearAnswer(customer);
    else for (const event of said.filter(({ type }) => type === name)) await desk.inbox.deliver(event);
    await desk.inbox.drain();
    await desk.review(customer);
  }
}

const endOf = async (customer: Shopper) => {
  const { state, pauseReason } = await desk.ruleOf(customer);
  const payments = await desk.boughtBy(customer);
  return {
    ...{ state, pauseReason, available: await desk.available(customer) },
    payments: payments.map((payment) => payment.state),
    charges: (await desk.chargesOf(customer)).length,
  };
};

/** Once every customer has lived: lanes share the inbox, and one may hold what another waits for. */
async function expectEnd(
  customers: readonly Shopper[],
  orders: readonly string[][],
  end: object,
): Promise<void> {
  await desk.inbox.passTime();
  await desk.inbox.drain();
  for (const [n, customer] of customers.entries()) {
    await desk.review(customer);
    expect({ order: orders[n], ...(await endOf(customer)) }).toEqual({ order: orders[n], ...end });
  }
}

describe.each([
  {
    life: 'that succeeded',
    card: 'pm_card_visa',
    steps: ['charge.succeeded', 'payment_intent.succeeded', 'charge.updated', ANSWER],
    end: { state: 'on', pauseReason: null, available: 550n, payments: ['paid'], charges: 1 },
  },
  {
    life: 'that was declined',
    card: FAILS_LATER,
    steps: ['charge.failed', 'payment_intent.payment_failed', ANSWER],
    end: { state: 'paused', pauseReason: 'declined', available: 50n, payments: ['failed'], charges: 1 },
  },
])('a charge $life', ({ card, steps, end }) => {
  it('ends alike in every order', { timeout: 120_000 }, async () => {
    const orders = permutations(steps);
    const customers = await chargedUnheard(orders.length, card);
    await forEachOf([...orders.entries()], 2, async ([n, order]) => {
      const customer = customers[n];
      if (!customer) throw new Error('One customer for each order.');
      await live(customer, order);
    });
    await expectEnd(customers, orders, end);
  });
});

it('a charge that succeeded and is disputed pauses in every order', { timeout: 120_000 }, async () => {
  const orders = permutations([
    'payment_intent.succeeded',
    'charge.dispute.created',
    'charge.dispute.closed',
    ANSWER,
  ]);
  const customers = await chargedUnheard(orders.length);
  await forEachOf([...orders.entries()], 2, async ([n, order]) => {
    const customer = customers[n];
    if (!customer) throw new Error('One customer for each order.');
    const [charge] = await desk.chargesOf(customer);
    const { moneyBack } = store.shop.sandbox.sandbox;
    const opened = moneyBack.openDispute(charge?.id ?? '', 'inquiry', 'fraudulent');
    if (opened.outcome !== 'opened') throw new Error(opened.outcome);
    moneyBack.answerDispute(opened.disputeId, 'win');
    await live(customer, order);
  });
  const end = { state: 'paused', pauseReason: 'dispute', available: 550n, payments: ['paid'], charges: 1 };
  await expectEnd(customers, orders, end);
});

it('a saved card turns it on once, whichever of event, way back and detachment comes first', async () => {
  const RETURN = 'the way back';
  const { realm, settings } = store.shop;
  const events = ['checkout.session.completed', 'payment_method.detached'];
  for (const order of permutations([...events, RETURN])) {
    const customer = await store.shop.newCustomer();
    await desk.fund(customer.id, 50n);
    await desk.agreeTo(customer, {}, { useSavedCard: false });
    const { id: setupId } = await desk.openSetup(customer);
    const session = await desk.saveOnPage(customer);
    const { setup_intent: setup } = await desk.stripe.checkout.sessions.retrieve(session, {
      expand: ['setup_intent'],
    });
    const method = typeof setup === 'object' ? setup?.payment_method : undefined;
    // It is read as it stands: detached before anything is heard, it never buys.
    await desk.stripe.paymentMethods.detach(String(method));
    const said = await saidOf(customer, events);
    for (const name of [...order, ...order]) {
      if (name === RETURN)
        await seeTopUp(store.db, settings, {
          ...{ realm, customerId: customer.id, cameBackFor: setupId, now: new Date() },
        });
      else for (const event of said.filter(({ type }) => type === name)) await desk.inbox.deliver(event);
      await desk.inbox.drain();
      await desk.review(customer);
    }
    expect((await desk.ruleOf(customer)).state).toBe('waiting');
    expect(await desk.chargesOf(customer)).toEqual([]);
  }
});

it('a purchase whose process is killed anywhere is one purchase', { timeout: 240_000 }, async () => {
  const ready = async () => {
    const customer = await desk.turnedOn();
    await desk.spendSome(customer, 450n);
    return customer;
  };
  const first = await ready();
  const statements = await statementsOf(store.url, (db) => desk.review(first, { at: db }));
  expect(statements).toBeGreaterThan(15);
  const cases: { customer: Shopper; cut: ReturnType<typeof cutsOf>[number] }[] = [];
  // Before a statement is after the one before it, to a process that is gone.
  const cuts = cutsOf(statements, 'process').filter(({ when }) => when === 'after');
  await forEachOf(cuts, 4, async (cut) => {
    cases.push({ customer: await ready(), cut });
  });
  await forEachCut(store.url, cases, (db, { customer }) => desk.review(customer, { at: db }));
  // What Postgres has not yet given up of the killed.
  await until(async () => (await desk.sweepAnswers()) === 0 && (await desk.sweep()) === 0);
  for (const { customer, cut } of cases) {
    await desk.hear(customer);
    const end = { state: 'on', pauseReason: null, available: 550n, charges: 1 };
    expect({ cut, ...(await endOf(customer)) }).toMatchObject({ cut, ...end });
  }
});
