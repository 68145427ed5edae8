import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  advance,
  monthlyPrice,
  openShop,
  payingCustomer,
  seconds,
  useCard,
  type Shop,
} from '../testing/billing';
import { refusalOf, until } from '../testing/under-test';

let shop: Shop;
let stripe: Stripe;
let dearer: Stripe.Price;
beforeEach(async () => {
  shop = await openShop();
  stripe = shop.stripe;
  dearer = await monthlyPrice(stripe, 4500, String(shop.monthly.product));
});
afterEach(() => shop.close());

/** A subscription of April 2026 in the middle of its month. */
async function inMidMonth(card = 'pm_card_visa') {
  const { customer, clock } = await payingCustomer(stripe, 'pm_card_visa', '2026-04-01T00:00');
  const { id, items } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: shop.monthly.id }],
  });
  if (card !== 'pm_card_visa') await useCard(stripe, customer.id, card);
  await advance(stripe, clock, '2026-04-16T00:00');
  await shop.mark();
  return { clock, customer: customer.id, id, item: items.data[0]?.id ?? '' };
}

async function told(types: string[]): Promise<void> {
  await until(() => shop.arrived().length >= types.length);
  expect(shop.inActs()).toEqual(types);
}

const pendingOf = async (customer: string): Promise<number[]> =>
  (await stripe.invoiceItems.list({ customer, pending: true })).data.map(({ amount }) => amount).sort();

const PAID = ['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded'];
const INVOICE_PAID = ['invoice.paid', 'invoice.payment_succeeded'];
const SETTLED = ['invoice_payment.paid', 'charge.updated'];

describe('a change of plan that is charged at once', () => {
  it('tells of change, items, invoice and payment in order', async () => {
    const { id, item } = await inMidMonth();
    await stripe.subscriptions.update(id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    });
    await told([
      'customer.subscription.updated',
      'invoiceitem.created',
      'invoiceitem.created',
      'customer.subscription.updated',
      'invoice.created',
      'invoice.finalized',
      'invoice.updated',
      ...PAID,
      ...INVOICE_PAID,
      ...SETTLED,
    ]);
  });

  it('makes the subscription past_due when its card is refused', async () => {
    const { id, item } = await inMidMonth('pm_card_chargeCustomerFail');
    const changed = await stripe.subscriptions.update(id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    });
    expect(changed).toMatchObject({ status: 'past_due', items: { data: [{ price: { id: dearer.id } }] } });
  });

  it('is left to a page of the application with default_incomplete', async () => {
    const { customer, id, item } = await inMidMonth('pm_card_chargeCustomerFail');
    const changed = await stripe.subscriptions.update(id, {
      expand: ['latest_invoice.confirmation_secret'],
      items: [{ id: item, price: dearer.id }],
      payment_behavior: 'default_incomplete',
      proration_behavior: 'always_invoice',
    });
    await told([
      'customer.subscription.updated',
      'invoiceitem.created',
      'invoiceitem.created',
      'customer.subscription.updated',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'customer.subscription.updated',
    ]);
    expect(changed).toMatchObject({ status: 'past_due', latest_invoice: { status: 'open', total: 1500 } });
    const invoice = changed.latest_invoice;
    if (invoice === null || typeof invoice === 'string') throw new Error('The invoice was to be expanded.');
    const secret = invoice.confirmation_secret?.client_secret ?? '';
    const card = await stripe.paymentMethods.attach('pm_card_mastercard', { customer });
    await shop.mark();
    await stripe.paymentIntents.confirm(secret.slice(0, secret.indexOf('_secret_')), {
      payment_method: card.id,
    });
    await told([
      'charge.succeeded',
      'payment_intent.succeeded',
      ...INVOICE_PAID,
      'customer.subscription.updated',
      ...SETTLED,
    ]);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
  });

  it('of an item is left to the customer too, and is refused as a pending update', async () => {
    const { id, item } = await inMidMonth();
    await stripe.subscriptionItems.update(item, {
      payment_behavior: 'default_incomplete',
      price: dearer.id,
      proration_behavior: 'always_invoice',
    });
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due');
    const refused = await refusalOf(
      stripe.subscriptions.update(id, { payment_behavior: 'pending_if_incomplete' }),
    );
    expect(refused.message).toBe(
      'The sandbox does not play payment_behavior=pending_if_incomplete for changes.',
    );
  });
});

describe('what a change costs, when the subscription ends', () => {
  it('is asked for by a last invoice at the end of the period', async () => {
    const { clock, id, item } = await inMidMonth();
    await stripe.subscriptions.update(id, { items: [{ id: item, price: dearer.id }] });
    await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await shop.mark();
    await advance(stripe, clock, '2026-05-01T00:30');
    await told(['customer.subscription.deleted', 'customer.subscription.updated', 'invoice.created']);
    await advance(stripe, clock, '2026-05-01T01:00');
    const ended = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(ended).toMatchObject({
      status: 'canceled',
      latest_invoice: { billing_reason: 'subscription_cycle', status: 'paid', total: 1500 },
    });
  });

  it('is forgotten when it is canceled at once, unless that is prorated or invoiced', async () => {
    const begun = [await inMidMonth(), await inMidMonth(), await inMidMonth()];
    for (const { id, item } of begun) {
      await stripe.subscriptions.update(id, { items: [{ id: item, price: dearer.id }] });
    }
    const [first, second, third] = begun;
    if (!first || !second || !third) throw new Error('Three have begun.');
    await shop.mark();
    await stripe.subscriptions.cancel(first.id);
    await told(['customer.subscription.deleted', 'invoiceitem.deleted', 'invoiceitem.deleted']);
    expect(await pendingOf(first.customer)).toEqual([]);
    await stripe.subscriptions.cancel(second.id, { prorate: true });
    expect(await pendingOf(second.customer)).toEqual([-2250, -750, 2250]);
    await stripe.subscriptions.cancel(third.id, { invoice_now: true });
    expect(await pendingOf(third.customer)).toEqual([]);
    const [last] = (await stripe.invoices.list({ subscription: third.id })).data;
    expect(last).toMatchObject({ billing_reason: 'subscription_update', status: 'paid', total: 1500 });
  });
});

describe('a change of plan in a trial', () => {
  it('costs nothing until the trial ends', async () => {
    const { customer, clock } = await payingCustomer(stripe, 'pm_card_visa', '2026-04-01T00:00');
    const made = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: shop.monthly.id }],
      trial_period_days: 7,
    });
    await stripe.subscriptions.update(made.id, {
      items: [{ id: made.items.data[0]?.id ?? '', price: dearer.id }],
    });
    expect(await pendingOf(customer.id)).toEqual([]);
    await advance(stripe, clock, '2026-04-08T01:00');
    const [first] = (await stripe.invoices.list({ subscription: made.id })).data;
    expect(first).toMatchObject({ status: 'paid', total: 4500 });
  });
});

describe('a trial without any method', () => {
  it('asks a page of the application for one, which pays from its end on', async () => {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: seconds('2026-04-01T00:00') });
    const customer = await stripe.customers.create({ test_clock: clock.id });
    await shop.mark();
    const made = await stripe.subscriptions.create({
      customer: customer.id,
      expand: ['pending_setup_intent'],
      items: [{ price: shop.monthly.id }],
      payment_behavior: 'default_incomplete',
      trial_period_days: 7,
    });
    expect(made).toMatchObject({
      pending_setup_intent: { status: 'requires_payment_method', usage: 'off_session' },
      status: 'trialing',
    });
    const intent = made.pending_setup_intent;
    if (intent === null || typeof intent === 'string') throw new Error('The intent was to be expanded.');
    await until(() => shop.arrived().includes('setup_intent.created'));
    await shop.mark();
    const done = await stripe.setupIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    await told(['setup_intent.succeeded', 'payment_method.attached', 'customer.subscription.updated']);
    expect(await stripe.subscriptions.retrieve(made.id)).toMatchObject({
      default_payment_method: done.payment_method,
      pending_setup_intent: null,
    });
    await advance(stripe, clock.id, '2026-04-08T01:00');
    const [renewal] = (await stripe.invoices.list({ subscription: made.id })).data;
    expect(renewal).toMatchObject({ status: 'paid', total: 1500 });
  });
});

describe('a billing cycle that begins later', () => {
  const create = async (more: Partial<Stripe.SubscriptionCreateParams> = {}) => {
    const { customer, clock } = await payingCustomer(stripe, 'pm_card_visa', '2026-04-16T00:00');
    const subscription = await stripe.subscriptions.create({
      billing_cycle_anchor: seconds('2026-05-01T00:00'),
      customer: customer.id,
      expand: ['latest_invoice'],
      items: [{ price: shop.monthly.id }],
      ...more,
    });
    return { clock, customer: customer.id, subscription };
  };

  it('is paid for by the day until then, and whole from then on', async () => {
    const { clock, subscription } = await create();
    expect(subscription).toMatchObject({
      billing_cycle_anchor: seconds('2026-05-01T00:00'),
      items: { data: [{ current_period_end: seconds('2026-05-01T00:00') }] },
      latest_invoice: { status: 'paid', total: 750 },
    });
    const [item] = subscription.items.data;
    const half = { items: [{ id: item?.id ?? '', price: dearer.id }] };
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: half,
    });
    expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-750, 2250, 4500]);
    await advance(stripe, clock, '2026-05-01T01:00');
    const [renewal] = (await stripe.invoices.list({ subscription: subscription.id })).data;
    expect(renewal).toMatchObject({
      lines: {
        data: [{ period: { start: seconds('2026-05-01T00:00'), end: seconds('2026-06-01T00:00') } }],
      },
      total: 1500,
    });
  });

  it('is free until then without prorations, and no invoice says so', async () => {
    const { clock, subscription } = await create({ proration_behavior: 'none' });
    expect(subscription).toMatchObject({ latest_invoice: null, status: 'active' });
    await advance(stripe, clock, '2026-05-01T01:00');
    const { data } = await stripe.invoices.list({ subscription: subscription.id });
    expect(data).toMatchObject([{ billing_reason: 'subscription_cycle', status: 'paid', total: 1500 }]);
  });

  it('is ahead, by one period at most', async () => {
    const late = await refusalOf(create({ billing_cycle_anchor: seconds('2026-05-16T00:01') }));
    expect(late).toMatchObject({ statusCode: 400, param: 'billing_cycle_anchor' });
    expect(late.message).toContain(`later than next natural billing date (${seconds('2026-05-16T00:00')})`);
    const past = await refusalOf(create({ billing_cycle_anchor: seconds('2026-04-15T00:00') }));
    expect(past.message).toContain('in the future');
  });
});

describe('a pause', () => {
  it('of the subscription credits the unused time, bills nothing, and ends with a new period', async () => {
    const { clock, customer, id } = await inMidMonth();
    expect((await stripe.subscriptions.pause(id)).status).toBe('paused');
    await told(['invoiceitem.created', 'customer.subscription.updated', 'customer.subscription.paused']);
    expect(await pendingOf(customer)).toEqual([-750]);
    await advance(stripe, clock, '2026-05-10T00:00');
    expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(1);
    await shop.mark();
    const resumed = await stripe.subscriptions.resume(id, { expand: ['latest_invoice'] });
    expect(resumed).toMatchObject({
      status: 'active',
      items: { data: [{ current_period_start: seconds('2026-05-10T00:00') }] },
      latest_invoice: { status: 'paid', total: 750 },
    });
    await told([
      'customer.subscription.updated',
      'customer.subscription.updated',
      'invoice.created',
      'invoice.finalized',
      'invoice.updated',
      ...PAID,
      ...INVOICE_PAID,
      'customer.subscription.resumed',
      ...SETTLED,
    ]);
    const again = await refusalOf(stripe.subscriptions.resume(id));
    expect(again.message).toContain('Only subscriptions with a status of `paused` can be resumed');
    await stripe.subscriptions.cancel(id);
    expect((await refusalOf(stripe.subscriptions.pause(id))).statusCode).toBe(400);
  });

  it('that ends in the period it began in asks for what remains of it, from the day that is said', async () => {
    const { customer, id } = await inMidMonth();
    const day = {
      billing_cycle_anchor: { type: 'unchanged' },
      proration_date: seconds('2026-04-21T00:00'),
    } as const;
    const resume = async (params: Stripe.SubscriptionResumeParams) => {
      await stripe.subscriptions.pause(id);
      return stripe.subscriptions.resume(id, { ...day, ...params });
    };
    const late = await refusalOf(resume({ proration_date: seconds('2026-05-21T00:00') }));
    expect(late).toMatchObject({ statusCode: 400, param: 'proration_date' });
    await stripe.subscriptions.resume(id, { ...day, proration_behavior: 'none' });
    expect(await pendingOf(customer)).toEqual([-750]);
    await resume({});
    expect(await pendingOf(customer)).toEqual([-750, -750, 500]);
    const { latest_invoice: invoiced } = await resume({ proration_behavior: 'always_invoice' });
    expect(await stripe.invoices.retrieve(String(invoiced))).toMatchObject({ total: -1250 });
    expect(await pendingOf(customer)).toEqual([]);
  });

  it.each([
    ['void', ['invoice.finalized', 'payment_intent.created', 'invoice.voided', 'payment_intent.canceled']],
    ['mark_uncollectible', ['invoice.finalized', 'payment_intent.created', 'invoice.marked_uncollectible']],
    ['keep_as_draft', []],
  ] as const)('of collection that says %s leaves the status alone', async (behavior, types) => {
    const { clock, id } = await inMidMonth();
    await stripe.subscriptions.update(id, {
      pause_collection: { behavior, resumes_at: seconds('2026-05-20T00:00') },
    });
    await told(['customer.subscription.updated']);
    await shop.mark();
    await advance(stripe, clock, '2026-05-01T00:30');
    await told(['customer.subscription.updated', 'invoice.created']);
    await shop.mark();
    await advance(stripe, clock, '2026-05-01T01:00');
    await told([...types]);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
    await advance(stripe, clock, '2026-05-20T00:00');
    expect((await stripe.subscriptions.retrieve(id)).pause_collection).toBeNull();
  });
});

describe('a discount', () => {
  it.each([
    ['once', { duration: 'once' }, [750, 1500, 1500]],
    ['for two months', { duration: 'repeating', duration_in_months: 2 }, [750, 750, 1500]],
    ['forever', { duration: 'forever' }, [750, 750, 750]],
  ] as const)('holds %s', async (_long, duration, totals) => {
    const coupon = await stripe.coupons.create({ ...duration, percent_off: 50 });
    const { customer, clock } = await payingCustomer(stripe, 'pm_card_visa', '2026-04-01T00:00');
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      discounts: [{ coupon: coupon.id }],
      items: [{ price: shop.monthly.id }],
    });
    await advance(stripe, clock, '2026-06-01T00:00');
    const { data } = await stripe.invoices.list({ subscription: id });
    expect(data.map(({ total }) => total).reverse()).toEqual(totals);
  });

  it('of a subscription counts from the first invoice on, and is taken away by name', async () => {
    const coupon = await stripe.coupons.create({ duration: 'forever', percent_off: 50 });
    const { customer } = await payingCustomer(stripe);
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      discounts: [{ coupon: coupon.id }],
      expand: ['latest_invoice'],
      items: [{ price: shop.monthly.id }],
    });
    expect(subscription).toMatchObject({ latest_invoice: { total: 750, status: 'paid' } });
    await shop.mark();
    expect(await stripe.subscriptions.deleteDiscount(subscription.id)).toMatchObject({
      deleted: true,
      object: 'discount',
      subscription: subscription.id,
    });
    await told(['customer.discount.deleted', 'customer.subscription.updated']);
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(preview.total).toBe(1500);
    const none = await refusalOf(stripe.subscriptions.deleteDiscount(subscription.id));
    expect(none).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });
});
