import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankMethod, MANDATE, sepaMethod } from '../testing/story';
import { clientFor, refusalOf, startUnderTest, typesDuring, type UnderTest } from '../testing/under-test';

let test: UnderTest;
let stripe: Stripe;

beforeAll(async () => {
  test = await startUnderTest({ live: {} });
  stripe = test.stripe;
});
afterAll(() => test.stop());

const card = (number: string, more: object = {}): Stripe.PaymentMethodCreateParams => ({
  type: 'card',
  card: { number, exp_month: 12, exp_year: 2040, cvc: '123', ...more },
});

describe('a payment method', () => {
  it('is made of a card’s number, of a token and of an alias', async () => {
    const typed = await stripe.paymentMethods.create({
      ...card('4000056655665556'),
      allow_redisplay: 'always',
      billing_details: {
        name: 'Jenny Rosen',
        email: 'jenny@example.com',
        phone: '1234567890',
        tax_id: '000',
        address: { city: 'London', country: 'GB', line1: '71 Crown Street', postal_code: 'W10 2WB' },
      },
      metadata: { wallet: '1' },
    });
    expect(typed).toMatchObject({
      object: 'payment_method',
      type: 'card',
      allow_redisplay: 'always',
      billing_details: { phone: '1234567890', tax_id: '000', address: { city: 'London', line2: null } },
      card: { brand: 'visa', funding: 'debit', last4: '5556', exp_month: 12, exp_year: 2040 },
      customer: null,
      metadata: { wallet: '1' },
    });
    const token = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_mastercard' } });
    expect(token.card).toMatchObject({ brand: 'mastercard', last4: '4444' });
    const customer = await stripe.customers.create();
    const attached = await stripe.paymentMethods.attach('pm_card_amex', { customer: customer.id });
    expect(attached).toMatchObject({
      id: expect.stringMatching(/^pm_1/),
      card: { brand: 'amex' },
      customer: customer.id,
    });
  });

  it('is made of an IBAN or of an account in the United States', async () => {
    const sepa = await sepaMethod(stripe, 'IT60 X054 2811 1010 0000 0123 456');
    expect(sepa).toMatchObject({
      type: 'sepa_debit',
      sepa_debit: { bank_code: '05428', branch_code: '11101', country: 'IT', last4: '3456' },
    });
    const bank = await bankMethod(stripe, '000123456789');
    expect(bank).toMatchObject({
      type: 'us_bank_account',
      us_bank_account: {
        account_holder_type: 'company',
        account_type: 'checking',
        bank_name: 'STRIPE TEST BANK',
        last4: '6789',
        networks: { preferred: 'ach', supported: ['ach'] },
        routing_number: '110000000',
      },
    });
    const again = await bankMethod(stripe, '000123456789');
    expect(again.us_bank_account?.fingerprint).toBe(bank.us_bank_account?.fingerprint);
  });

  it.each([
    [card('4242424242424241'), 402, 'incorrect_number', 'number'],
    [card('4242'), 402, 'invalid_number', 'number'],
    [card('4242424242424242', { exp_year: 2020 }), 402, 'invalid_expiry_year', 'exp_year'],
    [card('4242424242424242', { exp_month: 13 }), 402, 'invalid_expiry_month', 'exp_month'],
    [card('4242424242424242', { cvc: '12' }), 402, 'invalid_cvc', 'cvc'],
    [card('4539578763621486'), 402, 'card_declined', undefined],
    [{ type: 'card' }, 400, 'parameter_missing', 'card'],
    [{ type: 'card', card: { token: 'tok_no' } }, 400, 'resource_missing', 'card[token]'],
    [
      { type: 'sepa_debit', sepa_debit: { iban: 'AT611904300234573202' } },
      400,
      'invalid_bank_account_iban',
      'sepa_debit[iban]',
    ],
    [
      {
        type: 'sepa_debit',
        sepa_debit: { iban: 'AT611904300234573201' },
        billing_details: { name: 'Jenny' },
      },
      400,
      'parameter_missing',
      'billing_details[email]',
    ],
    [
      { type: 'us_bank_account', us_bank_account: { account_number: '000123456789', routing_number: '1' } },
      400,
      'routing_number_invalid',
      'us_bank_account[routing_number]',
    ],
    [{ type: 'klarna' }, 400, 'parameter_invalid', 'type'],
  ] satisfies Array<[Stripe.PaymentMethodCreateParams, number, string, string | undefined]>)(
    'that cannot be is refused: %j',
    async (params, statusCode, code, param) => {
      const refused = await refusalOf(stripe.paymentMethods.create(params));
      expect(refused).toMatchObject({ statusCode, code, ...(param !== undefined && { param }) });
    },
  );

  it('is changed only when it is a customer’s, and tells what changed', async () => {
    const method = await stripe.paymentMethods.create(card('4242424242424242'));
    const early = await refusalOf(stripe.paymentMethods.update(method.id, { metadata: { a: '1' } }));
    expect(early.message).toBe('You must save this PaymentMethod to a customer before you can update it.');
    const customer = await stripe.customers.create({ payment_method: method.id });
    await stripe.paymentMethods.update(method.id, { billing_details: { name: 'Ann', email: 'a@b.test' } });
    const updated = await stripe.paymentMethods.update(method.id, {
      billing_details: { email: '' },
      card: { exp_month: 3, exp_year: 2041 },
      metadata: { a: '1' },
    });
    expect(updated).toMatchObject({
      billing_details: { name: 'Ann', email: null },
      card: { exp_month: 3, exp_year: 2041 },
      customer: customer.id,
      metadata: { a: '1' },
    });
    const { data } = await stripe.events.list({ type: 'payment_method.updated', limit: 1 });
    expect(data[0]?.data.previous_attributes).toMatchObject({ metadata: {} });
    const past = await refusalOf(stripe.paymentMethods.update(method.id, { card: { exp_year: 2020 } }));
    expect(past).toMatchObject({ statusCode: 400, code: 'invalid_expiry_year' });
  });

  it('is listed with its customer’s, by type', async () => {
    const customer = await stripe.customers.create({ payment_method: 'pm_card_visa' });
    const sepa = await sepaMethod(stripe, 'AT611904300234573201');
    await stripe.paymentMethods.attach(sepa.id, { customer: customer.id });
    const all = await stripe.paymentMethods.list({ customer: customer.id });
    expect(all.data.map(({ type }) => type)).toEqual(['sepa_debit', 'card']);
    const cards = await stripe.customers.listPaymentMethods(customer.id, { type: 'card' });
    expect(cards.data.map(({ type }) => type)).toEqual(['card']);
    expect(cards.url).toBe(`/v1/customers/${customer.id}/payment_methods`);
    expect(await stripe.customers.retrievePaymentMethod(customer.id, sepa.id)).toMatchObject({ id: sepa.id });
    const stranger = await stripe.customers.create();
    const missing = await refusalOf(stripe.customers.retrievePaymentMethod(stranger.id, sepa.id));
    expect(missing).toMatchObject({ statusCode: 404, message: `No such PaymentMethod: '${sepa.id}'` });
  });
});

describe('a method that is detached', () => {
  it('cannot be used again, and is no default any more', async () => {
    const customer = await stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const id = String(customer.invoice_settings.default_payment_method);
    const types = await typesDuring(stripe, async () => {
      expect(await stripe.paymentMethods.detach(id)).toMatchObject({ customer: null });
    });
    expect(types).toEqual(['payment_method.detached']);
    const { data } = await stripe.events.list({ type: 'payment_method.detached', limit: 1 });
    expect(data[0]?.data.previous_attributes).toEqual({ customer: customer.id });
    const bare = await stripe.customers.retrieve(customer.id);
    expect(bare).toMatchObject({ invoice_settings: { default_payment_method: null } });

    const again = await refusalOf(stripe.paymentMethods.attach(id, { customer: customer.id }));
    expect(again).toMatchObject({
      statusCode: 400,
      message:
        'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.',
    });
    const paid = await refusalOf(
      stripe.paymentIntents.create({ amount: 500, currency: 'usd', confirm: true, payment_method: id }),
    );
    expect(paid.message).toMatch(
      /^The provided PaymentMethod was previously used .* It may not be used again/,
    );
    const twice = await refusalOf(stripe.paymentMethods.detach(id));
    expect(twice.message).toBe(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    );
  });

  it('is like one that was used without a customer', async () => {
    const method = await stripe.paymentMethods.create(card('4242424242424242'));
    const pay = () =>
      stripe.paymentIntents.create({
        amount: 500,
        currency: 'usd',
        confirm: true,
        payment_method: method.id,
      });
    expect((await pay()).status).toBe('succeeded');
    expect((await refusalOf(pay())).statusCode).toBe(400);
    const customer = await stripe.customers.create();
    const attached = await refusalOf(stripe.paymentMethods.attach(method.id, { customer: customer.id }));
    expect(attached.message).toContain('may not be used again');
  });
});

describe('saving a card for a customer', () => {
  it.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ])('%s is declined', async (alias, declineCode) => {
    const customer = await stripe.customers.create();
    const attached = await refusalOf(stripe.paymentMethods.attach(alias, { customer: customer.id }));
    expect(attached).toMatchObject({
      statusCode: 402,
      rawType: 'card_error',
      code: 'card_declined',
      decline_code: declineCode,
    });
    expect(await refusalOf(stripe.customers.create({ payment_method: alias }))).toMatchObject({
      statusCode: 402,
    });
  });

  it('works with the card whose charges all fail', async () => {
    const customer = await stripe.customers.create({ payment_method: 'pm_card_chargeCustomerFail' });
    const [method] = (await stripe.paymentMethods.list({ customer: customer.id })).data;
    const declined = await refusalOf(
      stripe.paymentIntents.create({
        amount: 500,
        currency: 'usd',
        confirm: true,
        customer: customer.id,
        off_session: true,
        payment_method: method?.id ?? '',
      }),
    );
    expect(declined).toMatchObject({ statusCode: 402, decline_code: 'generic_decline' });
  });
});

describe('live mode', () => {
  const live = (): Stripe => clientFor(test.url, { key: 'sk_live_1234567890abcdef' });

  it('refuses test cards and does not know their aliases', async () => {
    const refused = await refusalOf(live().paymentMethods.create(card('4242424242424242')));
    expect(refused).toMatchObject({
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'live_mode_test_card',
      message: 'Your card was declined. Your request was in live mode, but used a known test card.',
    });
    const alias = await refusalOf(
      live().paymentIntents.create({
        amount: 500,
        currency: 'usd',
        confirm: true,
        payment_method: 'pm_card_visa',
      }),
    );
    expect(alias).toMatchObject({
      code: 'resource_missing',
      message: "No such PaymentMethod: 'pm_card_visa'",
    });
  });

  it.each([
    ['4539578763621486', 'visa'],
    ['5425233430109903', 'mastercard'],
    ['374245455400126', 'amex'],
    ['6011000991300009', 'discover'],
  ])('%s is an ordinary card of its network', async (number, brand) => {
    const cvc = brand === 'amex' ? '1234' : '123';
    const method = await live().paymentMethods.create(card(number, { cvc }));
    expect(method).toMatchObject({ livemode: true, card: { brand, last4: number.slice(-4) } });
    const paid = await live().paymentIntents.create({
      amount: 500,
      currency: 'usd',
      confirm: true,
      payment_method: method.id,
    });
    expect(paid).toMatchObject({ status: 'succeeded', livemode: true });
  });

  it('debits any IBAN whose checksum is right', async () => {
    const method = await sepaMethod(live(), 'AT861904300235473202');
    const intent = await live().paymentIntents.create({
      amount: 500,
      currency: 'eur',
      confirm: true,
      payment_method: method.id,
      mandate_data: MANDATE,
    });
    expect(intent.status).toBe('processing');
  });
});
