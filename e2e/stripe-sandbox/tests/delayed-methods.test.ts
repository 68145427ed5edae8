import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { change, idOf } from '../testing/money';
import { bankMethod, MANDATE, sepaMethod, startStory, type Story } from '../testing/story';
import { PACK, refusalOf, startUnderTest, until } from '../testing/under-test';

let story: Story;
let stripe: Stripe;

beforeAll(async () => {
  story = await startStory();
  stripe = story.stripe;
});
afterAll(() => story.end());

async function sepaSession(iban: string): Promise<{ session: string; intent: string }> {
  const session = await stripe.checkout.sessions.create({
    ...PACK,
    allowed_payment_method_types: ['card', 'sepa_debit'],
    line_items: [
      { quantity: 1, price_data: { currency: 'eur', unit_amount: 900, product_data: { name: 'Pack' } } },
    ],
  });
  const method = await sepaMethod(stripe, iban);
  await stripe.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, { payment_method: method.id });
  const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(session.id);
  return { session: session.id, intent: idOf(intent) };
}

async function debit(
  method: Stripe.PaymentMethod,
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    amount: 1200,
    currency: method.type === 'sepa_debit' ? 'eur' : 'usd',
    confirm: true,
    payment_method: method.id,
    mandate_data: MANDATE,
    ...more,
  });
}

describe('a SEPA debit on the hosted page', () => {
  it('completes the session unpaid, and the bank pays later', async () => {
    const { session, intent } = await sepaSession('AT61 1904 3002 3457 3201');
    expect(await stripe.checkout.sessions.retrieve(session)).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
      url: null,
    });
    const pending = await stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge'] });
    expect(pending).toMatchObject({ status: 'processing', amount_received: 0, last_payment_error: null });
    expect(pending.latest_charge).toMatchObject({
      id: expect.stringMatching(/^py_3/),
      status: 'pending',
      paid: false,
      payment_method_details: { type: 'sepa_debit', sepa_debit: { bank_code: '19043', last4: '3201' } },
    });
    expect(await story.arrivals(intent)).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'charge.pending',
      'checkout.session.completed',
    ]);

    await story.passHours(1);
    await until(async () => (await stripe.checkout.sessions.retrieve(session)).payment_status === 'paid');
    expect((await story.arrivals(intent)).slice(4)).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.async_payment_succeeded',
    ]);
    expect(await stripe.paymentIntents.retrieve(intent)).toMatchObject({
      status: 'succeeded',
      amount_received: 900,
    });

    await story.passHours(1);
    const charge = await until(async () => {
      const found = await stripe.charges.retrieve(idOf(pending.latest_charge));
      return found.balance_transaction !== null && found;
    });
    expect(charge).toMatchObject({ status: 'succeeded', paid: true });
    const transaction = await stripe.balanceTransactions.retrieve(idOf(charge.balance_transaction));
    expect(transaction).toMatchObject({ type: 'payment', source: charge.id, amount: 900 });
  });

  it('that fails leaves the session complete and unpaid', async () => {
    const { session, intent } = await sepaSession('IT60X0542811101000000123456');
    await story.passHours(1);
    await until(
      async () => (await stripe.paymentIntents.retrieve(intent)).status === 'requires_payment_method',
    );
    expect((await story.arrivals(intent)).slice(4)).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'checkout.session.async_payment_failed',
    ]);
    expect(await stripe.checkout.sessions.retrieve(session)).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
    });
    const failed = await stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge'] });
    expect(failed).toMatchObject({
      amount_received: 0,
      payment_method: null,
      last_payment_error: {
        type: 'invalid_request_error',
        code: 'payment_intent_payment_attempt_failed',
        payment_method: { type: 'sepa_debit' },
      },
    });
    expect(failed.latest_charge).toMatchObject({
      status: 'failed',
      paid: false,
      failure_code: 'payment_intent_payment_attempt_failed',
    });
  });
});

describe('a debit by the API', () => {
  it('of a slow account is answered minutes later', async () => {
    const intent = await debit(await sepaMethod(stripe, 'AT321904300235473204'));
    await story.passHours(2);
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: 'processing' });
    await story.passHours(9);
    await until(async () => (await stripe.paymentIntents.retrieve(intent.id)).status === 'succeeded');
    expect(await story.arrivals(intent.id)).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'charge.pending',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);
  });

  it.each([
    ['000111111113', 'account_closed'],
    ['000111111116', 'no_account'],
    ['000222222227', 'insufficient_funds'],
    ['000333333335', 'debit_not_authorized'],
  ])('of account %s fails with %s', async (account, code) => {
    const intent = await debit(await bankMethod(stripe, account));
    expect(intent.status).toBe('processing');
    await story.passHours(1);
    const failed = await until(async () => {
      const found = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
      return found.status === 'requires_payment_method' && found;
    });
    expect(failed.last_payment_error?.code).toBe(code);
    expect(failed.latest_charge).toMatchObject({ status: 'failed', failure_code: code });
  });

  it('of 000000000009 stays on its way, of 000123456789 is paid', async () => {
    const stays = await debit(await bankMethod(stripe, '000000000009'));
    const paid = await debit(await bankMethod(stripe, '000123456789'));
    await story.passHours(24);
    await until(async () => (await stripe.paymentIntents.retrieve(paid.id)).status === 'succeeded');
    expect(await stripe.paymentIntents.retrieve(stays.id)).toMatchObject({ status: 'processing' });
    const refused = await refusalOf(stripe.paymentIntents.cancel(stays.id));
    expect(refused).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
  });

  it('of 000555555559 is taken back after it was paid', async () => {
    const intent = await debit(await bankMethod(stripe, '000555555559'));
    await story.passHours(1);
    await until(async () => (await stripe.paymentIntents.retrieve(intent.id)).status === 'succeeded');
    const dispute = await until(async () => {
      await story.passHours(24);
      return (await stripe.disputes.list({ payment_intent: intent.id })).data[0];
    });
    expect(dispute).toMatchObject({ reason: 'debit_not_authorized', amount: 1200 });
  });

  it('goes on where it was after a restart', async () => {
    const data = await mkdtemp(join(tmpdir(), 'sandbox-debits-'));
    const settings = { debitSettleMs: 3_600_000 };
    const first = await startUnderTest({ data, settings });
    const method = await sepaMethod(first.stripe, 'DE89370400440532013000');
    const { id } = await first.stripe.paymentIntents.create({
      amount: 700,
      currency: 'eur',
      confirm: true,
      payment_method: method.id,
      mandate_data: MANDATE,
    });
    await first.stop();
    const second = await startUnderTest({ data, settings });
    expect(await second.stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'processing' });
    await change(second, { clockOffsetMs: 3_700_000 });
    await until(async () => (await second.stripe.paymentIntents.retrieve(id)).status === 'succeeded');
    await second.stop();
    await rm(data, { recursive: true });
  });
});

describe('a mandate', () => {
  it('is asked for, is kept with the charge, and stands for later debits of a customer', async () => {
    const customer = await stripe.customers.create({ email: 'jenny@example.com' });
    const method = await sepaMethod(stripe, 'AT611904300234573201');
    const bare = await refusalOf(
      stripe.paymentIntents.create({
        amount: 1200,
        currency: 'eur',
        confirm: true,
        customer: customer.id,
        payment_method: method.id,
        setup_future_usage: 'off_session',
      }),
    );
    expect(bare).toMatchObject({
      statusCode: 400,
      code: 'parameter_missing',
      param: 'mandate_data',
      message:
        'When confirming a PaymentIntent with a `sepa_debit` PaymentMethod and `setup_future_usage`, `mandate_data` is required.',
    });
    const first = await debit(method, {
      customer: customer.id,
      setup_future_usage: 'off_session',
      expand: ['latest_charge'],
    });
    const charge = first.latest_charge;
    if (charge === null || typeof charge === 'string') throw new Error('The charge is expanded.');
    const id = charge.payment_method_details?.sepa_debit?.mandate ?? '';
    const mandate = await stripe.mandates.retrieve(id);
    expect(mandate).toMatchObject({
      object: 'mandate',
      customer_acceptance: { type: 'online', online: { ip_address: '192.0.2.1', user_agent: 'Browser' } },
      multi_use: {},
      payment_method: method.id,
      payment_method_details: { type: 'sepa_debit' },
      status: 'active',
      type: 'multi_use',
    });
    const page = await fetch(mandate.payment_method_details.sepa_debit?.url ?? '');
    expect(await page.text()).toContain(mandate.payment_method_details.sepa_debit?.reference);
    expect(await stripe.paymentMethods.retrieve(method.id)).toMatchObject({ customer: customer.id });
    const { data } = await stripe.events.list({ type: 'payment_method.attached', limit: 1 });
    expect(data[0]?.data.object).toMatchObject({ id: method.id, customer: customer.id });

    const later = await stripe.paymentIntents.create({
      amount: 500,
      currency: 'eur',
      confirm: true,
      customer: customer.id,
      payment_method: method.id,
      off_session: true,
      expand: ['latest_charge'],
    });
    expect(later.latest_charge).toMatchObject({ payment_method_details: { sepa_debit: { mandate: id } } });
    expect((await refusalOf(stripe.mandates.retrieve('mandate_no'))).message).toBe(
      "No such mandate: 'mandate_no'",
    );
  });

  it('for one payment names its amount', async () => {
    const intent = await debit(await bankMethod(stripe, '000123456789'), { expand: ['latest_charge'] });
    const charge = intent.latest_charge;
    if (charge === null || typeof charge === 'string') throw new Error('The charge is expanded.');
    const mandate = await stripe.mandates.retrieve(
      idOf(charge.payment_method_details?.us_bank_account?.mandate),
    );
    expect(mandate).toMatchObject({ type: 'single_use', single_use: { amount: 1200, currency: 'usd' } });
  });
});
