import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf } from '../testing/money';
import { bankMethod, MANDATE, sepaMethod, startStory, type Story } from '../testing/story';
import { refusalOf, until } from '../testing/under-test';

let story: Story;
let stripe: Stripe;

beforeAll(async () => {
  story = await startStory();
  stripe = story.stripe;
});
afterAll(() => story.end());

type IntentParams = Partial<Stripe.PaymentIntentCreateParams>;

function pay(method: string, more: IntentParams = {}): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    confirm: true,
    payment_method: method,
    ...more,
  });
}

/** The intent that a card error leaves behind. */
function intentOf(error: Stripe.errors.StripeError): Stripe.PaymentIntent {
  if (!error.payment_intent) throw new Error('The error names its payment intent.');
  return error.payment_intent;
}

async function answer(intent: Stripe.PaymentIntent, given: 'complete' | 'fail'): Promise<Response> {
  await story.quiet();
  const url = intent.next_action?.redirect_to_url?.url ?? '';
  expect(await (await fetch(url)).text()).toContain('Confirm that this is you');
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `answer=${given}`,
    redirect: 'manual',
  });
}

describe('a saved card', () => {
  it('is kept by a payment with its customer and charged again without them', async () => {
    const customer = await stripe.customers.create();
    const first = await pay('pm_card_visa', { customer: customer.id, setup_future_usage: 'off_session' });
    expect(await story.arrivals(first.id, idOf(first.payment_method))).toEqual([
      'charge.succeeded',
      'payment_method.attached',
      'payment_intent.succeeded',
      'payment_intent.created',
    ]);
    const second = await pay(idOf(first.payment_method), { customer: customer.id, off_session: true });
    expect(second).toMatchObject({ status: 'succeeded', amount_received: 2000, customer: customer.id });
    expect(await story.arrivals(second.id)).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'payment_intent.created',
    ]);
    const listed = await stripe.paymentIntents.list({ customer: customer.id });
    expect(listed.data.map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  it('whose bank always asks is declined when nobody is there', async () => {
    const customer = await stripe.customers.create({ payment_method: 'pm_card_authenticationRequired' });
    const [method] = (await stripe.paymentMethods.list({ customer: customer.id })).data;
    const error = await refusalOf(pay(method?.id ?? '', { customer: customer.id, off_session: true }));
    expect(error).toMatchObject({
      statusCode: 402,
      rawType: 'card_error',
      code: 'authentication_required',
      decline_code: 'authentication_required',
      message: 'Your card was declined. This transaction requires authentication.',
      payment_method: { id: method?.id },
    });
    const failed = intentOf(error);
    expect(failed).toMatchObject({ status: 'requires_payment_method', payment_method: null });
    expect(await story.arrivals(failed.id)).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'payment_intent.created',
    ]);
  });

  it('…3155 asks until it is set up for it, and then no more', async () => {
    const customer = await stripe.customers.create({
      payment_method: 'pm_card_authenticationRequiredOnSetup',
    });
    const [method] = (await stripe.paymentMethods.list({ customer: customer.id })).data;
    const id = method?.id ?? '';
    const early = await refusalOf(pay(id, { customer: customer.id, off_session: true }));
    expect(early.code).toBe('authentication_required');
    const setup = await stripe.setupIntents.create({
      customer: customer.id,
      confirm: true,
      payment_method: id,
      return_url: 'http://shop.test/back',
    });
    expect(setup.status).toBe('requires_action');
    await fetch(setup.next_action?.redirect_to_url?.url ?? '', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'answer=complete',
      redirect: 'manual',
    });
    expect(await pay(id, { customer: customer.id, off_session: true })).toMatchObject({
      status: 'succeeded',
    });
  });

  it('belongs to its customer alone', async () => {
    const customer = await stripe.customers.create({ payment_method: 'pm_card_visa' });
    const [method] = (await stripe.paymentMethods.list({ customer: customer.id })).data;
    const id = method?.id ?? '';
    expect((await refusalOf(pay(id))).message).toBe(
      'The payment method you provided is attached to a customer so for security purposes you must provide the customer in the request.',
    );
    const other = await stripe.customers.create();
    expect((await refusalOf(pay(id, { customer: other.id }))).message).toBe(
      `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    );
  });
});

describe('a bank that asks its customer', () => {
  it('leads to a page and back, and the payment succeeds', async () => {
    const asked = await pay('pm_card_threeDSecure2Required', { return_url: 'http://shop.test/back?a=1' });
    expect(asked).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: 'http://shop.test/back?a=1' } },
    });
    const back = await answer(asked, 'complete');
    expect(back.headers.get('location')).toBe(
      `http://shop.test/back?a=1&payment_intent=${asked.id}&payment_intent_client_secret=${asked.client_secret}&redirect_status=succeeded`,
    );
    const paid = await stripe.paymentIntents.retrieve(asked.id, { expand: ['latest_charge'] });
    expect(paid).toMatchObject({ status: 'succeeded', next_action: null });
    expect(paid.latest_charge).toMatchObject({
      payment_method_details: { card: { three_d_secure: { result: 'authenticated' } } },
    });
    expect(await story.arrivals(asked.id)).toEqual([
      'payment_intent.requires_action',
      'payment_intent.created',
      'payment_intent.succeeded',
      'charge.succeeded',
    ]);
    const again = await fetch(asked.next_action?.redirect_to_url?.url ?? '');
    expect(await again.text()).toContain('Nothing is asked here');
  });

  it('and gets no answer fails the try without a charge', async () => {
    const asked = await pay('pm_card_authenticationRequired', { return_url: 'http://shop.test/back' });
    const back = await answer(asked, 'fail');
    expect(back.headers.get('location')).toContain('redirect_status=failed');
    expect(await stripe.paymentIntents.retrieve(asked.id)).toMatchObject({
      status: 'requires_payment_method',
      latest_charge: null,
      last_payment_error: { code: 'payment_intent_authentication_failure', type: 'invalid_request_error' },
    });
    expect((await story.arrivals(asked.id)).slice(2)).toEqual(['payment_intent.payment_failed']);
  });

  it('is left to the application’s own script when that is wanted', async () => {
    const asked = await pay('pm_card_threeDSecure2Required', {
      return_url: 'http://shop.test/back',
      use_stripe_sdk: true,
    });
    expect(asked.next_action).toMatchObject({ type: 'use_stripe_sdk' });
    const wanted = await pay('pm_card_visa', {
      payment_method_options: { card: { request_three_d_secure: 'any' } },
    });
    expect(wanted.status).toBe('requires_action');
  });

  it('fails the payment when the request wants no questions', async () => {
    const error = await refusalOf(pay('pm_card_threeDSecure2Required', { error_on_requires_action: true }));
    expect(error).toMatchObject({ statusCode: 402, code: 'authentication_required' });
  });
});

describe('a card error', () => {
  it('carries the charge, the intent, the method and the reasons', async () => {
    const error = await refusalOf(pay('pm_card_visa_chargeDeclinedLostCard'));
    const failed = intentOf(error);
    expect(error).toMatchObject({
      statusCode: 402,
      rawType: 'card_error',
      code: 'card_declined',
      decline_code: 'lost_card',
      message: 'Your card was declined.',
      charge: failed.latest_charge,
      doc_url: 'https://stripe.com/docs/error-codes/card-declined',
      payment_method: { type: 'card' },
      raw: { advice_code: 'do_not_try_again', network_decline_code: '41' },
    });
    expect(await stripe.paymentIntents.retrieve(failed.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', decline_code: 'lost_card', type: 'card_error' },
    });
    const retried = await stripe.paymentIntents.confirm(failed.id, { payment_method: 'pm_card_visa' });
    expect(retried).toMatchObject({ status: 'succeeded', last_payment_error: null });
  });

  it('of a blocked payment says so on the charge', async () => {
    const error = await refusalOf(pay('pm_card_radarBlock'));
    expect(error).toMatchObject({ code: 'card_declined', decline_code: 'fraudulent' });
    const charge = await stripe.charges.retrieve(idOf(intentOf(error).latest_charge));
    expect(charge.outcome).toMatchObject({
      type: 'blocked',
      network_status: 'not_sent_to_network',
      reason: 'highest_risk_level',
      risk_level: 'highest',
    });
  });
});

describe('money that a card holds', () => {
  const hold = (more: IntentParams = {}) => pay('pm_card_visa', { capture_method: 'manual', ...more });

  it('is captured in part: the rest is released', async () => {
    const held = await hold({ expand: ['latest_charge'] });
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 2000, amount_received: 0 });
    expect(held.latest_charge).toMatchObject({ captured: false, amount_captured: 0, paid: true });
    expect(await story.arrivals(held.id)).toEqual([
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'payment_intent.created',
    ]);
    const tooMuch = await refusalOf(stripe.paymentIntents.capture(held.id, { amount_to_capture: 2001 }));
    expect(tooMuch).toMatchObject({ statusCode: 400, code: 'amount_too_large', param: 'amount_to_capture' });
    const captured = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1500 });
    expect(captured).toMatchObject({ status: 'succeeded', amount_capturable: 0, amount_received: 1500 });
    expect((await story.arrivals(held.id)).slice(3)).toEqual(['charge.captured', 'payment_intent.succeeded']);
    await story.passHours(1);
    const charge = await until(async () => {
      const found = await stripe.charges.retrieve(idOf(held.latest_charge));
      return found.balance_transaction !== null && found;
    });
    expect(charge).toMatchObject({ amount: 2000, amount_captured: 1500, captured: true });
    const transaction = await stripe.balanceTransactions.retrieve(idOf(charge.balance_transaction));
    expect(transaction.amount).toBe(1500);
    expect(await refusalOf(stripe.paymentIntents.capture(held.id))).toMatchObject({
      statusCode: 400,
      code: 'payment_intent_unexpected_state',
      message:
        'This PaymentIntent could not be captured because it has a status of succeeded. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.',
    });
  });

  it('is released by a cancel', async () => {
    const held = await hold();
    await story.quiet();
    const canceled = await stripe.paymentIntents.cancel(held.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({
      status: 'canceled',
      amount_capturable: 0,
      cancellation_reason: 'abandoned',
    });
    expect(await stripe.charges.retrieve(idOf(held.latest_charge))).toMatchObject({
      captured: false,
      refunded: true,
    });
    expect((await story.arrivals(held.id)).slice(3)).toEqual(['payment_intent.canceled', 'charge.refunded']);
  });
});

describe('the methods of a payment', () => {
  it('are those that its currency and its lists leave', async () => {
    const types = async (params: Omit<Stripe.PaymentIntentCreateParams, 'amount'>) =>
      (await stripe.paymentIntents.create({ amount: 500, ...params })).payment_method_types;
    expect(await types({ currency: 'eur' })).toEqual(['card', 'sepa_debit']);
    expect(await types({ currency: 'usd' })).toEqual(['card', 'us_bank_account']);
    expect(await types({ currency: 'usd', excluded_payment_method_types: ['us_bank_account'] })).toEqual([
      'card',
    ]);
    const listed = await stripe.paymentIntents.create({
      amount: 500,
      currency: 'eur',
      allowed_payment_method_types: ['sepa_debit'],
    });
    expect(listed).toMatchObject({
      allowed_payment_method_types: ['sepa_debit'],
      payment_method_types: ['sepa_debit'],
      payment_method_options: { sepa_debit: {} },
    });
    const card = await refusalOf(
      stripe.paymentIntents.confirm(listed.id, { payment_method: 'pm_card_visa' }),
    );
    expect(card).toMatchObject({ statusCode: 400, code: 'payment_intent_incompatible_payment_method' });
  });

  it('are named by older versions alone', async () => {
    const named = { payment_method_types: ['sepa_debit'] };
    const create = (apiVersion: string, currency: string) =>
      stripe.rawRequest(
        'POST',
        '/v1/payment_intents',
        { amount: 500, currency, ...named },
        { additionalHeaders: { 'Stripe-Version': apiVersion } },
      );
    expect(await create('2026-07-29.dahlia', 'eur')).toMatchObject(named);
    expect((await refusalOf(create('2026-07-29.dahlia', 'usd'))).message).toBe(
      'The currency provided (usd) is invalid. Payments with sepa_debit support the following currencies: eur.',
    );
    expect((await refusalOf(create('2026-10-28.endive', 'eur'))).code).toBe(
      'payment_method_types_no_longer_supported',
    );
  });

  it('may be described in the payment itself', async () => {
    const paid = await stripe.paymentIntents.create({
      amount: 500,
      currency: 'eur',
      confirm: true,
      mandate_data: MANDATE,
      payment_method_data: {
        type: 'sepa_debit',
        sepa_debit: { iban: 'AT611904300234573201' },
        billing_details: { name: 'Jenny', email: 'jenny@example.com' },
      },
    });
    expect(paid.status).toBe('processing');
    const wrong = await refusalOf(
      stripe.paymentIntents.create({
        amount: 500,
        currency: 'eur',
        payment_method_data: { type: 'sepa_debit', sepa_debit: { iban: 'AT00' } },
      }),
    );
    expect(wrong.param).toBe('payment_method_data[sepa_debit][iban]');
  });
});

describe('what a payment’s state forbids', () => {
  it('is told with the state', async () => {
    const paid = await pay('pm_card_visa');
    const state = { statusCode: 400, code: 'payment_intent_unexpected_state' };
    expect(await refusalOf(stripe.paymentIntents.confirm(paid.id))).toMatchObject(state);
    expect(await refusalOf(stripe.paymentIntents.cancel(paid.id))).toMatchObject({
      ...state,
      message: expect.stringContaining('because it has a status of succeeded'),
    });
    expect(await refusalOf(stripe.paymentIntents.update(paid.id, { amount: 100 }))).toMatchObject({
      ...state,
      message:
        "This PaymentIntent's amount could not be updated because it has a status of succeeded. You may only update the amount of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.",
    });
    const noted = await stripe.paymentIntents.update(paid.id, { metadata: { a: '1' }, description: 'Pack' });
    expect(noted).toMatchObject({ metadata: { a: '1' }, description: 'Pack' });
  });

  it('is that a customer changes, and a method of another currency', async () => {
    const [first, second] = await Promise.all([stripe.customers.create(), stripe.customers.create()]);
    const intent = await stripe.paymentIntents.create({ amount: 500, currency: 'usd', customer: first.id });
    const changed = await refusalOf(stripe.paymentIntents.update(intent.id, { customer: second.id }));
    expect(changed.message).toMatch(/^You cannot modify `customer` on a PaymentIntent once it already/);
    const sepa = await sepaMethod(stripe, 'AT611904300234573201');
    const misfit = await refusalOf(stripe.paymentIntents.update(intent.id, { payment_method: sepa.id }));
    expect(misfit.code).toBe('payment_intent_incompatible_payment_method');
    const bank = await bankMethod(stripe, '000123456789');
    const ready = await stripe.paymentIntents.update(intent.id, { amount: 700, payment_method: bank.id });
    expect(ready).toMatchObject({ amount: 700, payment_method: bank.id, status: 'requires_confirmation' });
  });

  it.each([
    [{ amount: 10, currency: 'usd' }, 'amount_too_small', 'Amount must be at least $0.50 usd'],
    [{ amount: 100_000_000, currency: 'eur' }, 'amount_too_large', 'Amount must be no more than €999,999.99'],
    [{ amount: 500, currency: 'usd', customer: 'cus_no' }, 'resource_missing', "No such customer: 'cus_no'"],
    [
      { amount: 500, currency: 'usd', transfer_data: { destination: 'acct_1' } },
      'parameter_invalid',
      'The sandbox does not play transfer_data.',
    ],
  ])('refuses %j', async (params, code, message) => {
    expect(await refusalOf(stripe.paymentIntents.create(params))).toMatchObject({ code, message });
  });
});
