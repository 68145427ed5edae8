import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addMonths } from '../engine/discounts/add-months';
import { refusalOf, startUnderTest, until, type UnderTest } from '../testing/under-test';

const DAY = 86_400;
const JANUARY = Date.UTC(2026, 0, 31, 12) / 1000;

let under: UnderTest;

beforeEach(async () => {
  under = await startUnderTest();
});
afterEach(() => under.stop());

const clocks = () => under.stripe.testHelpers.testClocks;

async function typesSince(type: string): Promise<string[]> {
  const events = await under.stripe.events.list({ limit: 100 });
  const types = events.data.map((event) => event.type).reverse();
  return types.slice(types.findIndex((seen) => seen === type));
}

/** A customer on the clock with a card and a monthly subscription. */
async function subscriber(clock: string | null, name = 'jenny') {
  const customer = await under.stripe.customers.create({
    name,
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    ...(clock !== null && { test_clock: clock }),
  });
  const price = await under.stripe.prices.create({
    currency: 'usd',
    unit_amount: 1500,
    recurring: { interval: 'month' },
    product_data: { name: 'Monthly credits' },
  });
  const subscription = await under.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  return { customer, subscription };
}

const periodEnd = (subscription: Stripe.Subscription) => subscription.items.data[0]?.current_period_end ?? 0;

async function advanced(id: string, to: number) {
  await clocks().advance(id, { frozen_time: to });
  return until(async () => {
    const clock = await clocks().retrieve(id);
    return clock.status !== 'advancing' && clock;
  });
}

describe('a test clock', () => {
  it('answers an advance at once and is ready later, with its events in order', async () => {
    const clock = await clocks().create({ frozen_time: JANUARY, name: 'January' });
    expect(clock).toMatchObject({
      status: 'ready',
      status_details: {},
      frozen_time: JANUARY,
      livemode: false,
    });
    expect(clock.id).toMatch(/^clock_1/);
    expect(clock.deletes_after - clock.created).toBe(30 * DAY);
    const advancing = await clocks().advance(clock.id, { frozen_time: JANUARY + DAY });
    expect(advancing).toMatchObject({
      status: 'advancing',
      status_details: { advancing: { target_frozen_time: JANUARY + DAY } },
      frozen_time: JANUARY,
    });
    const ready = await until(async () => {
      const seen = await clocks().retrieve(clock.id);
      return seen.status === 'ready' && seen;
    });
    expect(ready).toMatchObject({ frozen_time: JANUARY + DAY, status_details: {} });
    expect(await clocks().del(clock.id)).toEqual({
      id: clock.id,
      object: 'test_helpers.test_clock',
      deleted: true,
    });
    expect(await typesSince('test_helpers.test_clock.created')).toEqual([
      'test_helpers.test_clock.created',
      'test_helpers.test_clock.advancing',
      'test_helpers.test_clock.ready',
      'test_helpers.test_clock.deleted',
    ]);
  });

  it('moves only forward, two years at most while nothing renews', async () => {
    const { id } = await clocks().create({ frozen_time: JANUARY });
    const back = await refusalOf(clocks().advance(id, { frozen_time: JANUARY }));
    expect(back).toMatchObject({ statusCode: 400, param: 'frozen_time' });
    const far = await refusalOf(clocks().advance(id, { frozen_time: JANUARY + 731 * DAY }));
    expect(far.message).toContain('cannot be more than two years in the future');
    expect((await advanced(id, JANUARY + 730 * DAY)).frozen_time).toBe(JANUARY + 730 * DAY);
    const none = await refusalOf(clocks().retrieve('clock_none'));
    expect(none.message).toBe("No such test_helpers.test_clock: 'clock_none'");
  });

  it('takes three customers and goes with them, their subscriptions and invoices', async () => {
    const { id } = await clocks().create({ frozen_time: JANUARY });
    const { customer, subscription } = await subscriber(id);
    expect(customer).toMatchObject({ test_clock: id, created: JANUARY });
    expect(subscription).toMatchObject({ test_clock: id, created: JANUARY });
    await under.stripe.customers.create({ test_clock: id });
    await under.stripe.customers.create({ test_clock: id });
    const fourth = await refusalOf(under.stripe.customers.create({ test_clock: id }));
    expect(fourth).toMatchObject({ statusCode: 400, param: 'test_clock' });
    expect((await under.stripe.customers.list({ test_clock: id })).data).toHaveLength(3);
    expect((await under.stripe.customers.list()).data).toHaveLength(0);
    await clocks().del(id);
    expect(await under.stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
    const gone = await refusalOf(under.stripe.subscriptions.retrieve(subscription.id));
    expect(gone).toMatchObject({ statusCode: 404, code: 'resource_missing' });
    expect((await under.stripe.invoices.list()).data).toEqual([]);
    expect((await clocks().list()).data).toEqual([]);
    const said = await typesSince('invoice.payment_succeeded');
    expect(said).toContain('customer.subscription.deleted');
    expect(said.filter((type) => type === 'customer.deleted')).toHaveLength(3);
    // What settles by the wall clock may come later.
    const late = ['charge.updated', 'invoice_payment.paid'];
    expect(said.filter((type) => !late.includes(type)).at(-1)).toBe('test_helpers.test_clock.deleted');
  });
});

describe('an advance', () => {
  it('renews in order, with the time of each step, and leaves payments on the wall clock', async () => {
    const { id } = await clocks().create({ frozen_time: JANUARY });
    const { subscription } = await subscriber(id);
    const end = periodEnd(subscription);
    expect(end).toBe(addMonths(JANUARY, 1));
    const ready = await advanced(id, end + 2 * 3600);
    expect(ready.frozen_time).toBe(end + 2 * 3600);
    const renewed = await under.stripe.subscriptions.retrieve(subscription.id, {
      expand: ['latest_invoice.payments'],
    });
    expect(periodEnd(renewed)).toBe(addMonths(JANUARY, 2));
    const invoice = renewed.latest_invoice;
    if (invoice === null || typeof invoice === 'string') throw new Error('It is expanded.');
    expect(invoice).toMatchObject({
      billing_reason: 'subscription_cycle',
      status: 'paid',
      test_clock: id,
      created: end,
    });
    expect(invoice.status_transitions).toMatchObject({ finalized_at: end + 3600 });
    const [charge] = (await under.stripe.charges.list({ limit: 1 })).data;
    expect(Math.abs((charge?.created ?? 0) - Date.now() / 1000)).toBeLessThan(120);
    const said = await typesSince('test_helpers.test_clock.advancing');
    const order = [
      'test_helpers.test_clock.advancing',
      'customer.subscription.updated',
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
    ].map((type) => said.indexOf(type));
    expect(order).toEqual([...order].sort((left, right) => left - right));
    expect(order).not.toContain(-1);
    expect(said.indexOf('test_helpers.test_clock.ready')).toBeGreaterThan(said.indexOf('invoice.finalized'));
  });

  it('goes two intervals of the shortest subscription at most', async () => {
    const { id } = await clocks().create({ frozen_time: JANUARY });
    await subscriber(id);
    const furthest = addMonths(JANUARY, 2);
    const far = await refusalOf(clocks().advance(id, { frozen_time: furthest + 1 }));
    expect(far.message).toContain('cannot be more than two intervals in the future');
    expect(under.sandbox.clocks.list()).toMatchObject([
      { id, status: 'ready', furthest, subscriptions: 1, customers: [{ name: 'jenny' }] },
    ]);
    expect((await advanced(id, furthest)).status).toBe('ready');
  });

  it('lets nobody else change what lives by its clock', async () => {
    const { id } = await clocks().create({ frozen_time: JANUARY });
    const { customer, subscription } = await subscriber(id);
    // Sandbox and test share one thread, and an advance makes one step per turn: three renewals outlast a request.
    await subscriber(id);
    await subscriber(id);
    const far = addMonths(JANUARY, 2);
    await clocks().advance(id, { frozen_time: far });
    const [again, change, other] = await Promise.all([
      refusalOf(clocks().advance(id, { frozen_time: far })),
      refusalOf(under.stripe.subscriptions.update(subscription.id, { metadata: { a: 'b' } })),
      refusalOf(under.stripe.customers.update(customer.id, { name: 'other' })),
    ]);
    for (const refusal of [again, change, other]) {
      expect(refusal).toMatchObject({
        statusCode: 429,
        message: 'Test clock advancement underway - cannot perform modifications',
      });
    }
    await until(async () => (await clocks().retrieve(id)).status === 'ready');
    await under.stripe.subscriptions.update(subscription.id, { metadata: { a: 'b' } });
  });

  it('takes a subscription through 24 months, each billed once', async () => {
    const { id } = await clocks().create({ frozen_time: JANUARY });
    const { customer, subscription } = await subscriber(id);
    for (let month = 1; month <= 24; month += 1) await advanced(id, addMonths(JANUARY, month));
    await advanced(id, addMonths(JANUARY, 24) + 2 * 3600);
    const invoices = await under.stripe.invoices
      .list({ customer: customer.id, limit: 100 })
      .autoPagingToArray({ limit: 100 });
    expect(invoices).toHaveLength(25);
    expect(invoices.every(({ status }) => status === 'paid')).toBe(true);
    const starts = invoices.map(({ lines }) => lines.data[0]?.period.start).reverse();
    expect(starts).toEqual(Array.from({ length: 25 }, (_, month) => addMonths(JANUARY, month)));
    expect(new Set(invoices.map(({ number }) => number)).size).toBe(25);
    const now = await under.stripe.subscriptions.retrieve(subscription.id);
    expect(now).toMatchObject({ status: 'active' });
    expect(periodEnd(now)).toBe(addMonths(JANUARY, 25));
  });

  it('does not touch another clock, nor those who live by none', async () => {
    const first = await clocks().create({ frozen_time: JANUARY });
    const second = await clocks().create({ frozen_time: JANUARY + 10 * DAY });
    const moving = await subscriber(first.id);
    const still = await subscriber(second.id);
    const wall = await subscriber(null);
    await Promise.all([
      advanced(first.id, addMonths(JANUARY, 1) + 2 * 3600),
      advanced(second.id, JANUARY + 11 * DAY),
    ]);
    const bills = async (customer: Stripe.Customer) =>
      (await under.stripe.invoices.list({ customer: customer.id })).data.length;
    expect(await bills(moving.customer)).toBe(2);
    expect(await bills(still.customer)).toBe(1);
    expect(await bills(wall.customer)).toBe(1);
    expect((await clocks().retrieve(second.id)).frozen_time).toBe(JANUARY + 11 * DAY);
    expect(periodEnd(await under.stripe.subscriptions.retrieve(wall.subscription.id))).toBe(
      periodEnd(wall.subscription),
    );
  });
});

describe('a restart', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sandbox-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const journal = () => path.join(folder, 'journal.ndjson');
  async function restart(): Promise<void> {
    await under.stop();
    under = await startUnderTest({ data: folder });
  }

  it('in the middle of an advance finishes it', async () => {
    await restart();
    const { id } = await clocks().create({ frozen_time: JANUARY });
    const people = [await subscriber(id, 'a'), await subscriber(id, 'b'), await subscriber(id, 'c')];
    const to = addMonths(JANUARY, 2);
    await clocks().advance(id, { frozen_time: to });
    await under.stop();
    const written = readFileSync(journal(), 'utf8');
    expect(written).toContain('"status":"advancing"');
    expect(written.lastIndexOf('"status":"advancing"')).toBeGreaterThan(
      written.lastIndexOf(`"frozen_time":${to},"livemode":false,"name":null,"status":"ready"`),
    );
    under = await startUnderTest({ data: folder });
    await until(async () => (await clocks().retrieve(id)).status === 'ready');
    for (const { customer } of people) {
      const { data } = await under.stripe.invoices.list({ customer: customer.id });
      expect(data.map(({ billing_reason: reason }) => reason)).toEqual([
        'subscription_cycle',
        'subscription_cycle',
        'subscription_create',
      ]);
    }
    expect(
      (await typesSince('test_helpers.test_clock.advancing')).filter((type) => type.includes('clock')),
    ).toEqual(['test_helpers.test_clock.advancing', 'test_helpers.test_clock.ready']);
  });

  it('with state that no act can go on from ends in internal_failure, told by an event', async () => {
    await restart();
    const { id } = await clocks().create({ frozen_time: JANUARY });
    const { subscription } = await subscriber(id);
    await under.stop();
    const broken = { ...subscription, items: { ...subscription.items, data: [] } };
    appendFileSync(journal(), `${JSON.stringify([['subscriptions', subscription.id, broken]])}\n`);
    under = await startUnderTest({ data: folder });
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const failed = await advanced(id, addMonths(JANUARY, 2));
    const said = stderr.mock.calls.join();
    stderr.mockRestore();
    expect(failed.status).toBe('internal_failure');
    expect(said).toContain(`${id} failed at`);
    expect(await typesSince('test_helpers.test_clock.advancing')).toContain(
      'test_helpers.test_clock.internal_failure',
    );
    expect((await refusalOf(clocks().advance(id, { frozen_time: addMonths(JANUARY, 3) }))).statusCode).toBe(
      400,
    );
    expect(await clocks().del(id)).toMatchObject({ deleted: true });
  });
});

describe('the controls', () => {
  const control = async (method: string, at: string, body?: object) => {
    const answer = await fetch(`${under.url}/_control/clocks${at}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  };

  it('make, advance and delete clocks', async () => {
    const made = await control('POST', '', { frozenTime: JANUARY, name: 'by hand' });
    expect(made.body).toMatchObject({
      outcome: 'done',
      clock: { name: 'by hand', frozenTime: JANUARY, status: 'ready' },
    });
    const [clock] = under.sandbox.clocks.list();
    const id = clock?.id ?? '';
    expect((await control('POST', `/${id}/advance`, { to: JANUARY - 1 })).body).toMatchObject({
      outcome: 'refused',
    });
    expect((await control('POST', `/${id}/advance`, { to: JANUARY + DAY })).body).toMatchObject({
      clock: { status: 'advancing', target: JANUARY + DAY },
    });
    await until(() => under.sandbox.clocks.list()[0]?.status === 'ready');
    expect((await control('DELETE', `/${id}`)).body).toMatchObject({ outcome: 'done' });
    expect((await control('DELETE', `/${id}`)).status).toBe(404);
  });
});
