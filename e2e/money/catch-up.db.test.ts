import { beforeAll, describe, expect, it, vi } from 'vitest';

import { readBalance } from '../../app/modules/ledger/index.server';
import { catchUp } from '../../app/modules/webhooks/index.server';
import { days, hours, minutes, seconds } from '../../app/platform/time';
import { useTestStore } from './testing/store';

// The sandbox has no webhook endpoint: no event is ever delivered.
const store = useTestStore();

/** What Stripe says seconds after a payment would come between two looks. */
beforeAll(async () => {
  const body = JSON.stringify({ settleDelayMs: hours(24) });
  await fetch(`${store.shop.sandbox.url}/_control/settings`, { method: 'PUT', body });
});

const catchUpIn = (wait: number) =>
  catchUp(store.db, store.shop.settings, { realm: store.shop.realm, now: new Date(Date.now() + wait) });

async function buyAndPay() {
  const customer = await store.shop.newCustomer();
  const started = await store.shop.checkout(customer);
  if (started.outcome !== 'redirect') throw new Error(started.outcome);
  await store.shop.pay(started.paymentId);
  return { customer, paymentId: started.paymentId };
}

const balanceOf = async (customerId: string) =>
  (await readBalance(store.db, { book: 'test', customerId })).available;

const cursor = () => store.db.catchUp.findUniqueOrThrow({ where: { realmId: store.shop.realm.id } });

describe('events that no delivery brought', () => {
  it('come from Stripe’s list into the inbox and are granted once, however often it is read', async () => {
    const { customer, paymentId } = await buyAndPay();
    const found = await catchUpIn(minutes(2));
    expect(found).toBeGreaterThanOrEqual(3);
    expect(await catchUpIn(minutes(2))).toBe(0);
    store.runInbox();
    await vi.waitFor(async () => expect(await balanceOf(customer.id)).toBe(2500n), { timeout: seconds(20) });
    await vi.waitFor(async () => expect(await store.db.event.count({ where: { decision: null } })).toBe(0), {
      timeout: seconds(20),
    });
    expect(await store.db.transfer.count({ where: { paymentId } })).toBe(1);
    expect(await store.db.event.groupBy({ by: ['source'], _count: true })).toEqual([
      { source: 'catch_up', _count: found },
    ]);
    expect(await store.db.delivery.count()).toBe(0);
  });

  it('are looked for from ten minutes before the last look, and the look is remembered', async () => {
    const before = await cursor();
    const { customer } = await buyAndPay();
    // As if the last run had been half a minute after this purchase, and Stripe had listed it late.
    const last = new Date(Date.now() + minutes(9));
    await store.db.catchUp.update({
      where: { realmId: store.shop.realm.id },
      data: { listedUntil: last },
    });
    const found = await catchUpIn(minutes(11));
    expect(found).toBeGreaterThanOrEqual(3);
    const after = await cursor();
    expect(after.found).toBe(before.found + found);
    expect(after.listedUntil).toEqual(last);
    store.runInbox();
    await vi.waitFor(async () => expect(await balanceOf(customer.id)).toBe(2500n), { timeout: seconds(20) });
    await store.db.catchUp.delete({ where: { realmId: store.shop.realm.id } });
  });

  it('are found although our clock runs twenty minutes ahead of Stripe’s', async () => {
    await store.db.catchUp.deleteMany();
    await catchUpIn(minutes(20));
    await buyAndPay();
    expect(await catchUpIn(minutes(25))).toBeGreaterThanOrEqual(3);
  });

  it('of a long absence are found step by step, up to now', async () => {
    await store.db.catchUp.deleteMany();
    await store.db.realm.update({
      where: { id: store.shop.realm.id },
      data: { createdAt: new Date(Date.now() - days(4)) },
    });
    await buyAndPay();
    expect(await catchUpIn(minutes(2))).toBeGreaterThanOrEqual(3);
    expect((await cursor()).listedUntil.getTime()).toBeGreaterThan(Date.now() - hours(8));
  });

  it('younger than a minute are left to their delivery', async () => {
    await catchUpIn(minutes(2));
    await buyAndPay();
    await store.db.catchUp.update({
      where: { realmId: store.shop.realm.id },
      data: { listedUntil: new Date(Date.now() - hours(1)) },
    });
    expect(await catchUpIn(0)).toBe(0);
    expect(await catchUpIn(minutes(2))).toBeGreaterThanOrEqual(3);
  });

  it('are still missed, and looked for again, when Stripe stops answering midway', async () => {
    await buyAndPay();
    const before = await cursor();
    await store.setFaults({ method: 'GET', path: '/v1/events', effect: 'unavailable', times: null });
    await expect(catchUpIn(minutes(5))).rejects.toThrow();
    expect(await cursor()).toEqual(before);
    await store.setFaults();
    expect(await catchUpIn(minutes(5))).toBeGreaterThanOrEqual(3);
  });

  it('and are delivered after all leave one event, and no quarrel about its body', async () => {
    const [event] = await store.db.event.findMany({ where: { source: 'catch_up' }, take: 1 });
    if (!event) throw new Error('No event was caught up.');
    const rows = await store.db.$queryRaw`
      SELECT inbox_receive(${event.realmId}, ${event.id}, ${event.type}, ${event.objectId}, ${event.apiVersion}, NULL,
        ${event.created}, ${`${event.payload}\n`}, '\\x00'::bytea, true, '/webhooks/stripe', NULL, NULL, 1::smallint, 10,
        1::real, NULL) AS verdict`;
    expect(rows).toEqual([{ verdict: 'repeat' }]);
    expect(await store.db.event.count({ where: { id: event.id } })).toBe(1);
  });
});

it('a backlog of more than one page is read to its end', { timeout: minutes(2) }, async () => {
  await store.db.catchUp.deleteMany();
  await store.db.realm.update({ where: { id: store.shop.realm.id }, data: { createdAt: new Date() } });
  for (let n = 0; n < 35; n += 1) await buyAndPay();
  expect(await catchUpIn(minutes(2))).toBeGreaterThan(100);
  expect(await catchUpIn(minutes(2))).toBe(0);
});
