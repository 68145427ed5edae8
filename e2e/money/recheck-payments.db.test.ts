import { describe, expect, it } from 'vitest';

import { recheckPayments } from '../../app/modules/payments/index.server';
import { hours, minutes } from '../../app/platform/time';
import { useTestStore } from './testing/store';

// The sandbox has no webhook endpoint: nothing is settled but by a look at Stripe.
const store = useTestStore();

const recheckIn = (wait: number) =>
  recheckPayments(store.db, store.shop.settings, {
    realm: store.shop.realm,
    now: new Date(Date.now() + wait),
  });

async function buy(): Promise<string> {
  const started = await store.shop.checkout(await store.shop.newCustomer());
  if (started.outcome !== 'redirect') throw new Error(started.outcome);
  return started.paymentId;
}

const paymentOf = (id: string) =>
  store.db.payment.findUniqueOrThrow({
    where: { id },
    include: { changes: { orderBy: { n: 'desc' }, take: 1 } },
  });

describe('a payment that stays open', () => {
  it('is looked at after five minutes, an hour and 25 hours, and not in between', async () => {
    const id = await buy();
    const looks = [];
    for (const wait of [minutes(4), minutes(6), minutes(30), minutes(61), hours(3), hours(26), hours(27)])
      looks.push(await recheckIn(wait));
    expect(looks).toEqual([0, 1, 0, 1, 0, 1, 0]);
    expect(await paymentOf(id)).toMatchObject({ state: 'open', checks: 3 });
    expect(await recheckIn(hours(52))).toBe(1);
    await store.shop.sandbox.sandbox.checkout.expire(await store.shop.sessionOf(id));
    expect(await recheckIn(hours(80))).toBe(1);
    expect(await paymentOf(id)).toMatchObject({ state: 'expired' });
    expect(await recheckIn(hours(200))).toBe(0);
  });

  it('and was paid with no webhook and no return is granted by it, once, whoever looks', async () => {
    const id = await buy();
    await store.shop.pay(id);
    const looked = await Promise.all([recheckIn(minutes(6)), recheckIn(minutes(6))]);
    expect(looked.sort()).toEqual([0, 1]);
    expect(await paymentOf(id)).toMatchObject({ state: 'paid', changes: [{ cause: `recheck:${id}` }] });
    expect(await store.db.transfer.count({ where: { paymentId: id } })).toBe(1);
  });

  it('is looked at again in five minutes when Stripe does not answer', async () => {
    const id = await buy();
    await store.shop.pay(id);
    await store.setFaults({ method: 'GET', path: '/v1/', effect: 'unavailable', times: null });
    expect(await recheckIn(minutes(6))).toBe(0);
    expect(await paymentOf(id)).toMatchObject({ state: 'open', checks: 0 });
    await store.setFaults();
    expect(await recheckIn(minutes(7))).toBe(0);
    expect(await recheckIn(minutes(12))).toBe(1);
    expect(await paymentOf(id)).toMatchObject({ state: 'paid' });
  });

  it('is not asked about once another one was not answered: a Stripe that is down is asked once', async () => {
    const ids = [await buy(), await buy()];
    // The SDK asks a second time by itself when a connection is cut.
    await store.setFaults({ method: 'GET', path: '/v1/', effect: 'unavailable', times: 2 });
    expect(await recheckIn(minutes(6))).toBe(0);
    for (const id of ids) expect(await paymentOf(id)).toMatchObject({ checks: 0 });
    expect(await recheckIn(minutes(12))).toBe(2);
    for (const id of ids) await store.shop.sandbox.sandbox.checkout.expire(await store.shop.sessionOf(id));
    expect(await recheckIn(minutes(62))).toBe(2);
  });

  it('whose session Stripe does not have is closed once no session could still be paid', async () => {
    const id = await buy();
    await store.db.payment.update({ where: { id }, data: { stripeSession: 'cs_test_gone' } });
    expect(await recheckIn(minutes(6))).toBe(1);
    expect(await recheckIn(minutes(61))).toBe(1);
    expect(await paymentOf(id)).toMatchObject({ state: 'open' });
    expect(await recheckIn(hours(26))).toBe(1);
    expect(await paymentOf(id)).toMatchObject({
      state: 'expired',
      changes: [{ reason: 'Stripe no longer has its payment page' }],
    });
  });
});

describe('a payment without a session', () => {
  it('whose checkout died before Stripe was asked is closed', async () => {
    const id = await buy();
    await store.db.stripeCall.deleteMany({ where: { purpose: id } });
    const { id: unasked } = await store.db.payment.create({
      data: {
        id: `${id}x`,
        realmId: store.shop.realm.id,
        customerId: (await paymentOf(id)).customerId,
        kind: 'pack',
        credits: 10n,
        currency: 'usd',
        amountSubtotal: 100n,
      },
    });
    await recheckIn(minutes(6));
    expect(await paymentOf(unasked)).toMatchObject({
      state: 'failed',
      changes: [{ reason: 'Stripe was never asked for a payment page' }],
    });
  });

  it('whose call is unknown is left to the sweeper', async () => {
    await store.setFaults({
      method: 'POST',
      path: '/v1/checkout/sessions',
      effect: 'unavailable',
      times: null,
    });
    const { outcome, paymentId } = await store.shop.checkout(await store.shop.newCustomer());
    expect(outcome).toBe('unknown');
    await recheckIn(minutes(6));
    expect(await paymentOf(paymentId)).toMatchObject({ state: 'created', checks: 1 });
  });
});
