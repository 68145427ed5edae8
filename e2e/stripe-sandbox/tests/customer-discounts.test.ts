import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusalOf, startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;
let stripe: Stripe;
beforeAll(async () => {
  test = await startUnderTest();
  stripe = test.stripe;
});
afterAll(() => test.stop());

/** `coupon` on customers is what old versions have: the SDK's own version does not know it. */
async function setCoupon(path: string, coupon: string, version?: string): Promise<Response> {
  return fetch(`${test.url}/v1/${path}`, {
    method: 'POST',
    headers: {
      Authorization: 'Bearer sk_test_1234567890abcdef',
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(version !== undefined && { 'Stripe-Version': version }),
    },
    body: new URLSearchParams({ coupon }),
  });
}

const discountEvents = async (): Promise<string[]> => {
  const { data } = await stripe.events.list({ type: 'customer.discount.*', limit: 100 });
  return data.map(({ type }) => type).reverse();
};

it('a customer’s discount is made, changed and removed by old versions, with its events', async () => {
  const [first, second] = [
    await stripe.coupons.create({ percent_off: 20, max_redemptions: 1 }),
    await stripe.coupons.create({ percent_off: 30, duration: 'forever' }),
  ];
  const made = await (await setCoupon('customers', first.id, '2024-06-20')).json();
  expect(made).toMatchObject({
    discount: { object: 'discount', coupon: { id: first.id }, customer: made.id },
  });
  expect(await stripe.coupons.retrieve(first.id)).toMatchObject({ times_redeemed: 1, valid: false });
  expect(await (await setCoupon('customers', first.id)).json()).toMatchObject({
    error: { code: 'coupon_expired', param: 'coupon' },
  });
  await setCoupon(`customers/${made.id}`, second.id);
  const customer = await stripe.customers.retrieve(made.id, { expand: ['discount.source.coupon'] });
  expect(customer).toMatchObject({ discount: { source: { coupon: { id: second.id, percent_off: 30 } } } });
  await setCoupon(`customers/${made.id}`, '');
  expect(await stripe.customers.retrieve(made.id)).toMatchObject({ discount: null });
  await setCoupon(`customers/${made.id}`, second.id);
  expect(await stripe.customers.deleteDiscount(made.id)).toMatchObject({ object: 'discount', deleted: true });
  expect((await refusalOf(stripe.customers.deleteDiscount(made.id))).statusCode).toBe(404);
  expect(await discountEvents()).toEqual([
    'customer.discount.created',
    'customer.discount.updated',
    'customer.discount.deleted',
    'customer.discount.created',
    'customer.discount.deleted',
  ]);
  const refused = await setCoupon('customers', second.id, '2026-10-28.endive');
  expect(await refused.json()).toMatchObject({ error: { message: 'Received unknown parameter: coupon' } });
});

it('a customer’s discount takes off what its invoices have no discount for, once if it is for once', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 50 });
  const { id: customer } = await stripe.customers.create();
  await setCoupon(`customers/${customer}`, coupon.id);
  const totalOf = async (params: Stripe.InvoiceCreateParams = {}): Promise<number> => {
    await stripe.invoiceItems.create({ customer, amount: 1000, currency: 'usd' });
    const behavior = { pending_invoice_items_behavior: 'include' } as const;
    return (await stripe.invoices.create({ customer, ...behavior, ...params })).total;
  };
  const own = await stripe.coupons.create({ amount_off: 100, currency: 'usd' });
  expect(await totalOf({ discounts: [{ coupon: own.id }] })).toBe(900);
  expect(await totalOf()).toBe(500);
  expect(await totalOf()).toBe(1000);
});

it('a subscription of a customer with a discount pays less, and has none of its own', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' });
  const { id: customer } = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  await setCoupon(`customers/${customer}`, coupon.id);
  const { id: price } = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 1000,
    recurring: { interval: 'month' },
    product_data: { name: 'Plan' },
  });
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price }],
    expand: ['latest_invoice'],
  });
  expect(subscription).toMatchObject({ discounts: [], latest_invoice: { total: 900 } });
  expect((await stripe.invoices.createPreview({ subscription: subscription.id })).total).toBe(900);
});
