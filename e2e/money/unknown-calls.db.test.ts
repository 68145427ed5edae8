import Stripe from 'stripe';
import { afterEach, describe, expect, it } from 'vitest';

import { ensureCustomer } from '../../app/modules/auth/index.server';
import { readBalance } from '../../app/modules/ledger/index.server';
import { checkPayment } from '../../app/modules/payments/index.server';
import { findCall, planCall, sweepCalls } from '../../app/modules/stripe/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { hours, minutes, seconds } from '../../app/platform/time';
import { CALL_SETTLERS } from '../../app/worker/settlers.server';
import { ONE_SENDING } from './testing/sandbox-shop';
import { type ApiFault, useTestStore } from './testing/store';

const store = useTestStore();

/** What one test leaves unknown is no work of the next one's sweeps. */
afterEach(async () => {
  await store.db.stripeCall.updateMany({ where: { state: 'open' }, data: { state: 'refused' } });
});

/** A sweep as it will happen that long from now. */
const sweepIn = (wait: number) =>
  sweepCalls(store.db, store.shop.settings, {
    realmId: store.shop.realm.id,
    settlers: CALL_SETTLERS,
    now: new Date(Date.now() + wait),
  });

const onSessions = (effect: ApiFault['effect'], times: number | null): ApiFault => ({
  method: 'POST',
  path: '/v1/checkout/sessions',
  effect,
  times,
});
const UNREADABLE: ApiFault = {
  method: 'GET',
  path: '/v1/checkout/sessions',
  effect: 'unavailable',
  times: null,
};

const paymentOf = (id: string) =>
  store.db.payment.findUniqueOrThrow({
    where: { id },
    include: { changes: { orderBy: { n: 'desc' }, take: 1 } },
  });
const callsOf = (purpose: string) =>
  store.db.stripeCall.findMany({ where: { purpose }, orderBy: { attempt: 'asc' } });

/** By a customer who has another page open, which must never be taken for this one's. */
async function buyUnanswered(fault: ApiFault): Promise<string> {
  const customer = await store.shop.newCustomer();
  expect((await store.shop.checkout(customer)).outcome).toBe('redirect');
  await store.setFaults(fault);
  const started = await store.shop.checkout(customer);
  expect(started.outcome).toBe('unknown');
  return started.paymentId;
}

/** The pages that Stripe has made for a payment. */
async function sessionsOf(paymentId: string): Promise<string[]> {
  const stripe = new Stripe(store.shop.settings.secretKey, {
    host: '127.0.0.1',
    protocol: 'http',
    port: portOf(),
  });
  const { data } = await stripe.checkout.sessions.list({ limit: 100 });
  return data.filter((session) => session.client_reference_id === paymentId).map(({ id }) => id);
}
const portOf = () => new URL(store.shop.sandbox.url).port;

describe('a checkout that Stripe did not answer', () => {
  it('is shown as created, nobody is charged, and the sweeper opens it under the same key', async () => {
    const paymentId = await buyUnanswered(onSessions('unavailable', ONE_SENDING));
    expect(await paymentOf(paymentId)).toMatchObject({ state: 'created', stripeSession: null });
    expect(await sweepIn(0)).toBe(0);
    expect(await sweepIn(minutes(2))).toBe(1);
    expect(await paymentOf(paymentId)).toMatchObject({ state: 'open' });
    expect(await callsOf(paymentId)).toMatchObject([{ key: `${paymentId}.1`, state: 'succeeded', sends: 2 }]);
    await store.shop.pay(paymentId);
    await checkPayment(store.db, store.shop.settings, {
      realm: store.shop.realm,
      paymentId,
      cause: 'check:test',
    });
    expect(await paymentOf(paymentId)).toMatchObject({ state: 'paid' });
  });

  it('although Stripe made the page gets that very page, not a second one', async () => {
    const paymentId = await buyUnanswered(onSessions('lost_answer', ONE_SENDING));
    expect(await sessionsOf(paymentId)).toHaveLength(1);
    expect(await sweepIn(minutes(2))).toBe(1);
    expect(await sessionsOf(paymentId)).toHaveLength(1);
    expect(await sessionsOf(paymentId)).toEqual([await store.shop.sessionOf(paymentId)]);
  });

  it('stays unknown while Stripe is down, is asked again ever more rarely, and says so', async () => {
    const paymentId = await buyUnanswered(onSessions('unavailable', null));
    for (const wait of [minutes(2), minutes(4), minutes(8)]) expect(await sweepIn(wait)).toBe(0);
    const [call] = await callsOf(paymentId);
    expect(call).toMatchObject({ state: 'open', sends: 4 });
    expect(call?.errorMessage).toBeTruthy();
    expect(call?.dueAt.getTime()).toBeGreaterThan(Date.now() + minutes(1));
    expect(await paymentOf(paymentId)).toMatchObject({ state: 'created' });
  });

  it('is adopted after 20 hours when Stripe has its page', async () => {
    const paymentId = await buyUnanswered(onSessions('lost_answer', ONE_SENDING));
    await store.db.stripeCall.updateMany({
      where: { purpose: paymentId },
      data: { firstSentAt: new Date(Date.now() - hours(21)), dueAt: new Date() },
    });
    expect(await sweepIn(minutes(1))).toBe(1);
    expect(await callsOf(paymentId)).toMatchObject([{ state: 'succeeded', sends: 1 }]);
    expect(await sessionsOf(paymentId)).toEqual([await store.shop.sessionOf(paymentId)]);
    expect(await paymentOf(paymentId)).toMatchObject({ state: 'open' });
  });

  it('is closed after 20 hours when two looks, ten minutes apart, find nothing', async () => {
    const paymentId = await buyUnanswered(onSessions('unavailable', null));
    await store.db.stripeCall.updateMany({
      where: { purpose: paymentId },
      data: { firstSentAt: new Date(Date.now() - hours(21)), dueAt: new Date() },
    });
    expect(await sweepIn(minutes(1))).toBe(0);
    expect(await callsOf(paymentId)).toMatchObject([{ state: 'open', sends: 1 }]);
    expect(await sweepIn(minutes(9))).toBe(0);
    expect(await paymentOf(paymentId)).toMatchObject({ state: 'created' });
    expect(await sweepIn(minutes(12))).toBe(1);
    expect(await callsOf(paymentId)).toMatchObject([{ state: 'absent', sends: 1 }]);
    expect(await paymentOf(paymentId)).toMatchObject({
      state: 'failed',
      changes: [{ reason: 'Stripe never made a payment page for it' }],
    });
  });

  it('is not given up on by looks that Stripe did not answer', async () => {
    const paymentId = await buyUnanswered(onSessions('unavailable', null));
    await store.db.stripeCall.updateMany({
      where: { purpose: paymentId },
      data: { firstSentAt: new Date(Date.now() - hours(21)), dueAt: new Date() },
    });
    await store.setFaults(UNREADABLE);
    for (const wait of [minutes(1), minutes(12), minutes(30)]) expect(await sweepIn(wait)).toBe(0);
    expect(await callsOf(paymentId)).toMatchObject([{ state: 'open', absentAt: null }]);
  });

  it('with a failure that Stripe repeats is looked for at once instead of sent for 20 hours', async () => {
    const paymentId = await buyUnanswered(onSessions('server_error', 1));
    expect(await sweepIn(minutes(2))).toBe(0);
    const [call] = await callsOf(paymentId);
    expect(call).toMatchObject({ state: 'open', sends: 2 });
    expect(call?.absentAt).not.toBeNull();
    expect(await sweepIn(minutes(13))).toBe(1);
    expect(await callsOf(paymentId)).toMatchObject([{ state: 'absent', sends: 2 }]);
    expect(await paymentOf(paymentId)).toMatchObject({ state: 'failed' });
  });

  it('whose process died before it was sent is sent by the sweeper', async () => {
    const paymentId = await buyUnanswered(onSessions('unavailable', ONE_SENDING));
    await store.db.stripeCall.updateMany({
      where: { purpose: paymentId },
      data: { firstSentAt: null, lastSentAt: null, sends: 0 },
    });
    expect(await sweepIn(minutes(2))).toBe(1);
    expect(await paymentOf(paymentId)).toMatchObject({ state: 'open' });
  });

  it('is swept by one of two sweepers', async () => {
    const paymentId = await buyUnanswered(onSessions('unavailable', ONE_SENDING));
    const ended = await Promise.all([sweepIn(seconds(30)), sweepIn(seconds(30))]);
    expect(ended.sort()).toEqual([0, 1]);
    expect(await callsOf(paymentId)).toMatchObject([{ state: 'succeeded', sends: 2 }]);
  });

  it('and whose key is refused today stays unknown, for an earlier sending may have got through', async () => {
    const paymentId = await buyUnanswered(onSessions('lost_answer', ONE_SENDING));
    const refusing = { ...store.shop.settings, secretKey: 'sk_test_x' };
    const input = {
      realmId: store.shop.realm.id,
      settlers: CALL_SETTLERS,
    };
    await sweepCalls(store.db, refusing, { ...input, now: new Date(Date.now() + minutes(2)) });
    expect(await callsOf(paymentId)).toMatchObject([{ state: 'open', sends: 2 }]);
    expect(await paymentOf(paymentId)).toMatchObject({ state: 'created' });
  });
});

it('what is sent again is what was sent first, to the letter', async () => {
  const purpose = { realmId: store.shop.realm.id, kind: 'customer.create', purpose: 'cst_letter' } as const;
  const params = { name: 'Nora', email: 'nora@example.test', metadata: { z: '1', a: '2' } };
  const planned = await inTransaction(store.db, 'plan', (tx) => planCall(tx, { ...purpose, params }));
  const found = await findCall(store.db, purpose);
  if (found.state !== 'open') throw new Error(found.state);
  expect(JSON.stringify(found.call.body)).toBe(JSON.stringify(planned.body));
});

describe('a Stripe customer that Stripe did not answer for', () => {
  const onCustomers: ApiFault = {
    method: 'POST',
    path: '/v1/customers',
    effect: 'lost_answer',
    times: ONE_SENDING,
  };

  it('ends this sale without a page, and is the same one at the next checkout', async () => {
    await store.setFaults(onCustomers);
    const customer = await store.shop.newCustomer();
    const first = await store.shop.checkout(customer);
    expect(first.outcome).toBe('refused');
    expect(await paymentOf(first.paymentId)).toMatchObject({ state: 'failed', stripeSession: null });
    expect(await sweepIn(minutes(2))).toBe(1);
    expect(await callsOf(customer.id)).toMatchObject([{ state: 'succeeded', sends: 2 }]);
    const second = await store.shop.checkout(customer);
    expect(second.outcome).toBe('redirect');
    expect(await callsOf(customer.id)).toHaveLength(1);
    await store.shop.pay(second.paymentId);
    await checkPayment(store.db, store.shop.settings, {
      realm: store.shop.realm,
      paymentId: second.paymentId,
      cause: 'check:test',
    });
    const wallet = { book: 'test', customerId: customer.id } as const;
    expect(await readBalance(store.db, wallet)).toMatchObject({ available: 2500n });
  });

  it('is found among all that were made then when the product told no address, and buys', async () => {
    const customer = { id: await ensureCustomer(store.db, 'user_42'), email: null, name: null };
    await store.setFaults(onCustomers);
    await store.shop.checkout(customer);
    await store.db.stripeCall.updateMany({
      where: { purpose: customer.id },
      data: { firstSentAt: new Date(Date.now() - hours(21)), dueAt: new Date() },
    });
    expect(await sweepIn(minutes(1))).toBe(1);
    expect(await callsOf(customer.id)).toMatchObject([{ state: 'succeeded', sends: 1 }]);
    const { paymentId } = await store.shop.checkout(customer);
    await store.shop.pay(paymentId);
    const check = { realm: store.shop.realm, paymentId, cause: 'check:test' };
    await checkPayment(store.db, store.shop.settings, check);
    expect(await readBalance(store.db, { book: 'test', customerId: customer.id })).toMatchObject({
      available: 2500n,
    });
    const kept = { where: { id: customer.id }, select: { email: true, name: true } };
    expect(await store.db.customer.findUniqueOrThrow(kept)).toEqual({ email: null, name: null });
  });

  it('is not asked for again by a checkout once Stripe may have forgotten the key', async () => {
    await store.setFaults({ ...onCustomers, effect: 'unavailable', times: null });
    const customer = await store.shop.newCustomer();
    await store.shop.checkout(customer);
    await store.db.stripeCall.updateMany({
      where: { purpose: customer.id },
      data: { firstSentAt: new Date(Date.now() - hours(21)) },
    });
    await store.setFaults();
    expect((await store.shop.checkout(customer)).outcome).toBe('refused');
    expect(await callsOf(customer.id)).toMatchObject([{ state: 'open', sends: 1 }]);
  });

  it('and was never made leaves room for another attempt under a new key', async () => {
    await store.setFaults({ ...onCustomers, effect: 'unavailable', times: null });
    const customer = await store.shop.newCustomer();
    await store.shop.checkout(customer);
    await store.db.stripeCall.updateMany({
      where: { purpose: customer.id },
      data: { firstSentAt: new Date(Date.now() - hours(21)), dueAt: new Date() },
    });
    expect([await sweepIn(minutes(1)), await sweepIn(minutes(12))]).toEqual([0, 1]);
    await store.setFaults();
    expect((await store.shop.checkout(customer)).outcome).toBe('redirect');
    expect(await callsOf(customer.id)).toMatchObject([
      { key: `${customer.id}.1`, state: 'absent' },
      { key: `${customer.id}.2`, state: 'succeeded' },
    ]);
  });
});
