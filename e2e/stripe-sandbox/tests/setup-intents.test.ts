import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf } from '../testing/money';
import { MANDATE, sepaMethod, startStory, type Story } from '../testing/story';
import { refusalOf } from '../testing/under-test';

let story: Story;
let stripe: Stripe;

beforeAll(async () => {
  story = await startStory();
  stripe = story.stripe;
});
afterAll(() => story.end());

async function answer(setup: Stripe.SetupIntent, given: 'complete' | 'fail'): Promise<Response> {
  await story.quiet();
  return fetch(setup.next_action?.redirect_to_url?.url ?? '', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `answer=${given}`,
    redirect: 'manual',
  });
}

describe('a setup', () => {
  it('saves a card for its customer', async () => {
    const customer = await stripe.customers.create();
    const setup = await stripe.setupIntents.create({
      customer: customer.id,
      description: 'Save my card',
      metadata: { a: '1' },
    });
    expect(setup).toMatchObject({
      object: 'setup_intent',
      id: expect.stringMatching(/^seti_1/),
      automatic_payment_methods: { enabled: true },
      client_secret: expect.stringContaining(`${setup.id}_secret_`),
      customer: customer.id,
      metadata: { a: '1' },
      status: 'requires_payment_method',
      usage: 'off_session',
    });
    await story.quiet();
    const done = await stripe.setupIntents.confirm(setup.id, { payment_method: 'pm_card_visa' });
    expect(done).toMatchObject({ status: 'succeeded', mandate: null, last_setup_error: null });
    expect(await stripe.paymentMethods.retrieve(idOf(done.payment_method))).toMatchObject({
      customer: customer.id,
    });
    expect(await story.arrivals(setup.id, idOf(done.payment_method))).toEqual([
      'setup_intent.created',
      'setup_intent.succeeded',
      'payment_method.attached',
    ]);
    expect(await refusalOf(stripe.setupIntents.confirm(setup.id))).toMatchObject({
      statusCode: 400,
      code: 'setup_intent_unexpected_state',
      message: 'You cannot confirm this SetupIntent because it has already succeeded.',
    });
  });

  it('without a customer leaves a method that can still be attached', async () => {
    const setup = await stripe.setupIntents.create({
      confirm: true,
      payment_method: 'pm_card_visa',
      usage: 'on_session',
    });
    expect(setup).toMatchObject({ status: 'succeeded', customer: null, usage: 'on_session' });
    const customer = await stripe.customers.create();
    const attached = await stripe.paymentMethods.attach(idOf(setup.payment_method), {
      customer: customer.id,
    });
    expect(attached.customer).toBe(customer.id);
  });

  it('asks the card’s bank, on a page and back', async () => {
    const customer = await stripe.customers.create();
    const asked = await stripe.setupIntents.create({
      confirm: true,
      customer: customer.id,
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'http://shop.test/back',
    });
    expect(asked).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    const back = await answer(asked, 'complete');
    expect(back.headers.get('location')).toBe(
      `http://shop.test/back?setup_intent=${asked.id}&setup_intent_client_secret=${asked.client_secret}&redirect_status=succeeded`,
    );
    expect(await stripe.setupIntents.retrieve(asked.id)).toMatchObject({ status: 'succeeded' });
    expect(await story.arrivals(asked.id, idOf(asked.payment_method))).toEqual([
      'setup_intent.created',
      'setup_intent.requires_action',
      'setup_intent.succeeded',
      'payment_method.attached',
    ]);
  });

  it('fails with the answer to the bank, and takes another card', async () => {
    const asked = await stripe.setupIntents.create({
      confirm: true,
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'http://shop.test/back',
    });
    await answer(asked, 'fail');
    const failed = await stripe.setupIntents.retrieve(asked.id);
    expect(failed).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      next_action: null,
      last_setup_error: { code: 'setup_intent_authentication_failure', type: 'invalid_request_error' },
    });
    expect((await story.arrivals(asked.id)).slice(2)).toEqual(['setup_intent.setup_failed']);
    const done = await stripe.setupIntents.confirm(asked.id, { payment_method: 'pm_card_visa' });
    expect(done).toMatchObject({ status: 'succeeded', last_setup_error: null });
  });

  it('of a declined card answers with the card error that carries it', async () => {
    const error = await refusalOf(
      stripe.setupIntents.create({ confirm: true, payment_method: 'pm_card_chargeDeclined' }),
    );
    expect(error).toMatchObject({
      statusCode: 402,
      rawType: 'card_error',
      code: 'card_declined',
      decline_code: 'generic_decline',
      setup_intent: { status: 'requires_payment_method', last_setup_error: { code: 'card_declined' } },
    });
    expect(await story.arrivals(error.setup_intent?.id ?? '')).toEqual([
      'setup_intent.created',
      'setup_intent.setup_failed',
    ]);
  });

  it('of a bank account makes the mandate that later debits stand on', async () => {
    const customer = await stripe.customers.create();
    const method = await sepaMethod(stripe, 'AT611904300234573201');
    const bare = await refusalOf(
      stripe.setupIntents.create({ confirm: true, customer: customer.id, payment_method: method.id }),
    );
    expect(bare).toMatchObject({
      param: 'mandate_data',
      message: 'When confirming a SetupIntent with a `sepa_debit` PaymentMethod, `mandate_data` is required.',
    });
    const setup = await stripe.setupIntents.create({
      confirm: true,
      customer: customer.id,
      payment_method: method.id,
      mandate_data: MANDATE,
      expand: ['mandate'],
    });
    expect(setup).toMatchObject({
      status: 'succeeded',
      mandate: { status: 'active', type: 'multi_use', payment_method: method.id },
    });
    const debit = await stripe.paymentIntents.create({
      amount: 500,
      currency: 'eur',
      confirm: true,
      customer: customer.id,
      off_session: true,
      payment_method: method.id,
    });
    expect(debit.status).toBe('processing');
  });

  it('is changed while it is open', async () => {
    const setup = await stripe.setupIntents.create();
    const missing = await refusalOf(stripe.setupIntents.confirm(setup.id));
    expect(missing.code).toBe('setup_intent_unexpected_state');
    const customer = await stripe.customers.create();
    const changed = await stripe.setupIntents.update(setup.id, {
      customer: customer.id,
      description: 'New',
      metadata: { b: '2' },
      payment_method: 'pm_card_visa',
    });
    expect(changed).toMatchObject({
      customer: customer.id,
      description: 'New',
      metadata: { b: '2' },
      status: 'requires_confirmation',
    });
    expect(await stripe.setupIntents.update(setup.id, { payment_method: '' })).toMatchObject({
      payment_method: null,
      status: 'requires_payment_method',
    });
    const narrowed = await stripe.setupIntents.update(setup.id, {
      allowed_payment_method_types: ['sepa_debit'],
    });
    expect(narrowed.payment_method_types).toEqual(['sepa_debit']);
    const misfit = await refusalOf(stripe.setupIntents.confirm(setup.id, { payment_method: 'pm_card_visa' }));
    expect(misfit.code).toBe('payment_intent_incompatible_payment_method');
    const other = await stripe.customers.create();
    expect((await refusalOf(stripe.setupIntents.update(setup.id, { customer: other.id }))).message).toMatch(
      /^You cannot modify `customer` on a SetupIntent/,
    );
  });

  it('is canceled while it is open, and listed by customer and method', async () => {
    const customer = await stripe.customers.create();
    const setup = await stripe.setupIntents.create({ customer: customer.id, payment_method: 'pm_card_visa' });
    await story.quiet();
    const canceled = await stripe.setupIntents.cancel(setup.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    expect(await story.arrivals(setup.id)).toEqual(['setup_intent.created', 'setup_intent.canceled']);
    expect(await refusalOf(stripe.setupIntents.cancel(setup.id))).toMatchObject({
      code: 'setup_intent_unexpected_state',
      message: expect.stringContaining('because it has a status of canceled'),
    });
    const listed = await stripe.setupIntents.list({ customer: customer.id });
    expect(listed.data.map(({ id }) => id)).toEqual([setup.id]);
    const byMethod = await stripe.setupIntents.list({ payment_method: idOf(setup.payment_method) });
    expect(byMethod.data.map(({ id }) => id)).toEqual([setup.id]);
    expect((await refusalOf(stripe.setupIntents.retrieve('seti_no'))).message).toBe(
      "No such setupintent: 'seti_no'",
    );
  });
});
