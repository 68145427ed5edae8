import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACK, PAYER, refusalOf, startUnderTest, type UnderTest } from '../testing/under-test';

type CreateParams = Stripe.Checkout.SessionCreateParams;
type TaxBehavior = Stripe.PriceCreateParams.TaxBehavior;

let test: UnderTest;

beforeAll(async () => {
  test = await startUnderTest({ settings: { taxPercent: 19 } });
});
afterAll(() => test.stop());

const line = (
  unitAmount: number,
  { currency = 'usd', behavior }: { currency?: string; behavior?: TaxBehavior } = {},
): Stripe.Checkout.SessionCreateParams.LineItem => ({
  quantity: 1,
  price_data: {
    currency,
    unit_amount: unitAmount,
    product_data: { name: 'Pack' },
    ...(behavior && { tax_behavior: behavior }),
  },
});

const create = (params: Partial<CreateParams>): Promise<Stripe.Checkout.Session> =>
  test.stripe.checkout.sessions.create({ ...PACK, ...params });
const taxed = (items: Stripe.Checkout.SessionCreateParams.LineItem[], more: Partial<CreateParams> = {}) =>
  create({ line_items: items, automatic_tax: { enabled: true }, ...more });

describe('automatic tax', () => {
  it('comes on top of exclusive prices and lies within inclusive ones', async () => {
    const session = await taxed([
      line(1000, { behavior: 'exclusive' }),
      line(1190, { behavior: 'inclusive' }),
    ]);
    expect(session).toMatchObject({
      amount_subtotal: 2190,
      amount_total: 2380,
      automatic_tax: { enabled: true, status: 'complete', provider: 'stripe', liability: { type: 'self' } },
      total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 380 },
    });
    const { data } = await test.stripe.checkout.sessions.listLineItems(session.id, {
      expand: ['data.taxes'],
    });
    expect(data.map((item) => [item.amount_subtotal, item.amount_tax, item.amount_total])).toEqual([
      [1000, 190, 1190],
      [1190, 190, 1190],
    ]);
    expect(data.map((item) => item.taxes?.[0])).toMatchObject([
      { amount: 190, taxable_amount: 1000, rate: { inclusive: false, percentage: 19 } },
      { amount: 190, taxable_amount: 1000, rate: { inclusive: true, percentage: 19 } },
    ]);
  });

  it('is counted on what a discount leaves of each line, and the breakdown adds both up', async () => {
    const { id: coupon } = await test.stripe.coupons.create({ percent_off: 25 });
    const items = [line(1000, { behavior: 'exclusive' }), line(3000, { behavior: 'exclusive' })];
    const { id } = await taxed(items, { discounts: [{ coupon }] });
    const session = await test.stripe.checkout.sessions.retrieve(id, { expand: ['total_details.breakdown'] });
    expect(session).toMatchObject({ amount_subtotal: 4000, amount_total: 3571 });
    expect(session.total_details).toMatchObject({
      amount_discount: 1000,
      amount_tax: 571,
      breakdown: {
        discounts: [{ amount: 1000 }],
        taxes: [{ amount: 571, taxable_amount: 3000, taxability_reason: 'standard_rated' }],
      },
    });
  });

  it('is what the customer pays, and what the invoice says', async () => {
    const { id: coupon } = await test.stripe.coupons.create({ amount_off: 1000, currency: 'usd' });
    const { id } = await taxed([line(3000, { behavior: 'exclusive' })], {
      discounts: [{ coupon }],
      invoice_creation: { enabled: true },
    });
    expect(await test.sandbox.checkout.pay(id, PAYER)).toMatchObject({ outcome: 'paid' });
    const done = await test.stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent', 'invoice'] });
    expect(done).toMatchObject({
      amount_total: 2380,
      payment_intent: { amount_received: 2380 },
      invoice: {
        subtotal: 3000,
        total: 2380,
        amount_paid: 2380,
        total_excluding_tax: 2000,
        total_discount_amounts: [{ amount: 1000 }],
        total_taxes: [{ amount: 380, tax_behavior: 'exclusive', taxable_amount: 2000 }],
      },
    });
  });

  it('is nothing for exempt customers', async () => {
    const customer = await test.stripe.customers.create({
      tax_exempt: 'exempt',
      address: { country: 'DE' },
    });
    const session = await taxed([line(1000, { behavior: 'exclusive' })], { customer: customer.id });
    expect(session).toMatchObject({ amount_total: 1000, total_details: { amount_tax: 0 } });
  });

  it('needs to know where a known customer lives, or may ask', async () => {
    const customer = await test.stripe.customers.create({ email: 'nowhere@example.com' });
    const refused = await refusalOf(taxed([line(1000)], { customer: customer.id }));
    expect(refused.code).toBe('customer_tax_location_invalid');
    const asking = await taxed([line(1000)], { customer: customer.id, customer_update: { address: 'auto' } });
    expect(asking.automatic_tax.status).toBe('complete');
  });

  it('is left out unless it is asked for', async () => {
    const session = await create({ line_items: [line(1000, { behavior: 'exclusive' })] });
    expect(session).toMatchObject({
      amount_total: 1000,
      automatic_tax: { enabled: false, status: null },
      total_details: { amount_tax: 0 },
    });
  });
});

describe('currencies', () => {
  it.each([
    ['usd', 49, 50],
    ['gbp', 29, 30],
    ['jpy', 49, 50],
    ['huf', 17_499, 17_500],
    ['eur', 49, 50],
  ])('%s takes no total of %i, but %i', async (currency, tooLittle, enough) => {
    const refused = await refusalOf(create({ line_items: [line(tooLittle, { currency })] }));
    expect(refused.code).toBe('amount_too_small');
    const session = await create({ line_items: [line(enough, { currency })] });
    expect(session).toMatchObject({ currency, amount_total: enough });
  });

  it('are chosen among those of the price', async () => {
    const product = await test.stripe.products.create({ name: 'Pack' });
    const price = await test.stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 1000,
      currency_options: { eur: { unit_amount: 900, tax_behavior: 'inclusive' } },
    });
    const items = [{ price: price.id, quantity: 2 }];
    expect(await create({ line_items: items })).toMatchObject({ currency: 'usd', amount_total: 2000 });
    const euros = await taxed(items, { currency: 'eur' });
    expect(euros).toMatchObject({ currency: 'eur', amount_total: 1800, total_details: { amount_tax: 287 } });
    expect(await test.sandbox.checkout.pay(euros.id, PAYER)).toMatchObject({ outcome: 'paid' });
    const done = await test.stripe.checkout.sessions.retrieve(euros.id, { expand: ['payment_intent'] });
    expect(done.payment_intent).toMatchObject({ currency: 'eur', amount: 1800 });
    const refused = await refusalOf(create({ line_items: items, currency: 'gbp' }));
    expect(refused.message).toContain('not available in `gbp`');
  });

  it('that Stripe does not know are refused', async () => {
    const refused = await refusalOf(create({ line_items: [line(1000, { currency: 'xxx' })] }));
    expect(refused.message).toContain('Invalid currency: xxx');
  });
});
