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
beforeEach(async () => {
  shop = await openShop();
  stripe = shop.stripe;
});
afterEach(() => shop.close());

const item = (): Array<{ price: string }> => [{ price: shop.monthly.id }];

async function subscribe(more: Partial<Stripe.SubscriptionCreateParams> = {}, card = 'pm_card_visa') {
  const { customer } = await payingCustomer(stripe, card);
  return stripe.subscriptions.create({ customer: customer.id, items: item(), ...more });
}

describe('a subscription made by the API', () => {
  it('is paid at once and says so in the order that Stripe was seen to send', async () => {
    const { customer } = await payingCustomer(stripe);
    await shop.mark();
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: shop.monthly.id, quantity: 2 }],
      metadata: { plan: 'pro' },
    });
    await until(() => shop.arrived().length === 11);
    expect(shop.inActs()).toEqual([
      'charge.succeeded',
      'customer.updated',
      'customer.subscription.created',
      'payment_intent.succeeded',
      'payment_intent.created',
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice_payment.paid',
      'charge.updated',
    ]);
    expect(subscription).toMatchObject({
      status: 'active',
      currency: 'usd',
      billing_mode: { type: 'flexible' },
      cancel_at_period_end: false,
      cancellation_details: { reason: null },
      ended_at: null,
    });
    const [line] = subscription.items.data;
    expect(line?.current_period_start).toBe(subscription.created);
    expect(line?.plan).toMatchObject({ id: shop.monthly.id, amount: 1500, interval: 'month' });
    expect(subscription.latest_invoice).toMatch(/^in_/);

    const invoice = await stripe.invoices.retrieve(String(subscription.latest_invoice), {
      expand: ['payments', 'confirmation_secret'],
    });
    expect(invoice).toMatchObject({
      amount_due: 3000,
      amount_paid: 3000,
      attempt_count: 1,
      auto_advance: false,
      billing_reason: 'subscription_create',
      parent: {
        type: 'subscription_details',
        subscription_details: { subscription: subscription.id, metadata: { plan: 'pro' } },
      },
      status: 'paid',
    });
    expect(invoice.lines.data[0]).toMatchObject({
      amount: 3000,
      description: '2 × Pro (at $15.00 / month)',
      metadata: { plan: 'pro' },
      period: { start: subscription.created, end: line?.current_period_end },
      parent: { type: 'subscription_item_details' },
    });
    const [payment] = invoice.payments?.data ?? [];
    expect(payment).toMatchObject({ is_default: true, status: 'paid', amount_paid: 3000 });
    const intentId = String(payment?.payment.payment_intent);
    const byIntent = await stripe.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: intentId },
    });
    expect(byIntent.data.map(({ id }) => id)).toEqual([payment?.id]);
    expect(await stripe.paymentIntents.retrieve(intentId)).toMatchObject({
      setup_future_usage: 'off_session',
      status: 'succeeded',
    });
  });

  it('is incomplete when the card is refused, and active once its invoice is paid', async () => {
    const subscription = await subscribe({}, 'pm_card_chargeCustomerFail');
    expect(subscription.status).toBe('incomplete');
    const invoiceId = String(subscription.latest_invoice);
    expect(await stripe.invoices.retrieve(invoiceId)).toMatchObject({ status: 'open', attempted: true });
    await until(() => shop.arrived().includes('invoice.payment_failed'));

    const method = await useCard(stripe, String(subscription.customer), 'pm_card_visa');
    await shop.mark();
    await stripe.invoices.pay(invoiceId, { payment_method: method.id });
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    await until(() => shop.arrived().includes('customer.subscription.updated'));
    const updated = shop.receiver.events().find(({ type }) => type === 'customer.subscription.updated');
    expect(updated?.data.previous_attributes).toEqual({ status: 'incomplete' });
  });

  it('expires when nobody pays its first invoice for 23 hours', async () => {
    const { customer, clock } = await payingCustomer(
      stripe,
      'pm_card_chargeCustomerFail',
      '2026-03-01T10:00',
    );
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items: item() });
    await advance(stripe, clock, '2026-03-02T08:59');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('incomplete');
    await advance(stripe, clock, '2026-03-02T09:01');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('incomplete_expired');
    const invoice = await stripe.invoices.retrieve(String(subscription.latest_invoice));
    expect(invoice.status).toBe('void');
  });

  it('leaves the first payment to the customer with default_incomplete', async () => {
    const subscription = await subscribe({
      payment_behavior: 'default_incomplete',
      payment_settings: { save_default_payment_method: 'on_subscription' },
      expand: ['latest_invoice.confirmation_secret'],
    });
    expect(subscription.status).toBe('incomplete');
    const invoice = subscription.latest_invoice;
    if (invoice === null || typeof invoice === 'string') throw new Error('The invoice was to be expanded.');
    const secret = invoice.confirmation_secret?.client_secret ?? '';
    const intent = secret.slice(0, secret.indexOf('_secret_'));
    const card = await stripe.paymentMethods.attach('pm_card_mastercard', {
      customer: String(subscription.customer),
    });
    await stripe.paymentIntents.confirm(intent, { payment_method: card.id });
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'active',
      default_payment_method: card.id,
    });
    expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('paid');
  });

  it('asks for its first payment by the types it names, which its invoices go on to say', async () => {
    const settings = { payment_method_types: ['card', 'us_bank_account'] } as const;
    const {
      id,
      latest_invoice: first,
      payment_settings: echoed,
    } = await subscribe({
      payment_behavior: 'default_incomplete',
      payment_settings: { payment_method_types: [...settings.payment_method_types] },
    });
    expect(echoed).toMatchObject(settings);
    const expand = ['payments.data.payment.payment_intent'];
    expect(await stripe.invoices.retrieve(String(first), { expand })).toMatchObject({
      payment_settings: settings,
      payments: { data: [{ payment: { payment_intent: settings } }] },
    });
    const unknown = await refusalOf(
      stripe.subscriptions.update(id, { payment_settings: { payment_method_types: ['paypal'] } }),
    );
    expect(unknown.message).toBe('The sandbox does not play payments by paypal.');
    const bank = await stripe.subscriptions.update(id, {
      payment_settings: { payment_method_types: ['us_bank_account'] },
    });
    expect(bank.payment_settings?.payment_method_types).toEqual(['us_bank_account']);
    const refused = await refusalOf(
      subscribe({ payment_settings: { payment_method_types: ['sepa_debit'] } }),
    );
    expect(refused.param).toBe('currency');
  });

  it('and an invoice are paid by no type but those they name', async () => {
    const debits: Stripe.InvoiceCreateParams.PaymentSettings = { payment_method_types: ['us_bank_account'] };
    const { id, customer, latest_invoice: first, status } = await subscribe({ payment_settings: debits });
    expect(status).toBe('incomplete');
    expect((await stripe.invoices.retrieve(String(first))).attempt_count).toBe(0);
    const { data } = await stripe.paymentMethods.list({ customer: String(customer) });
    const card = data[0]?.id ?? '';
    const byDefault = await refusalOf(stripe.subscriptions.update(id, { default_payment_method: card }));
    expect(byDefault.message).toContain('does not play a default_payment_method of another type');
    const draft = await stripe.invoices.create({ customer: String(customer), currency: 'usd' });
    const named = await stripe.invoices.update(draft.id, { payment_settings: debits });
    expect(named.payment_settings).toMatchObject(debits);
    const byHand = await refusalOf(stripe.invoices.pay(String(first), { payment_method: card }));
    expect(byHand.code).toBe('payment_intent_incompatible_payment_method');
  });

  it('is not made at all with error_if_incomplete or without any method', async () => {
    const { customer } = await payingCustomer(stripe, 'pm_card_chargeCustomerFail');
    const params = { customer: customer.id, items: item() };
    const declined = await refusalOf(
      stripe.subscriptions.create({ ...params, payment_behavior: 'error_if_incomplete' }),
    );
    expect(declined).toMatchObject({ statusCode: 402, code: 'card_declined' });
    const bare = await stripe.customers.create({});
    const missing = await refusalOf(stripe.subscriptions.create({ ...params, customer: bare.id }));
    expect(missing).toMatchObject({ statusCode: 400, code: 'resource_missing' });
    expect((await stripe.subscriptions.list({ status: 'all' })).data).toEqual([]);
  });

  it('asks for a 3DS card with 402-free creation and invoice.payment_action_required', async () => {
    const subscription = await subscribe({}, 'pm_card_authenticationRequired');
    expect(subscription.status).toBe('incomplete');
    await until(() => shop.arrived().includes('invoice.payment_action_required'));
    const refused = await refusalOf(stripe.invoices.pay(String(subscription.latest_invoice)));
    expect(refused).toMatchObject({ statusCode: 402, code: 'invoice_payment_intent_requires_action' });
  });
});

describe('a trial', () => {
  it('costs nothing, is announced three days before its end and is paid then', async () => {
    const { customer, clock } = await payingCustomer(stripe, 'pm_card_visa', '2026-03-01T10:00');
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: item(),
      trial_period_days: 14,
    });
    expect(subscription).toMatchObject({ status: 'trialing', trial_end: seconds('2026-03-15T10:00') });
    const first = await stripe.invoices.retrieve(String(subscription.latest_invoice));
    expect(first).toMatchObject({ amount_due: 0, status: 'paid', billing_reason: 'subscription_create' });
    await shop.mark();
    await advance(stripe, clock, '2026-03-12T10:01');
    await until(() => shop.arrived().includes('customer.subscription.trial_will_end'));
    await advance(stripe, clock, '2026-03-15T11:01');
    const after = await stripe.subscriptions.retrieve(subscription.id);
    expect(after.status).toBe('active');
    expect(after.items.data[0]?.current_period_end).toBe(seconds('2026-04-15T10:00'));
    const paid = await stripe.invoices.retrieve(String(after.latest_invoice));
    expect(paid).toMatchObject({ amount_paid: 1500, billing_reason: 'subscription_cycle', status: 'paid' });
  });

  it('is announced also where it was begun to hold the next period back', async () => {
    const { customer, clock } = await payingCustomer(stripe, 'pm_card_visa', '2026-03-01T10:00');
    const { id } = await stripe.subscriptions.create({ customer: customer.id, items: item() });
    const held = { trial_end: seconds('2026-04-01T10:00'), proration_behavior: 'none' } as const;
    expect(await stripe.subscriptions.update(id, held)).toMatchObject({ status: 'trialing' });
    await shop.mark();
    await advance(stripe, clock, '2026-03-29T09:59');
    expect(shop.arrived()).not.toContain('customer.subscription.trial_will_end');
    await advance(stripe, clock, '2026-03-29T10:01');
    await until(() => shop.arrived().includes('customer.subscription.trial_will_end'));
  });

  it('pauses without a method if it is told so, and is resumed', async () => {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: seconds('2026-03-01T10:00') });
    const customer = await stripe.customers.create({ test_clock: clock.id });
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: item(),
      trial_period_days: 1,
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    });
    await advance(stripe, clock.id, '2026-03-03T10:00');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('paused');
    await useCard(stripe, customer.id, 'pm_card_visa');
    const resumed = await stripe.subscriptions.resume(subscription.id, {
      billing_cycle_anchor: { type: 'now' },
    });
    expect(resumed.status).toBe('active');
    const paid = await stripe.invoices.retrieve(String(resumed.latest_invoice));
    expect(paid).toMatchObject({ amount_paid: 1500, status: 'paid' });
    await until(() => shop.arrived().includes('customer.subscription.resumed'));
  });
});

describe('a change', () => {
  it('of metadata says only what changed', async () => {
    const subscription = await subscribe({ metadata: { keep: '1' } });
    await shop.mark();
    await stripe.subscriptions.update(subscription.id, { metadata: { foo: 'bar' } });
    await until(() => shop.arrived().includes('customer.subscription.updated'));
    const [event] = shop.receiver.events().filter(({ type }) => type === 'customer.subscription.updated');
    expect(event?.data.previous_attributes).toEqual({ metadata: { foo: null } });
    const found = await stripe.subscriptions.search({ query: "metadata['foo']:'bar'" });
    expect(found.data.map(({ id }) => id)).toEqual([subscription.id]);
  });

  it('of the plan credits the unused and charges the remaining time, later, now or never', async () => {
    const dearer = await monthlyPrice(stripe, 4500, String(shop.monthly.product));
    const { customer, clock } = await payingCustomer(stripe, 'pm_card_visa', '2026-04-01T00:00');
    const create = () => stripe.subscriptions.create({ customer: customer.id, items: item() });
    const subscriptions = [await create(), await create(), await create()];
    await advance(stripe, clock, '2026-04-16T00:00');
    const change = (
      subscription: Stripe.Subscription | undefined,
      behavior: 'create_prorations' | 'always_invoice' | 'none',
    ) =>
      stripe.subscriptions.update(subscription?.id ?? '', {
        items: [{ id: subscription?.items.data[0]?.id ?? '', price: dearer.id }],
        proration_behavior: behavior,
      });
    await change(subscriptions[0], 'none');
    expect((await stripe.invoiceItems.list({ pending: true })).data).toEqual([]);
    await change(subscriptions[1], 'create_prorations');
    const items = await stripe.invoiceItems.list({ customer: customer.id, pending: true });
    expect(items.data.map(({ amount }) => amount).sort()).toEqual([-750, 2250]);
    const now = await change(subscriptions[2], 'always_invoice');
    const invoice = await stripe.invoices.retrieve(String(now.latest_invoice));
    expect(invoice).toMatchObject({ billing_reason: 'subscription_update', total: 1500, status: 'paid' });
    expect(now.items.data[0]?.plan.id).toBe(dearer.id);

    await advance(stripe, clock, '2026-05-01T01:01');
    const later = await stripe.subscriptions.retrieve(subscriptions[1]?.id ?? '');
    const renewal = await stripe.invoices.retrieve(String(later.latest_invoice));
    expect(renewal).toMatchObject({ total: 4500 + 1500, status: 'paid' });
  });

  it('of items one by one keeps the rest', async () => {
    const other = await monthlyPrice(stripe, 500, String(shop.monthly.product));
    const subscription = await subscribe();
    const added = await stripe.subscriptionItems.create({ subscription: subscription.id, price: other.id });
    await stripe.subscriptionItems.update(added.id, { quantity: 3, proration_behavior: 'none' });
    const items = await stripe.subscriptionItems.list({ subscription: subscription.id });
    expect(items.data.map(({ quantity }) => quantity)).toEqual([1, 3]);
    await stripe.subscriptionItems.del(added.id, { proration_behavior: 'none' });
    expect((await stripe.subscriptions.retrieve(subscription.id)).items.data).toHaveLength(1);
  });
});

describe('an end', () => {
  it('comes at once with DELETE, and a canceled subscription is found only when asked for', async () => {
    const subscription = await subscribe();
    await shop.mark();
    const canceled = await stripe.subscriptions.cancel(subscription.id, {
      cancellation_details: { comment: 'too dear', feedback: 'too_expensive' },
    });
    expect(canceled).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'cancellation_requested', feedback: 'too_expensive' },
    });
    await until(() => shop.arrived().includes('customer.subscription.deleted'));
    const ids = async (status?: 'all' | 'ended' | 'active') =>
      (await stripe.subscriptions.list({ ...(status && { status }) })).data.map(({ id }) => id);
    expect(await ids()).toEqual([]);
    expect(await ids('active')).toEqual([]);
    expect(await ids('all')).toEqual([subscription.id]);
    expect(await ids('ended')).toEqual([subscription.id]);
    const again = await refusalOf(stripe.subscriptions.cancel(subscription.id));
    expect(again).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });

  it('comes at the period end, unless it is taken back', async () => {
    const { customer, clock } = await payingCustomer(stripe, 'pm_card_visa', '2026-03-01T10:00');
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items: item() });
    const set = (cancel: boolean) =>
      stripe.subscriptions.update(subscription.id, { cancel_at_period_end: cancel });
    expect(await set(true)).toMatchObject({
      cancel_at: seconds('2026-04-01T10:00'),
      canceled_at: seconds('2026-03-01T10:00'),
      cancellation_details: { reason: 'cancellation_requested' },
      status: 'active',
    });
    expect(await set(false)).toMatchObject({
      cancel_at: null,
      canceled_at: null,
      cancel_at_period_end: false,
    });
    await set(true);
    await shop.mark();
    await advance(stripe, clock, '2026-04-01T12:00');
    await until(() => shop.arrived().length > 0);
    expect(shop.arrived()).toEqual(['customer.subscription.deleted']);
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: seconds('2026-04-01T10:00'),
    });
    expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1);
  });
});
