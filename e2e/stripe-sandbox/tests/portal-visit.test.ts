import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPortalTest, type PortalTest } from '../testing/portal';

let under: PortalTest['under'];
let customer: PortalTest['customer'];
let monthly: PortalTest['monthly'];
let yearly: PortalTest['yearly'];
let subscribe: PortalTest['subscribe'];
let everything: PortalTest['everything'];
let openPortal: PortalTest['openPortal'];
let viewed: PortalTest['viewed'];
let following: PortalTest['following'];

beforeEach(async () => {
  ({ under, customer, monthly, yearly, subscribe, everything, openPortal, viewed, following } =
    await startPortalTest());
});
afterEach(() => under.stop());

const CARD = {
  number: '5555 5555 5555 4444',
  expMonth: '12',
  expYear: '40',
  cvc: '123',
  name: 'Jenny Rosen',
  country: 'US',
  postalCode: '94103',
};

describe('a visitor of the portal', () => {
  it('sees the subscription, its price, its card, its invoices and what is allowed', async () => {
    const subscription = await subscribe();
    const view = viewed(await openPortal());
    expect(view).toMatchObject({
      headline: 'Your credits',
      privacyPolicyUrl: 'https://shop.test/privacy',
      customer: { id: customer.id },
      methods: [{ type: 'card', brand: 'visa', last4: '4242', isDefault: true }],
      invoices: [{ status: 'paid', total: 1500, currency: 'usd' }],
      allows: {
        cancel: { mode: 'at_period_end', reasons: ['too_expensive', 'other'] },
        changePlan: { canChangePrice: true, canChangeQuantity: true },
        invoices: true,
        methods: true,
        updates: ['address', 'email'],
      },
    });
    expect(view.subscriptions).toMatchObject([
      {
        id: subscription.id,
        status: 'active',
        name: 'Monthly credits',
        amount: 1500,
        quantity: 1,
        periodEnd: subscription.items.data[0]?.current_period_end,
        cancelAt: null,
        canCancel: true,
        canResume: false,
        choices: [{ isCurrent: true }, { price: { id: yearly.id }, isCurrent: false }],
        method: { last4: '4242' },
      },
    ]);
    expect(view.invoices[0]?.url).toMatch(/\/i\/acct_/);
  });

  it('cancels at the end of the period with a reason, and takes it back', async () => {
    const { id, items } = await subscribe();
    const token = await openPortal();
    const end = items.data[0]?.current_period_end ?? 0;
    const cancel = { subscription: id, feedback: 'too_expensive', comment: 'bye' } as const;
    expect(await following(() => under.sandbox.portal.cancel(token, cancel))).toEqual([
      'customer.subscription.updated',
    ]);
    expect(await under.stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'active',
      cancel_at: end,
      cancel_at_period_end: true,
      cancellation_details: { comment: 'bye', feedback: 'too_expensive', reason: 'cancellation_requested' },
    });
    expect(viewed(token).subscriptions).toMatchObject([
      { cancelAt: end, canCancel: false, canResume: true, choices: [] },
    ]);
    expect(await under.sandbox.portal.cancel(token, cancel)).toMatchObject({ outcome: 'refused' });
    expect(await under.sandbox.portal.resume(token, id)).toEqual({ outcome: 'done' });
    expect(await under.stripe.subscriptions.retrieve(id)).toMatchObject({
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      cancellation_details: { reason: null },
    });
  });

  it('cancels at once where the configuration says so', async () => {
    const { id } = await subscribe();
    const { features, ...params } = everything();
    const now = { ...features.subscription_cancel, enabled: true, mode: 'immediately' } as const;
    const token = await openPortal({ ...params, features: { ...features, subscription_cancel: now } });
    const cancel = { subscription: id, feedback: null, comment: null };
    expect(await following(() => under.sandbox.portal.cancel(token, cancel))).toContain(
      'customer.subscription.deleted',
    );
    expect((await under.stripe.subscriptions.retrieve(id)).status).toBe('canceled');
    expect(viewed(token).subscriptions).toEqual([]);
  });

  it('changes price and quantity to what is offered, and nothing else', async () => {
    const { id } = await subscribe();
    const token = await openPortal();
    const change = (price: string, quantity: number) =>
      under.sandbox.portal.changePlan(token, { subscription: id, price, quantity });
    const other = await under.stripe.prices.create({
      currency: 'usd',
      unit_amount: 1,
      product: String(monthly.product),
      recurring: { interval: 'month' },
    });
    expect(await change(other.id, 1)).toMatchObject({ outcome: 'refused' });
    expect(await change(monthly.id, 6)).toMatchObject({ outcome: 'refused' });
    expect(await change(monthly.id, 0)).toMatchObject({ outcome: 'refused' });
    expect(await change(monthly.id, 1)).toMatchObject({ outcome: 'refused' });
    expect(await change(monthly.id, 2)).toEqual({ outcome: 'done' });
    expect(await change(yearly.id, 2)).toEqual({ outcome: 'done' });
    const changed = await under.stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(changed.items.data).toMatchObject([
      { price: { id: yearly.id }, plan: { id: yearly.id, interval: 'year' }, quantity: 2 },
    ]);
    expect(changed.latest_invoice).toMatchObject({ billing_reason: 'subscription_update', status: 'paid' });
  });

  it('adds a card that becomes the default one, also of the subscription, and removes the old one', async () => {
    const [visa] = viewed(await openPortal()).methods;
    const { id } = await under.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly.id }],
      default_payment_method: visa?.id ?? '',
    });
    const token = await openPortal();
    expect(await under.sandbox.portal.removeMethod(token, visa?.id ?? '')).toMatchObject({
      outcome: 'refused',
    });
    expect(await following(() => under.sandbox.portal.addCard(token, CARD))).toEqual([
      'setup_intent.created',
      'payment_method.attached',
      'setup_intent.succeeded',
      'customer.updated',
      'customer.subscription.updated',
    ]);
    const [first] = viewed(token).methods;
    expect(first).toMatchObject({ brand: 'mastercard', last4: '4444', isDefault: true });
    expect(await under.stripe.subscriptions.retrieve(id)).toMatchObject({
      default_payment_method: first?.id,
    });
    expect(await under.sandbox.portal.removeMethod(token, visa?.id ?? '')).toEqual({ outcome: 'done' });
    expect(viewed(token).methods).toHaveLength(1);
    expect(await under.sandbox.portal.addCard(token, { ...CARD, cvc: '1' })).toMatchObject({
      outcome: 'invalid',
      field: 'cvc',
    });
    expect(await under.sandbox.portal.addCard(token, { ...CARD, number: '4000000000000002' })).toEqual({
      outcome: 'declined',
      message: 'Your card was declined.',
    });
  });

  it('answers the question of a card that asks', async () => {
    const token = await openPortal();
    const asked = await under.sandbox.portal.addCard(token, { ...CARD, number: '4000002500003155' });
    if (asked.outcome !== 'challenge') throw new Error(asked.outcome);
    expect(viewed(token).methods).toHaveLength(1);
    expect(await under.sandbox.portal.answerChallenge(token, asked.setupIntent, 'complete')).toEqual({
      outcome: 'done',
    });
    expect(viewed(token).methods[0]).toMatchObject({ last4: '3155', isDefault: true });
    expect(await under.sandbox.portal.answerChallenge(token, asked.setupIntent, 'complete')).toMatchObject({
      outcome: 'refused',
    });
  });

  it('changes the details that may be changed', async () => {
    const token = await openPortal();
    const said = await following(() =>
      under.sandbox.portal.updateCustomer(token, { email: 'new@example.com' }),
    );
    expect(said).toEqual(['customer.updated']);
    expect(await under.sandbox.portal.updateCustomer(token, { name: 'No' })).toMatchObject({
      outcome: 'refused',
    });
    expect(await under.sandbox.portal.updateCustomer(token, { email: 'no' })).toMatchObject({
      outcome: 'refused',
    });
    expect(await under.stripe.customers.retrieve(customer.id)).toMatchObject({
      email: 'new@example.com',
      name: null,
    });
  });
});
