import type Stripe from 'stripe';
import { afterEach, describe, expect, it } from 'vitest';
import { advance, openShop, payingCustomer, seconds, useCard, type Shop } from '../testing/billing';
import { until } from '../testing/under-test';

let shop: Shop;
afterEach(() => shop.close());

interface Failing {
  clock: string;
  customer: string;
  subscription: string;
}

/** A paid subscription whose card has been changed for one that fails, an hour after its first renewal. */
async function failingRenewal(settings: Parameters<typeof openShop>[0], card: string): Promise<Failing> {
  shop = await openShop(settings);
  const { stripe } = shop;
  const { clock, customer } = await payingCustomer(stripe, 'pm_card_visa', '2026-03-01T10:00');
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: shop.monthly.id }],
  });
  await useCard(stripe, customer.id, card);
  await advance(stripe, clock, '2026-04-01T10:30');
  await shop.mark();
  await advance(stripe, clock, '2026-04-01T11:00');
  return { clock, customer: customer.id, subscription: id };
}

async function latestInvoice(subscription: string): Promise<Stripe.Invoice> {
  const { data } = await shop.stripe.invoices.list({ subscription, limit: 1 });
  const [invoice] = data;
  if (!invoice) throw new Error('The subscription has an invoice.');
  return invoice;
}

const statusOf = async (id: string) => (await shop.stripe.subscriptions.retrieve(id)).status;

describe('a renewal that fails', () => {
  it('makes the subscription past_due and says when it is tried again', async () => {
    const { customer, subscription } = await failingRenewal({}, 'pm_card_chargeCustomerFail');
    await until(() => shop.arrived().length === 7);
    expect(shop.arrived()).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
      'customer.subscription.updated',
    ]);
    expect(await latestInvoice(subscription)).toMatchObject({
      attempt_count: 1,
      attempted: true,
      auto_advance: true,
      next_payment_attempt: seconds('2026-04-02T11:00'),
      status: 'open',
    });
    const [updated] = shop.receiver.events().filter(({ type }) => type === 'customer.subscription.updated');
    expect(updated?.data.previous_attributes).toEqual({ status: 'active' });
    expect(await statusOf(subscription)).toBe('past_due');
    expect(await shop.stripe.customers.retrieve(customer)).toMatchObject({ delinquent: true });
  });

  it('is tried eight times in two weeks and then canceled', async () => {
    const { clock, subscription } = await failingRenewal({}, 'pm_card_chargeCustomerFail');
    await advance(shop.stripe, clock, '2026-04-15T10:59');
    expect(await statusOf(subscription)).toBe('past_due');
    await advance(shop.stripe, clock, '2026-04-15T11:00');
    expect(await shop.stripe.subscriptions.retrieve(subscription)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    });
    expect(await latestInvoice(subscription)).toMatchObject({
      attempt_count: 9,
      auto_advance: false,
      next_payment_attempt: null,
      status: 'open',
    });
    await until(() => shop.arrived().includes('customer.subscription.deleted'));
    expect(shop.arrived().filter((type) => type === 'invoice.payment_failed')).toHaveLength(9);
    expect(shop.arrived().filter((type) => type === 'charge.failed')).toHaveLength(9);
  });

  it('leaves the subscription unpaid by setting, with drafts that nobody collects', async () => {
    const { clock, subscription } = await failingRenewal(
      { invoiceRetryDays: [1], invoiceRetryEnd: 'unpaid' },
      'pm_card_chargeCustomerFail',
    );
    await advance(shop.stripe, clock, '2026-04-02T11:00');
    expect(await statusOf(subscription)).toBe('unpaid');
    await advance(shop.stripe, clock, '2026-05-02T11:00');
    expect(await latestInvoice(subscription)).toMatchObject({ auto_advance: false, status: 'draft' });
  });

  it('leaves the subscription past_due by setting', async () => {
    const { clock, subscription } = await failingRenewal(
      { invoiceRetryDays: [1], invoiceRetryEnd: 'past_due' },
      'pm_card_chargeCustomerFail',
    );
    await advance(shop.stripe, clock, '2026-04-10T11:00');
    expect(await statusOf(subscription)).toBe('past_due');
    expect(await latestInvoice(subscription)).toMatchObject({ attempt_count: 2, status: 'open' });
  });

  it('recovers by itself once there is a good card', async () => {
    const { clock, customer, subscription } = await failingRenewal({}, 'pm_card_chargeCustomerFail');
    await useCard(shop.stripe, customer, 'pm_card_visa');
    await shop.mark();
    await advance(shop.stripe, clock, '2026-04-02T11:00');
    await until(() => shop.arrived().includes('customer.subscription.updated'));
    expect(await statusOf(subscription)).toBe('active');
    expect(await latestInvoice(subscription)).toMatchObject({ attempt_count: 2, status: 'paid' });
    expect(await shop.stripe.customers.retrieve(customer)).toMatchObject({ delinquent: false });
  });

  it.each(['voidInvoice', 'markUncollectible'] as const)('is forgiven by %s', async (act) => {
    const { subscription } = await failingRenewal({}, 'pm_card_chargeCustomerFail');
    expect(await statusOf(subscription)).toBe('past_due');
    await shop.stripe.invoices[act]((await latestInvoice(subscription)).id);
    expect(await statusOf(subscription)).toBe('active');
  });

  it('stays past_due when an invoice of another month is paid', async () => {
    const { clock, customer, subscription } = await failingRenewal(
      { invoiceRetryDays: [1], invoiceRetryEnd: 'past_due' },
      'pm_card_chargeCustomerFail',
    );
    const older = await latestInvoice(subscription);
    await advance(shop.stripe, clock, '2026-05-01T11:00');
    const good = await shop.stripe.paymentMethods.attach('pm_card_visa', { customer });
    await shop.stripe.invoices.pay(older.id, { payment_method: good.id });
    expect(await statusOf(subscription)).toBe('past_due');
    const newer = await latestInvoice(subscription);
    await shop.stripe.invoices.pay(newer.id, { payment_method: good.id });
    expect(await statusOf(subscription)).toBe('active');
  });

  it('recovers when the open invoice is paid by hand', async () => {
    const { customer, subscription } = await failingRenewal({}, 'pm_card_chargeCustomerFail');
    const good = await shop.stripe.paymentMethods.attach('pm_card_visa', { customer });
    const invoice = await latestInvoice(subscription);
    await shop.stripe.invoices.pay(invoice.id, { payment_method: good.id });
    expect(await statusOf(subscription)).toBe('active');
  });

  it('counts tries with a card that is too risky without making them', async () => {
    const { clock, subscription } = await failingRenewal({}, 'pm_card_radarBlock');
    await advance(shop.stripe, clock, '2026-04-04T11:00');
    expect(await latestInvoice(subscription)).toMatchObject({ attempt_count: 3, status: 'open' });
    expect((await shop.stripe.events.list({ type: 'charge.failed' })).data).toHaveLength(1);
  });

  it('ends by an order of its own: the last try, the end, and nobody asks any more', async () => {
    const { clock } = await failingRenewal({ invoiceRetryDays: [1] }, 'pm_card_chargeCustomerFail');
    await shop.mark();
    await advance(shop.stripe, clock, '2026-04-02T11:00');
    await until(() => shop.arrived().length === 6);
    expect(shop.arrived()).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
      'customer.subscription.deleted',
      'invoice.updated',
    ]);
  });

  it('of a card that asks says so in order', async () => {
    await failingRenewal({}, 'pm_card_authenticationRequired');
    await until(() => shop.arrived().length === 7);
    expect(shop.arrived()).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'payment_intent.requires_action',
      'invoice.payment_action_required',
      'invoice.payment_failed',
      'invoice.updated',
      'customer.subscription.updated',
    ]);
  });

  it('counts tries after a hard decline without making them', async () => {
    shop = await openShop();
    const { stripe } = shop;
    const { clock, customer } = await payingCustomer(stripe, 'pm_card_visa', '2026-03-01T10:00');
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: shop.monthly.id }],
    });
    await useCard(stripe, customer.id, 'pm_card_authenticationRequired');
    await advance(stripe, clock, '2026-04-01T11:00');
    await until(() => shop.arrived().includes('invoice.payment_failed'));
    expect(shop.arrived()).toContain('invoice.payment_action_required');
    expect(await statusOf(id)).toBe('past_due');
    await advance(stripe, clock, '2026-04-02T11:00');
    expect(await latestInvoice(id)).toMatchObject({ attempt_count: 2, status: 'open' });
    await shop.mark();
    expect((await stripe.events.list({ type: 'payment_intent.requires_action' })).data).toHaveLength(1);
  });
});
