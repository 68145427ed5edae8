import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PACK,
  PAYER,
  startReceiver,
  startUnderTest,
  until,
  SECRET,
  type Receiver,
  type UnderTest,
} from '../testing/under-test';

let receiver: Receiver;
let test: UnderTest;
const HOUR = 3_600_000;
let clockOffsetMs = 0;

/** Lets time pass in the sandbox: what is due by then happens. */
async function pass(milliseconds: number): Promise<void> {
  clockOffsetMs += milliseconds;
  await fetch(`${test.url}/_control/settings`, { method: 'PUT', body: JSON.stringify({ clockOffsetMs }) });
}

/** What follows a payment comes an hour later here, after everything before it has arrived. */
async function settle(): Promise<void> {
  await until(() => test.sandbox.deliveries.list().rows.every(({ status }) => status !== 'pending'));
  await pass(HOUR + 1000);
}

beforeAll(async () => {
  receiver = await startReceiver();
  test = await startUnderTest({
    webhook: receiver.url,
    webhookSecret: SECRET,
    settings: { settleDelayMs: HOUR, orderPatienceMs: 10_000 },
  });
});
afterAll(async () => {
  await test.stop();
  await receiver.close();
});

const idOf = (reference: string | { id: string } | null): string => {
  if (reference === null) throw new Error('A reference was expected.');
  return typeof reference === 'string' ? reference : reference.id;
};

/** Types that were delivered for one session's sale, in order of arrival. */
function arrivals(ids: Array<string | null>): string[] {
  return receiver
    .events()
    .filter((event) => ids.some((id) => id !== null && JSON.stringify(event.data.object).includes(id)))
    .map((event) => event.type);
}

describe('a card payment on the hosted page', () => {
  it('completes the session, the intent and the charge, and sends the events in the order Stripe is seen to use', async () => {
    const session = await test.stripe.checkout.sessions.create(PACK);
    expect(session.id).toMatch(/^cs_test_a1\w{56}$/);
    expect(session.url).toBe(`${test.url}/c/pay/${session.id}`);
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      amount_total: 3000,
    });

    const paid = await test.sandbox.checkout.pay(session.id, PAYER);
    expect(paid).toEqual({ outcome: 'paid', redirectTo: `http://shop.test/ok?session=${session.id}` });

    const done = await test.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge', 'line_items.data.price.product'],
    });
    expect(done).toMatchObject({ status: 'complete', payment_status: 'paid', url: null, customer: null });
    expect(done.customer_details).toMatchObject({ email: 'jenny@example.com', name: 'Jenny Rosen' });
    const intent = done.payment_intent;
    if (intent === null || typeof intent === 'string') throw new Error('The intent is expanded.');
    expect(intent).toMatchObject({
      status: 'succeeded',
      amount_received: 3000,
      metadata: { payment: 'pay_7' },
    });
    expect(intent.latest_charge).toMatchObject({ paid: true, amount: 3000, metadata: { payment: 'pay_7' } });
    expect(done.line_items?.data[0]?.price?.product).toMatchObject({ name: 'Pack of 100' });

    await settle();
    await until(() => arrivals([intent.id]).includes('charge.updated'));
    expect(arrivals([intent.id])).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'payment_intent.created',
      'checkout.session.completed',
      'charge.updated',
    ]);
    const chargeId = idOf(intent.latest_charge);
    expect([intent.id, chargeId].map((id) => id.slice(3, 19))).toEqual(Array(2).fill(intent.id.slice(3, 19)));
  });

  it('fills in the balance transaction afterwards: null at charge.succeeded, there at charge.updated', async () => {
    const session = await test.stripe.checkout.sessions.create(PACK);
    await test.sandbox.checkout.pay(session.id, PAYER);
    const { payment_intent: intent } = await test.stripe.checkout.sessions.retrieve(session.id);
    await settle();
    const updated = await until(() =>
      receiver
        .events()
        .find((event) => event.type === 'charge.updated' && event.data.object.payment_intent === intent),
    );
    const succeeded = receiver
      .events()
      .find((event) => event.type === 'charge.succeeded' && event.data.object.payment_intent === intent);
    if (succeeded?.type !== 'charge.succeeded' || updated.type !== 'charge.updated')
      throw new Error('Both events came.');
    expect(succeeded.data.object.balance_transaction).toBeNull();
    expect(updated.data.previous_attributes).toMatchObject({ balance_transaction: null });
    const transaction = await test.stripe.balanceTransactions.retrieve(
      idOf(updated.data.object.balance_transaction),
    );
    expect(transaction).toMatchObject({
      amount: 3000,
      fee: 117,
      net: 2883,
      type: 'charge',
      source: succeeded.data.object.id,
    });
  });

  it('keeps the session open after a decline and pays with the same intent', async () => {
    const session = await test.stripe.checkout.sessions.create(PACK);
    const declined = await test.sandbox.checkout.pay(session.id, {
      ...PAYER,
      cardNumber: '4000000000009995',
    });
    expect(declined).toEqual({
      outcome: 'declined',
      message: 'Your card has insufficient funds.',
      code: 'card_declined',
      declineCode: 'insufficient_funds',
    });
    const open = await test.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
    await until(() => arrivals([idOf(open.payment_intent)]).includes('payment_intent.created'));
    expect(open).toMatchObject({ status: 'open', payment_status: 'unpaid' });
    expect(open.payment_intent).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds', type: 'card_error' },
    });
    expect(await test.sandbox.checkout.pay(session.id, PAYER)).toMatchObject({ outcome: 'paid' });
    const intent = idOf(open.payment_intent);
    expect((await test.stripe.checkout.sessions.retrieve(session.id)).payment_intent).toBe(intent);
    await settle();
    await until(() => arrivals([intent]).includes('charge.updated'));
    expect(arrivals([intent])).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
      'charge.updated',
    ]);
    expect(
      (await test.stripe.charges.list({ payment_intent: intent })).data.map((charge) => charge.status),
    ).toEqual(['succeeded', 'failed']);
  });

  it.each([
    ['4000000000000002', 'card_declined', 'generic_decline'],
    ['4000000000009987', 'card_declined', 'lost_card'],
    ['4000000000009979', 'card_declined', 'stolen_card'],
    ['4000000000000069', 'expired_card', 'expired_card'],
    ['4000000000000127', 'incorrect_cvc', 'incorrect_cvc'],
    ['4000000000000119', 'processing_error', 'processing_error'],
    ['4000000000006975', 'card_declined', 'card_velocity_exceeded'],
    ['4100000000000019', 'card_declined', 'fraudulent'],
    ['4000008400001280', 'processing_error', 'processing_error'],
  ])('declines %s as %s / %s', async (cardNumber, code, declineCode) => {
    const session = await test.stripe.checkout.sessions.create(PACK);
    const outcome = await test.sandbox.checkout.pay(session.id, { ...PAYER, cardNumber });
    expect(outcome).toMatchObject({ outcome: 'declined', code, declineCode });
  });

  it.each([
    [{ cardNumber: '4242424242424241' }, 'cardNumber', 'Your card number is incorrect.'],
    [{ cardNumber: '4242' }, 'cardNumber', 'Your card number is invalid.'],
    [{ expYear: '20' }, 'expYear', "Your card's expiration year is invalid."],
    [{ expMonth: '13' }, 'expMonth', "Your card's expiration month is invalid."],
    [{ cvc: '12' }, 'cvc', "Your card's security code is invalid."],
    [{ cardNumber: '378282246310005', cvc: '123' }, 'cvc', "Your card's security code is invalid."],
    [{ email: 'nobody' }, 'email', 'Your email is invalid.'],
  ])('does not try a card that cannot be right: %j', async (wrong, field, message) => {
    const session = await test.stripe.checkout.sessions.create(PACK);
    const outcome = await test.sandbox.checkout.pay(session.id, { ...PAYER, ...wrong });
    expect(outcome).toEqual({ outcome: 'invalid', field, message });
    expect((await test.stripe.checkout.sessions.retrieve(session.id)).payment_intent).toBeNull();
  });
});

describe('3DS', () => {
  async function challenged(cardNumber: string): Promise<{ sessionId: string; intentId: string }> {
    const { id: sessionId } = await test.stripe.checkout.sessions.create(PACK);
    const asked = await test.sandbox.checkout.pay(sessionId, { ...PAYER, cardNumber });
    if (asked.outcome !== 'challenge') throw new Error(`A challenge was expected, not ${asked.outcome}.`);
    expect(test.sandbox.checkout.find(sessionId)?.challenge).toEqual({ intentId: asked.intentId });
    await until(() => arrivals([asked.intentId]).includes('payment_intent.created'));
    return { sessionId, intentId: asked.intentId };
  }

  it('pays after the challenge is completed', async () => {
    const { sessionId, intentId } = await challenged('4000000000003220');
    expect(await test.stripe.paymentIntents.retrieve(intentId)).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'use_stripe_sdk' },
    });
    expect(await test.sandbox.checkout.answerChallenge(sessionId, 'complete')).toMatchObject({
      outcome: 'paid',
    });
    await settle();
    await until(() => arrivals([intentId]).includes('charge.updated'));
    expect(arrivals([intentId])).toEqual([
      'payment_intent.requires_action',
      'payment_intent.created',
      'payment_intent.succeeded',
      'charge.succeeded',
      'checkout.session.completed',
      'charge.updated',
    ]);
  });

  it('keeps the charge of the try before, when the challenge of the next one fails', async () => {
    const { id } = await test.stripe.checkout.sessions.create(PACK);
    await test.sandbox.checkout.pay(id, { ...PAYER, cardNumber: '4000000000000002' });
    await test.sandbox.checkout.pay(id, { ...PAYER, cardNumber: '4000002760003184' });
    await test.sandbox.checkout.answerChallenge(id, 'fail');
    const { payment_intent: intent } = await test.stripe.checkout.sessions.retrieve(id, {
      expand: ['payment_intent.latest_charge'],
    });
    expect(intent).toMatchObject({
      last_payment_error: { code: 'payment_intent_authentication_failure' },
      latest_charge: { status: 'failed', failure_code: 'card_declined' },
    });
  });

  it('leaves the session open when the challenge fails, without a charge', async () => {
    const { sessionId, intentId } = await challenged('4000002760003184');
    const failed = await test.sandbox.checkout.answerChallenge(sessionId, 'fail');
    expect(failed).toMatchObject({ outcome: 'declined', code: 'payment_intent_authentication_failure' });
    expect(await test.stripe.paymentIntents.retrieve(intentId)).toMatchObject({
      status: 'requires_payment_method',
      latest_charge: null,
    });
    expect(await test.sandbox.checkout.pay(sessionId, PAYER)).toMatchObject({ outcome: 'paid' });
  });

  it.each([
    ['4000008400001629', 'generic_decline'],
    ['4000008260003178', 'insufficient_funds'],
  ])('%s passes the challenge and is then declined', async (cardNumber, declineCode) => {
    const { sessionId } = await challenged(cardNumber);
    const answered = await test.sandbox.checkout.answerChallenge(sessionId, 'complete');
    expect(answered).toMatchObject({ outcome: 'declined', declineCode });
    expect(await test.sandbox.checkout.answerChallenge(sessionId, 'complete')).toEqual({
      outcome: 'no_challenge',
    });
  });
});

describe('invoice_creation', () => {
  it('makes a customer and a paid invoice that names its payment; the completed event already carries both', async () => {
    const session = await test.stripe.checkout.sessions.create({
      ...PACK,
      invoice_creation: { enabled: true, invoice_data: { metadata: { order: 'in-7' } } },
    });
    await test.sandbox.checkout.pay(session.id, PAYER);
    const done = await test.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['invoice.payments', 'customer'],
    });
    const invoice = done.invoice;
    if (invoice === null || typeof invoice === 'string') throw new Error('The invoice is expanded.');
    expect(invoice).toMatchObject({
      status: 'paid',
      billing_reason: 'manual',
      parent: null,
      amount_paid: 3000,
      metadata: { order: 'in-7' },
    });
    expect(invoice.payments?.data[0]).toMatchObject({ payment: { payment_intent: done.payment_intent } });
    expect(done.customer).toMatchObject({ email: 'jenny@example.com' });
    const payments = await test.stripe.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: idOf(done.payment_intent) },
    });
    expect(payments.data.map((payment) => payment.invoice)).toEqual([invoice.id]);

    const customer = idOf(done.customer);
    await settle();
    await until(() => arrivals([invoice.id]).includes('invoice_payment.paid'));
    expect(arrivals([session.id, invoice.id, customer, idOf(done.payment_intent)])).toEqual([
      'charge.succeeded',
      'customer.created',
      'customer.updated',
      'payment_intent.succeeded',
      'payment_intent.created',
      'checkout.session.completed',
      'invoice.created',
      'invoice.finalized',
      'charge.updated',
      'charge.updated',
      'invoice.sent',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice_payment.paid',
    ]);
    const completed = receiver
      .events()
      .find(
        (event): event is Stripe.CheckoutSessionCompletedEvent =>
          event.type === 'checkout.session.completed' && event.data.object.id === session.id,
      );
    expect(completed?.data.object).toMatchObject({ invoice: invoice.id, customer });
    expect(completed?.data.object).not.toHaveProperty('line_items');
  });
});

describe('sessions end', () => {
  it('expires by the API, cancels the intent of a failed try and takes no more payments', async () => {
    const session = await test.stripe.checkout.sessions.create(PACK);
    await test.sandbox.checkout.pay(session.id, { ...PAYER, cardNumber: '4000000000000002' });
    const expired = await test.stripe.checkout.sessions.expire(session.id);
    expect(expired).toMatchObject({ status: 'expired', payment_status: 'unpaid', url: null });
    const intent = await test.stripe.paymentIntents.retrieve(idOf(expired.payment_intent));
    expect(intent).toMatchObject({ status: 'canceled', cancellation_reason: 'expired' });
    expect(await test.sandbox.checkout.pay(session.id, PAYER)).toEqual({
      outcome: 'closed',
      status: 'expired',
    });
    await expect(test.stripe.checkout.sessions.expire(session.id)).rejects.toThrow(
      'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `expired`.',
    );
    await until(() => arrivals([session.id, intent.id]).includes('payment_intent.canceled'));
  });

  it('expires by itself at expires_at', async () => {
    const { created } = await test.stripe.checkout.sessions.create(PACK);
    const session = await test.stripe.checkout.sessions.create({ ...PACK, expires_at: created + 1860 });
    await pass(1_861_000);
    await until(async () => (await test.stripe.checkout.sessions.retrieve(session.id)).status === 'expired');
    await until(() => arrivals([session.id]).includes('checkout.session.expired'));
  });

  it.each([60, 25 * 3600])('refuses an expires_at %i seconds away', async (seconds) => {
    const { created } = await test.stripe.checkout.sessions.create(PACK);
    const refused = test.stripe.checkout.sessions.create({ ...PACK, expires_at: created + seconds });
    await expect(refused).rejects.toThrow('The `expires_at` timestamp must be');
  });

  it('tells the visitor of a completed session where to go and charges only once', async () => {
    const session = await test.stripe.checkout.sessions.create(PACK);
    await Promise.all([1, 2, 3].map(() => test.sandbox.checkout.pay(session.id, PAYER)));
    expect(await test.sandbox.checkout.pay(session.id, PAYER)).toEqual({
      outcome: 'closed',
      status: 'complete',
      redirectTo: `http://shop.test/ok?session=${session.id}`,
    });
    const { payment_intent: intent } = await test.stripe.checkout.sessions.retrieve(session.id);
    expect((await test.stripe.charges.list({ payment_intent: idOf(intent) })).data).toHaveLength(1);
  });

  it('completes a session without a total and without a card', async () => {
    const [line] = PACK.line_items ?? [];
    const free = { ...line, price_data: { currency: 'usd', unit_amount: 0, product_data: { name: 'Gift' } } };
    const session = await test.stripe.checkout.sessions.create({ ...PACK, line_items: [free] });
    expect(await test.sandbox.checkout.pay(session.id, { ...PAYER, cardNumber: '' })).toMatchObject({
      outcome: 'paid',
    });
    const done = await test.stripe.checkout.sessions.retrieve(session.id);
    expect(done).toMatchObject({
      status: 'complete',
      payment_intent: null,
      payment_status: 'no_payment_required',
    });
    expect(done.customer).toMatch(/^cus_/);
  });
});
