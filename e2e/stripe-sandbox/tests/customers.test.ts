import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, startUnderTest, typesDuring, type UnderTest } from '../testing/under-test';

let test: UnderTest;
let stripe: Stripe;

beforeAll(async () => {
  test = await startUnderTest();
  stripe = test.stripe;
});
afterAll(() => test.stop());

describe('a customer', () => {
  it('keeps every field that is written', async () => {
    const customer = await stripe.customers.create({
      address: { country: 'AT', city: 'Wien', line1: 'Ring 1', postal_code: '1010' },
      balance: -500,
      business_name: 'Rosen GmbH',
      description: 'A customer',
      email: 'jenny@example.com',
      individual_name: 'Jenny',
      invoice_prefix: 'ROSE',
      invoice_settings: {
        custom_fields: [{ name: 'UID', value: 'ATU1' }],
        footer: 'Thanks',
        rendering_options: { amount_tax_display: 'exclude_tax' },
      },
      metadata: { a: '1' },
      name: 'Jenny Rosen',
      next_invoice_sequence: 7,
      phone: '123',
      preferred_locales: ['de', 'en'],
      shipping: { name: 'Jenny', address: { country: 'AT' } },
      tax: { ip_address: '192.0.2.1', validate_location: 'deferred' },
      tax_exempt: 'reverse',
    });
    expect(customer).toMatchObject({
      address: { country: 'AT', line2: null },
      balance: -500,
      business_name: 'Rosen GmbH',
      individual_name: 'Jenny',
      invoice_prefix: 'ROSE',
      invoice_settings: {
        custom_fields: [{ name: 'UID', value: 'ATU1' }],
        default_payment_method: null,
        footer: 'Thanks',
        rendering_options: { amount_tax_display: 'exclude_tax', template: null },
      },
      next_invoice_sequence: 7,
      preferred_locales: ['de', 'en'],
      tax_exempt: 'reverse',
      test_clock: null,
    });
    const updated = await stripe.customers.update(customer.id, {
      balance: 100,
      business_name: '',
      invoice_settings: { custom_fields: '', footer: 'Bye' },
      phone: '',
    });
    expect(updated).toMatchObject({
      balance: 100,
      individual_name: 'Jenny',
      invoice_settings: { custom_fields: null, footer: 'Bye' },
      name: 'Jenny Rosen',
      phone: null,
    });
    expect(updated).not.toHaveProperty('business_name');
    const { data } = await stripe.events.list({ type: 'customer.updated', limit: 1 });
    expect(data[0]?.data.previous_attributes).toMatchObject({ balance: -500, phone: '123' });
  });

  it('comes with a method: the same alias twice in one request is one object', async () => {
    const types = await typesDuring(stripe, async () => {
      const customer = await stripe.customers.create({
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
      });
      const { data } = await stripe.paymentMethods.list({ customer: customer.id });
      expect(data.map(({ id }) => id)).toEqual([customer.invoice_settings.default_payment_method]);
    });
    expect(types).toEqual(['payment_method.attached', 'customer.created']);
  });

  it('takes only its own method for its default', async () => {
    const customer = await stripe.customers.create();
    const other = await stripe.customers.create({ payment_method: 'pm_card_visa' });
    const [method] = (await stripe.paymentMethods.list({ customer: other.id })).data;
    const id = method?.id ?? '';
    const refused = await refusalOf(
      stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: id } }),
    );
    expect(refused).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'invoice_settings[default_payment_method]',
      message: `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    });
  });

  it.each([
    [{ email: 'nobody' }, { code: 'email_invalid', param: 'email' }],
    [{ invoice_prefix: 'a b' }, { param: 'invoice_prefix' }],
    [{ source: 'tok_visa' }, { message: 'The sandbox does not play source.' }],
    [
      { tax_id_data: [{ type: 'eu_vat', value: 'ATU1' }] },
      { message: 'The sandbox does not play tax_id_data.' },
    ],
    [{ test_clock: 'clock_no' }, { code: 'resource_missing' }],
  ] satisfies Array<[Stripe.CustomerCreateParams, object]>)('refuses %j', async (params, expected) => {
    expect(await refusalOf(stripe.customers.create(params))).toMatchObject({ statusCode: 400, ...expected });
  });

  it('that is deleted is still found, and its methods are used up', async () => {
    const customer = await stripe.customers.create({ payment_method: 'pm_card_visa' });
    const [method] = (await stripe.paymentMethods.list({ customer: customer.id })).data;
    expect(await stripe.customers.del(customer.id)).toEqual({
      id: customer.id,
      object: 'customer',
      deleted: true,
    });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ id: customer.id, deleted: true });
    expect(await refusalOf(stripe.customers.update(customer.id, { name: 'x' }))).toMatchObject({
      statusCode: 404,
      message: `No such customer: '${customer.id}'`,
    });
    const next = await stripe.customers.create();
    expect(
      (await refusalOf(stripe.paymentMethods.attach(method?.id ?? '', { customer: next.id }))).message,
    ).toContain('may not be used again');
  });
});

describe('metadata', () => {
  it('holds fifty keys, whether they come at once or one after the other', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, place) => [`k${place}`, 'v']));
    const { id } = await stripe.customers.create({ metadata });
    const refused = await refusalOf(stripe.customers.update(id, { metadata: { one: 'more' } }));
    expect(refused).toMatchObject({ statusCode: 400, param: 'metadata' });
    const swapped = await stripe.customers.update(id, { metadata: { one: 'more', k0: '' } });
    expect(Object.keys(swapped.metadata)).toHaveLength(50);
  });
});

describe('what a deleted customer leaves behind', () => {
  it('is refused by name where the customer would be needed', async () => {
    const { id } = await test.stripe.customers.create({});
    const draft = await test.stripe.invoices.create({ customer: id });
    await test.stripe.customers.del(id);
    const asked = [
      test.stripe.invoices.finalizeInvoice(draft.id ?? ''),
      test.stripe.invoices.pay(draft.id ?? '', { paid_out_of_band: true }),
      test.stripe.invoices.addLines(draft.id ?? '', { lines: [{ amount: 100, description: 'More' }] }),
    ];
    for (const call of asked) {
      expect(await refusalOf(call)).toMatchObject({ code: 'resource_missing', param: 'customer' });
    }
    expect(await test.stripe.invoices.del(draft.id ?? '')).toMatchObject({ deleted: true });
  });

  it('goes with its test clock', async () => {
    const clock = await test.stripe.testHelpers.testClocks.create({ frozen_time: 1_800_000_000 });
    const customer = await test.stripe.customers.create({
      test_clock: clock.id,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const product = { name: 'Plan' };
    const recurring = { interval: 'month' as const };
    const price = await test.stripe.prices.create({
      currency: 'usd',
      unit_amount: 900,
      recurring,
      product_data: product,
    });
    const { id } = await test.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
    });
    await test.stripe.customers.del(customer.id);
    await test.stripe.testHelpers.testClocks.del(clock.id);
    expect(await refusalOf(test.stripe.subscriptions.retrieve(id))).toMatchObject({ statusCode: 404 });
  });
});
