import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advance, openShop, payingCustomer, seconds, type Shop } from '../testing/billing';
import { clientFor, SECRET, until } from '../testing/under-test';
import { startSandbox } from '../index';

let shop: Shop;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sandbox-'));
});
afterEach(async () => {
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

const START = '2026-01-31T10:00';
/** Months that have no 31st end on their last day. */
const BOUNDARIES = [
  '2026-01-31',
  '2026-02-28',
  '2026-03-31',
  '2026-04-30',
  '2026-05-31',
  '2026-06-30',
  '2026-07-31',
  '2026-08-31',
  '2026-09-30',
  '2026-10-31',
  '2026-11-30',
  '2026-12-31',
  '2027-01-31',
  '2027-02-28',
].map((day) => seconds(`${day}T10:00`));

async function begin(): Promise<{ clock: string; subscription: string }> {
  const { clock, customer } = await payingCustomer(shop.stripe, 'pm_card_visa', START);
  const { id } = await shop.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: shop.monthly.id }],
  });
  return { clock, subscription: id };
}

describe('a renewal', () => {
  it('is a draft at the period end and paid an hour later, in the order that Stripe documents', async () => {
    shop = await openShop({ upcomingInvoiceDays: 7 });
    const { clock, subscription } = await begin();
    const ending = await payingCustomer(shop.stripe, 'pm_card_visa', START);
    await shop.stripe.subscriptions.create({
      cancel_at_period_end: true,
      customer: ending.customer.id,
      items: [{ price: shop.monthly.id }],
    });
    await shop.mark();
    await advance(shop.stripe, ending.clock, '2026-02-21T10:01');
    await advance(shop.stripe, clock, '2026-02-21T10:01');
    await until(() => shop.arrived().length === 1);
    expect(shop.arrived()).toEqual(['invoice.upcoming']);
    expect((await shop.stripe.events.list({ type: 'invoice.upcoming' })).data).toHaveLength(1);
    await shop.mark();

    await advance(shop.stripe, clock, '2026-02-28T10:30');
    await until(() => shop.arrived().length === 2);
    expect(shop.arrived()).toEqual(['customer.subscription.updated', 'invoice.created']);
    const [updated, created] = shop.receiver.events().filter(({ type }) => !type.startsWith('test_helpers'));
    expect(Object.keys(updated?.data.previous_attributes ?? {}).sort()).toEqual(['items', 'latest_invoice']);
    expect(created?.data.object).toMatchObject({
      auto_advance: true,
      automatically_finalizes_at: seconds('2026-02-28T11:00'),
      billing_reason: 'subscription_cycle',
      period_end: BOUNDARIES[1],
      period_start: BOUNDARIES[0],
      status: 'draft',
    });
    await shop.mark();

    await advance(shop.stripe, clock, '2026-02-28T11:00');
    await until(() => shop.arrived().length === 9);
    expect(shop.inActs()).toEqual([
      'invoice.finalized',
      'invoice.updated',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice_payment.paid',
      'charge.updated',
    ]);
    const { data } = await shop.stripe.invoices.list({ subscription });
    expect(data[0]?.lines.data[0]?.period).toEqual({ start: BOUNDARIES[1], end: BOUNDARIES[2] });
    expect(data[0]).toMatchObject({ auto_advance: false, attempt_count: 1, amount_paid: 1500 });
  });

  it('comes twelve times in twelve months, each exact and told once', async () => {
    shop = await openShop();
    const { clock, subscription } = await begin();
    // An advance goes two intervals ahead at most, which the shorter of two months may not reach.
    for (const month of [2, 4, 6, 8, 10, 11, 12]) {
      const boundary = BOUNDARIES[month] ?? 0;
      await advance(shop.stripe, clock, boundary);
      await advance(shop.stripe, clock, boundary + 3600);
    }
    const { data } = await shop.stripe.invoices.list({ limit: 100, subscription });
    const invoices = data.reverse();
    expect(invoices).toHaveLength(13);
    for (const [turn, invoice] of invoices.entries()) {
      expect(invoice).toMatchObject({ amount_paid: 1500, attempt_count: 1, status: 'paid', total: 1500 });
      const period = { start: BOUNDARIES[turn], end: BOUNDARIES[turn + 1] };
      expect(invoice.lines.data.map((line) => line.period)).toEqual([period]);
    }
    expect(new Set(invoices.map(({ number }) => number)).size).toBe(13);
    const charges = await shop.stripe.charges.list({ limit: 100 });
    expect(charges.data.map(({ amount }) => amount)).toEqual(Array(13).fill(1500));

    const invoiceIds = (type: string): string[] =>
      shop.receiver.events().flatMap((event) => {
        const { object } = event.data;
        return event.type === type && 'id' in object && object.id !== undefined ? [object.id] : [];
      });
    const late = ['invoice_payment.paid', 'invoice.paid'];
    await until(() => late.every((type) => invoiceIds(type).length >= 13));
    expect(invoiceIds('invoice.paid').sort()).toEqual(invoices.map(({ id }) => id).sort());
    expect(invoiceIds('invoice.created').sort()).toEqual(invoices.map(({ id }) => id).sort());
    expect(new Set(shop.receiver.events().map(({ id }) => id)).size).toBe(shop.receiver.events().length);
  });

  it.each([
    ['day', 3, '2028-03-03T10:00'],
    ['week', 2, '2028-03-14T10:00'],
    ['month', 1, '2028-03-29T10:00'],
    ['year', 1, '2029-02-28T10:00'],
  ] as const)('comes with the rhythm of its price: every %s × %i', async (interval, count, end) => {
    shop = await openShop();
    const { customer } = await payingCustomer(shop.stripe, 'pm_card_visa', '2028-02-29T10:00');
    const price = await shop.stripe.prices.create({
      currency: 'usd',
      product: String(shop.monthly.product),
      recurring: { interval, interval_count: count },
      unit_amount: 1500,
    });
    const made = await shop.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
    });
    expect(made.items.data[0]?.current_period_end).toBe(seconds(end));
  });

  it('of a subscription whose invoices are sent is sent, overdue, and good again once it is paid', async () => {
    shop = await openShop();
    const { stripe } = shop;
    const { clock, customer } = await payingCustomer(stripe, 'pm_card_visa', START);
    await shop.mark();
    const { id } = await stripe.subscriptions.create({
      collection_method: 'send_invoice',
      customer: customer.id,
      days_until_due: 5,
      items: [{ price: shop.monthly.id }],
    });
    await until(() => shop.arrived().length === 3);
    expect(shop.arrived()).toEqual(['customer.updated', 'customer.subscription.created', 'invoice.created']);
    const [draft] = (await stripe.invoices.list({ subscription: id })).data;
    expect(draft).toMatchObject({
      auto_advance: true,
      collection_method: 'send_invoice',
      due_date: seconds('2026-02-05T10:00'),
      status: 'draft',
    });
    await shop.mark();
    await advance(stripe, clock, '2026-01-31T11:00');
    await until(() => shop.arrived().length === 3);
    expect(shop.arrived()).toEqual(['invoice.finalized', 'payment_intent.created', 'invoice.sent']);
    await shop.mark();
    await advance(stripe, clock, '2026-02-05T10:00');
    await until(() => shop.arrived().length === 2);
    expect(shop.arrived()).toEqual(['invoice.overdue', 'customer.subscription.updated']);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due');
    await stripe.invoices.pay(draft?.id ?? '');
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
    await advance(stripe, clock, '2026-02-28T11:00');
    const [renewal] = (await stripe.invoices.list({ subscription: id })).data;
    expect(renewal).toMatchObject({
      billing_reason: 'subscription_cycle',
      due_date: seconds('2026-03-05T10:00'),
      status: 'open',
    });
  });

  it('goes on after a restart in the middle of its hour', async () => {
    shop = await openShop({}, { data: folder });
    const { clock, subscription } = await begin();
    await advance(shop.stripe, clock, '2026-02-28T10:30');
    await shop.mark();
    await shop.under.stop();

    const second = await startSandbox({
      port: 0,
      data: folder,
      webhook: shop.receiver.url,
      webhookSecret: SECRET,
    });
    const stripe = clientFor(second.url);
    await advance(stripe, clock, '2026-02-28T11:00');
    const paid = await stripe.invoices.list({ subscription, status: 'paid' });
    expect(paid.data.map(({ billing_reason: reason }) => reason)).toEqual([
      'subscription_cycle',
      'subscription_create',
    ]);
    expect(String(paid.data[0]?.lines.data[0]?.pricing?.unit_amount_decimal)).toBe('1500');
    await until(() => shop.arrived().includes('invoice.paid'));
    await second.stop();
  });

  it('is played without a clock when the panel asks for it', async () => {
    shop = await openShop();
    const { customer } = await payingCustomer(shop.stripe);
    const { id } = await shop.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: shop.monthly.id }],
    });
    await shop.mark();
    const { billing } = shop.under.sandbox;
    expect(billing.renewNow(id)).toEqual({ outcome: 'done' });
    await until(() => shop.arrived().length === 2);
    expect(shop.arrived()).toEqual(['customer.subscription.updated', 'invoice.created']);
    const [draft] = billing.invoices.list().rows;
    expect(draft).toMatchObject({ status: 'draft', reason: 'subscription_cycle', total: 1500 });
    expect(billing.collectInvoice(draft?.id ?? '')).toEqual({ outcome: 'done' });
    await until(() => shop.arrived().includes('charge.updated'));
    const paid = await shop.stripe.invoices.list({ subscription: id, status: 'paid' });
    expect(paid.data).toHaveLength(2);
  });
});
