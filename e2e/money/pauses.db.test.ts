import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { findPackForSale } from '../../app/modules/catalog/index.server';
import { recheckPayments, seePayment, startCheckout } from '../../app/modules/payments/index.server';
import { settingsAmong } from '../../app/modules/stripe/index.server';
import { isPausedThroughout, listPauses, setPause } from '../../app/modules/pauses/index.server';
import { type PausableWork } from '../../app/modules/pauses/shared';
import { inTransaction } from '../../app/platform/db.server';
import { hours, seconds } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { openPlanShop, type PlanShop } from './testing/plan-shop';
import { openTopUpDesk, type TopUpDesk } from './testing/top-up-desk';

/** What a pause stops, what it leaves alone, and that nothing begins once it is committed. */
const database = useTestDatabase();
let shop: PlanShop;
let desk: TopUpDesk;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
  desk = openTopUpDesk(database.db, shop);
});
afterAll(() => shop.sandbox.stop());

const turn = (work: PausableWork, pauses: boolean) =>
  inTransaction(database.db, 'turn', (tx) =>
    setPause(tx, {
      ...{ book: 'test', work, pauses, actor: 'usr_1' },
      ...{ reason: pauses ? 'incident' : 'over', comment: 'tested' },
    }),
  );
afterEach(async () => {
  for (const work of ['selling', 'processing', 'top_ups'] as const) await turn(work, false);
});

async function order() {
  const { realm } = shop;
  const pack = await findPackForSale(database.db, { realmId: realm.id, code: 'team', currency: 'usd' });
  if (!pack) throw new Error('The team pack is not for sale.');
  const customer = await shop.newCustomer();
  return { realm, customer, pack, quantity: 1, appUrl: 'http://127.0.0.1:3999' };
}
const start = (one: Awaited<ReturnType<typeof order>>) => startCheckout(database.db, shop.settings, one);
async function buy() {
  const one = await order();
  return { customer: one.customer, started: await start(one) };
}
const payments = () => database.db.payment.count();
const calls = () => database.db.stripeCall.count();

describe('a switch', () => {
  it('is audited with who, why, before and after, and turning it as it stands changes nothing', async () => {
    expect(await turn('selling', true)).toEqual({ outcome: 'paused' });
    expect(await turn('selling', true)).toEqual({ outcome: 'unchanged' });
    const [paused, ...others] = (await listPauses(database.db)).filter(({ pause }) => pause !== null);
    expect(others).toEqual([]);
    expect(paused).toMatchObject({
      book: 'test',
      work: 'selling',
      pause: { actor: 'usr_1', comment: 'tested' },
    });
    expect(await turn('selling', false)).toEqual({ outcome: 'resumed' });
    const where = { subject: 'pause:test:selling' };
    const rows = await database.db.audit.findMany({ where, orderBy: { seq: 'asc' }, take: 9 });
    expect(rows).toMatchObject([
      {
        act: 'pause.set',
        actor: 'usr_1',
        reason: 'incident',
        body: { comment: 'tested', before: { pausedAt: null } },
      },
      {
        act: 'pause.cleared',
        reason: 'over',
        body: { before: { reason: 'incident' }, after: { pausedAt: null } },
      },
    ]);
  });

  it('is turned by nobody without a name and a reason: the database refuses it', async () => {
    const { db } = database;
    await expect(db.pauseSwitch.updateMany({ data: { pausedAt: new Date() } })).rejects.toThrow('says_why');
    await expect(db.pauseSwitch.updateMany({ data: { reason: 'incident' } })).rejects.toThrow('says_why');
  });
});

describe('while selling is paused', () => {
  it('no checkout, plan, change of plan or saved card is begun, and Stripe is not asked', async () => {
    const customer = await shop.subscriber();
    await shop.subscribe(customer);
    await shop.hear(customer);
    const another = await shop.subscriber();
    await turn('selling', true);
    const before = [await payments(), await calls()];
    expect((await buy()).started).toEqual({ outcome: 'selling_paused' });
    expect(await shop.start(another, 'basic')).toEqual({ outcome: 'selling_paused' });
    expect(await shop.change(customer, 'plus')).toEqual({ outcome: 'selling_paused' });
    expect(await desk.agreeTo(another)).toEqual({ outcome: 'selling_paused' });
    expect([await payments(), await calls()]).toEqual(before);
    expect(await database.db.topUpRule.count({ where: { customerId: another.id } })).toBe(0);
  });

  it('what stands open at Stripe is paid and settles, and a plan can be canceled', async () => {
    const customer = await shop.subscriber();
    await shop.subscribe(customer);
    await shop.hear(customer);
    const buyer = await shop.newCustomer();
    const { paymentId } = await shop.checkout(buyer);
    await turn('selling', true);
    await shop.pay(paymentId);
    await shop.bring(shop.saidBySale([paymentId]).get(paymentId) ?? []);
    expect(await database.db.payment.findUniqueOrThrow({ where: { id: paymentId } })).toMatchObject({
      state: 'paid',
    });
    expect(await shop.change(customer, 'cancel')).toEqual({ outcome: 'done' });
  });

  it('of twenty checkouts against the pause none is written after it is committed, and each knows how it went', async () => {
    const orders = await Promise.all(Array.from({ length: 20 }, () => order()));
    const before = await payments();
    const racing = orders.slice(0, 10).map((one) => start(one));
    const committed = turn('selling', true).then(payments);
    racing.push(...orders.slice(10).map((one) => start(one)));
    const atCommit = await committed;
    const outcomes = (await Promise.all(racing)).map(({ outcome }) => outcome);
    expect(await payments()).toBe(atCommit);
    expect(outcomes.filter((outcome) => outcome === 'redirect')).toHaveLength(atCommit - before);
    expect(outcomes.filter((outcome) => outcome === 'selling_paused')).toHaveLength(before + 20 - atCommit);
    expect(atCommit - before).toBeLessThan(20);
  });

  it('a pause waits for what began before it, and keeps what comes while it waits from beginning', async () => {
    const said: string[] = [];
    let end = (): void => undefined;
    const gate = new Promise<void>((resolve) => (end = resolve));
    let began = (): void => undefined;
    const inside = new Promise<void>((resolve) => (began = resolve));
    const first = inTransaction(database.db, 'first', async (tx) => {
      said.push(`first ${String(await isPausedThroughout(tx, { book: 'test', work: 'selling' }))}`);
      began();
      await gate;
      said.push('first ends');
    });
    await inside;
    const pause = turn('selling', true).then(() => said.push('paused'));
    await vi.waitFor(async () => expect(await waitingForLock()).toBe(1), {
      timeout: seconds(20),
      interval: 5,
    });
    const second = buy().then(({ started }) => said.push(`second ${started.outcome}`));
    await vi.waitFor(async () => expect(await waitingForLock()).toBe(2), {
      timeout: seconds(20),
      interval: 5,
    });
    end();
    await Promise.all([first, pause, second]);
    expect(said.slice(0, 2)).toEqual(['first false', 'first ends']);
    expect(said.slice(2).sort()).toEqual(['paused', 'second selling_paused']);
  });
});

const waitingForLock = async (): Promise<number> => {
  const rows = await database.db.$queryRaw<{ n: bigint }[]>`
    SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  return Number(rows[0]?.n);
};

describe('while processing is paused', () => {
  it('neither the page that a customer comes back to nor the recheck settles what Stripe would say', async () => {
    const { customer, started } = await buy();
    if (started.outcome !== 'redirect') throw new Error(started.outcome);
    const { paymentId } = started;
    await shop.pay(paymentId);
    await turn('processing', true);
    const { realm, settings } = shop;
    const look = (now: number) =>
      seePayment(database.db, settingsAmong([{ realm, settings }]), {
        book: 'test',
        customerId: customer.id,
        paymentId,
        sessionId: null,
        now,
      });
    await look(0);
    expect(await look(seconds(10))).toMatchObject({ payment: { state: 'open' } });
    const later = new Date(Date.now() + hours(2));
    expect(await recheckPayments(database.db, settings, { realm, now: later })).toBe(0);
    await turn('processing', false);
    expect(await recheckPayments(database.db, settings, { realm, now: later })).toBeGreaterThan(0);
    expect(await look(seconds(20))).toMatchObject({ payment: { state: 'paid' } });
  });
});

describe('while top-ups are paused', () => {
  it('no card is charged and what was agreed to stays; the end of it asks for a look, which buys', async () => {
    const customer = await desk.turnedOn();
    await desk.spendSome(customer, 450n);
    await turn('top_ups', true);
    expect(await desk.review(customer)).toEqual({ outcome: 'held' });
    expect(await desk.sweep()).toBe(0);
    expect([await desk.boughtBy(customer), await desk.chargesOf(customer)]).toEqual([[], []]);
    expect(await desk.ruleOf(customer)).toMatchObject({ state: 'on', consent: { n: 1 } });
    expect(await sweepsAsked()).toBe(0);
    await turn('top_ups', false);
    expect(await sweepsAsked()).toBe(1);
    expect(await desk.sweep()).toBeGreaterThan(0);
    expect(await desk.chargesOf(customer)).toHaveLength(1);
  });
});

const sweepsAsked = async (): Promise<number> => {
  const rows = await database.db.$queryRaw<{ n: bigint }[]>`
    SELECT count(*) AS n FROM graphile_worker.jobs WHERE task_identifier = 'credits.sweep'`;
  return Number(rows[0]?.n);
};
