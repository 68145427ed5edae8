import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { change, idOf, payCharge } from '../testing/money';
import { startPortalTest } from '../testing/portal';
import { MANDATE, sepaMethod } from '../testing/story';
import { PACK, SECRET, startReceiver, startUnderTest, until, type UnderTest } from '../testing/under-test';

const HOUR_MS = 3_600_000;
const AT_ONCE_MS = 10;

let test: UnderTest;
let stripe: Stripe;

beforeAll(async () => {
  test = await startUnderTest({
    settings: { debitSettleMs: 2 * HOUR_MS, disputeDelayMs: AT_ONCE_MS, slowDebitMs: AT_ONCE_MS },
  });
  stripe = test.stripe;
});
afterAll(() => test.stop());

const control = (path: string, body: object): Promise<Response> =>
  fetch(`${test.url}/_control${path}`, { method: 'PUT', body: JSON.stringify(body) });

async function settingsOf({ url }: UnderTest): Promise<unknown> {
  return (await fetch(`${url}/_control/settings`)).json();
}

async function debit(iban: string): Promise<Stripe.PaymentIntent> {
  const method = await sepaMethod(stripe, iban);
  return stripe.paymentIntents.create({
    amount: 1200,
    currency: 'eur',
    confirm: true,
    payment_method: method.id,
    mandate_data: MANDATE,
  });
}

/** Pays a session with the usual test card and reads it again. */
async function sell(
  params: Partial<Stripe.Checkout.SessionCreateParams>,
  expand: string[] = [],
): Promise<Stripe.Checkout.Session> {
  const { id } = await stripe.checkout.sessions.create({ ...PACK, ...params });
  const paid = await fetch(`${test.url}/_control/sessions/${id}/pay`, { method: 'POST' });
  expect(paid.status).toBe(200);
  return stripe.checkout.sessions.retrieve(id, { expand });
}

describe('the settings', () => {
  it('that a folder of an older sandbox lacks have their defaults, and so have its faults', async () => {
    const data = await mkdtemp(join(tmpdir(), 'sandbox-settings-'));
    const first = await startUnderTest({ data });
    const fresh = await settingsOf(first);
    await first.stop();
    const old = { id: 'settings', settings: { taxPercent: 19 }, faults: { duplicate: 2 } };
    await appendFile(join(data, 'journal.ndjson'), `${JSON.stringify([['settings', 'settings', old]])}\n`);
    const second = await startUnderTest({ data });
    expect(await settingsOf(second)).toEqual({ ...Object(fresh), taxPercent: 19 });
    expect(await (await fetch(`${second.url}/_control/faults`)).json()).toEqual({
      duplicate: 2,
      drop: false,
      api: [],
      chaos: null,
    });
    await second.stop();
    await rm(data, { recursive: true });
  });

  it('that a change does not name stay, and one that nobody knows is refused by its name', async () => {
    const before = await settingsOf(test);
    for (const path of ['/settings', '/faults']) {
      const refused = await control(path, { odrer: 'typical' });
      expect(refused.status).toBe(400);
      expect(await refused.text()).toContain('odrer');
    }
    const changed: unknown = await (await control('/settings', { taxPercent: 7 })).json();
    expect(changed).toEqual({ ...Object(before), taxPercent: 7 });
  });
});

describe('slowDebitMs', () => {
  it('is how long a slow test account takes, whatever the others take', async () => {
    const quick = await debit('DE89370400440532013000');
    const slow = await debit('AT321904300235473204');
    await until(async () => (await stripe.paymentIntents.retrieve(slow.id)).status === 'succeeded');
    expect(await stripe.paymentIntents.retrieve(quick.id)).toMatchObject({ status: 'processing' });
  });
});

describe('lateIbans', () => {
  it.each([
    ['fail_and_dispute', 'failed', 'disputed'],
    ['fail', 'failed', 'failed'],
    ['dispute', 'disputed', 'disputed'],
  ])('%s: AT05… is %s and AT98… is %s', async (lateIbans, ...ends) => {
    await change(test, { lateIbans });
    const intents = [await debit('AT051904300235473205'), await debit('AT981904300235473203')];
    const end = ({ id }: Stripe.PaymentIntent): Promise<string> =>
      until(async () => {
        if ((await stripe.disputes.list({ payment_intent: id })).data.length > 0) return 'disputed';
        return (await stripe.paymentIntents.retrieve(id)).status === 'requires_payment_method' && 'failed';
      });
    expect(await Promise.all(intents.map(end))).toEqual(ends);
  });
});

describe('refundDelayMs', () => {
  it('is how long a pending refund waits for its bank', async () => {
    const under = await startUnderTest({
      settings: { refundReferenceMs: HOUR_MS, refundDelayMs: 2 * HOUR_MS },
    });
    const refund = async (method: string): Promise<string> => {
      const { charge } = await payCharge(under.stripe, method);
      return (await under.stripe.refunds.create({ charge })).id;
    };
    const read = (id: string): Promise<Stripe.Refund> => under.stripe.refunds.retrieve(id);
    const pending = await refund('pm_card_pendingRefund');
    const witness = await refund('pm_card_visa');
    await change(under, { clockOffsetMs: 1.5 * HOUR_MS });
    await until(
      async () => (await read(witness)).destination_details?.card?.reference_status === 'available',
    );
    expect(await read(pending)).toMatchObject({ status: 'pending' });
    await change(under, { clockOffsetMs: 2.5 * HOUR_MS });
    await until(async () => (await read(pending)).status === 'succeeded');
    await under.stop();
  });
});

describe('zeroTotalStatus', () => {
  it.each(['paid', 'no_payment_required'] as const)('%s is what a free session ends with', async (status) => {
    await change(test, { zeroTotalStatus: status });
    const { id: coupon } = await stripe.coupons.create({ percent_off: 100 });
    expect(await sell({ discounts: [{ coupon }] })).toMatchObject({
      status: 'complete',
      amount_total: 0,
      payment_status: status,
    });
  });
});

describe('postPaymentCollection', () => {
  it.each([
    ['send_invoice', expect.any(Number)],
    ['charge_automatically', null],
  ])('%s is how the invoice of a sale is collected', async (method, dueDate) => {
    await change(test, { postPaymentCollection: method });
    expect(await sell({ invoice_creation: { enabled: true } }, ['invoice'])).toMatchObject({
      invoice: { status: 'paid', collection_method: method, due_date: dueDate },
    });
  });
});

describe('portalMovesSubscriptions', () => {
  it.each([true, false])('%s: whether a new default pays a subscription with its own card', async (moves) => {
    const { under, customer, monthly, openPortal } = await startPortalTest();
    await change(under, { portalMovesSubscriptions: moves });
    const own = await under.stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
    const other = await under.stripe.paymentMethods.attach('pm_card_amex', { customer: customer.id });
    const { id } = await under.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly.id }],
      default_payment_method: own.id,
    });
    const page = `${under.url}/p/session/${await openPortal()}/methods/${other.id}/default`;
    expect((await fetch(page, { method: 'POST', body: new URLSearchParams() })).status).toBe(200);
    const chosen = await under.stripe.customers.retrieve(customer.id);
    expect(chosen).toMatchObject({ invoice_settings: { default_payment_method: other.id } });
    const { default_payment_method: pays } = await under.stripe.subscriptions.retrieve(id);
    expect(idOf(pays)).toBe(moves ? other.id : own.id);
    await under.stop();
  });
});

describe('explicitEvents', () => {
  it('are what an endpoint for everything does not get', async () => {
    const receiver = await startReceiver();
    const under = await startUnderTest({
      webhook: receiver.url,
      webhookSecret: SECRET,
      settings: { explicitEvents: ['product.created'] },
    });
    await under.stripe.products.create({ name: 'Pack' });
    await under.stripe.customers.create({ name: 'Jenny' });
    await until(() => receiver.types().includes('customer.created'));
    const sent = under.sandbox.deliveries.list().rows.map(({ eventType }) => eventType);
    expect(sent).toEqual(['customer.created']);
    await change(under, { explicitEvents: [] });
    await under.stripe.products.create({ name: 'Pack' });
    await until(() => receiver.types().includes('product.created'));
    await under.stop();
    await receiver.close();
  });
});

describe('deliveryConcurrency', () => {
  it('is how many deliveries an endpoint has open at once', async () => {
    const witness = await startReceiver();
    const open: ServerResponse[] = [];
    let isHolding = true;
    const slow = createServer((request, response) => {
      request.resume();
      if (isHolding) open.push(response);
      else response.end();
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const address = slow.address();
    if (address === null || typeof address === 'string') throw new Error('It listens on a TCP port.');
    const under = await startUnderTest({
      webhook: `http://127.0.0.1:${address.port}/hook`,
      settings: { deliveryConcurrency: 2 },
    });
    await under.stripe.webhookEndpoints.create({ url: witness.url, enabled_events: ['*'] });
    for (let turn = 0; turn < 4; turn += 1) await under.stripe.products.create({ name: `Pack ${turn}` });
    await until(() => witness.received.length === 4 && open.length >= 2);
    expect(open).toHaveLength(2);
    isHolding = false;
    for (const response of open) response.end();
    await until(() => under.sandbox.deliveries.list().rows.every(({ status }) => status === 'succeeded'));
    expect(under.sandbox.deliveries.list().rows).toHaveLength(8);
    await under.stop();
    await witness.close();
    slow.close();
    slow.closeAllConnections();
  });
});
