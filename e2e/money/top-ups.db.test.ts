import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { readTopUp } from '../../app/modules/credits/read-top-up.server';
import { bookDue, hold, verifyLedger } from '../../app/modules/ledger/index.server';
import { recheckPayments } from '../../app/modules/payments/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { newId } from '../../app/platform/ids.server';
import { hours, minutes } from '../../app/platform/time';
import { useTestStore } from './testing/store';
import { openTopUpDesk, type TopUpDesk } from './testing/top-up-desk';

/** A customer's saved card buys 500 credits for $5 when fewer than 100 are left, for at most $20 in a month. */
const store = useTestStore();
let desk: TopUpDesk;
beforeAll(() => {
  desk = openTopUpDesk(store.db, store.shop);
});
/** What one test leaves unknown is no work of the next one's sweeps. */
afterEach(async () => {
  await store.db.stripeCall.updateMany({ where: { state: 'open' }, data: { state: 'refused' } });
});
afterAll(async () => {
  expect(await verifyLedger(store.db)).toEqual([]);
});

const CARD_CHARGES = { method: 'POST', path: '/v1/payment_intents' };

describe('agreeing', () => {
  it('keeps the words, the terms and who agreed, and is on once the card is saved', async () => {
    const customer = await store.shop.newCustomer();
    expect(await desk.agreeTo(customer, {}, { useSavedCard: false })).toMatchObject({ outcome: 'redirect' });
    expect(await desk.ruleOf(customer)).toMatchObject({ state: 'waiting', consent: null });
    await desk.saveOnPage(customer);
    await desk.hear(customer);
    expect(await desk.ruleOf(customer)).toMatchObject({
      state: 'on',
      card: { last4: '4242', brand: 'visa', isGone: false },
      consent: {
        ...{ n: 1, threshold: 100n, packCode: 'starter', credits: 500n, amount: 500n, monthlyCap: 2_000n },
        ...{ currency: 'usd', actor: `customer:${customer.id}`, ip: '203.0.113.7', agent: 'Test Browser' },
        words:
          'Each time I have fewer than 100 credits left, my saved card may be charged $5.00 at most for the pack Starter ' +
          'with at least 500 credits, and in no calendar month (UTC) more than $20.00 in all. This holds until I switch it off.',
      },
      changes: [
        { n: 1, to: 'waiting' },
        { n: 2, from: 'waiting', to: 'on' },
      ],
    });
    expect(await desk.asked(customer)).toBe(1);
  });

  it('anew adds a consent, and no consent, change or purchase is ever rewritten', async () => {
    const customer = await desk.turnedOn();
    expect(await desk.agreeTo(customer, { threshold: 250n })).toEqual({ outcome: 'on' });
    expect(await desk.ruleOf(customer)).toMatchObject({ state: 'on', consent: { n: 2, threshold: 250n } });
    const { id: ruleId } = await desk.ruleOf(customer);
    expect(await store.db.topUpConsent.count({ where: { ruleId } })).toBe(2);
    const refused = /history is corrected by new rows/;
    await expect(store.db.topUpConsent.updateMany({ data: { monthlyCap: 9_000n } })).rejects.toThrow(refused);
    await expect(store.db.topUpConsent.deleteMany({})).rejects.toThrow(refused);
    await expect(store.db.topUpChange.deleteMany({})).rejects.toThrow(refused);
    await expect(store.db.$executeRaw`DELETE FROM top_up`).rejects.toThrow(refused);
  });

  it('is refused for less than what it would ever buy, for a pack that is not sold, and at a price that is over', async () => {
    const customer = await store.shop.newCustomer();
    expect(await desk.agreeTo(customer, { monthlyCap: 499n })).toEqual({ outcome: 'cap_below_price' });
    expect(await desk.agreeTo(customer, { packCode: 'none' })).toEqual({ outcome: 'unknown_pack' });
    expect(await desk.agreeTo(customer, { amount: 499n })).toEqual({ outcome: 'price_changed' });
    expect(await desk.agreeTo(customer, { credits: 501n })).toEqual({ outcome: 'price_changed' });
    expect(await store.db.topUpRule.count({ where: { customerId: customer.id } })).toBe(0);
  });

  it('saves the card once, whether its event or the way back brings it first', async () => {
    const customer = await store.shop.newCustomer();
    await desk.agreeTo(customer, {}, { useSavedCard: false });
    await desk.saveOnPage(customer);
    await desk.hear(customer);
    await desk.inbox.replayAll((await desk.eventsOf(customer)).map(({ id }) => id));
    await desk.inbox.drain();
    expect(await store.db.savedCard.count({ where: { customerId: customer.id } })).toBe(1);
    expect((await desk.ruleOf(customer)).changes).toHaveLength(2);
  });
});

describe('an act that takes the credits below what was set', () => {
  it('asks for a look in its own transaction, once, and one that does not cross it asks for none', async () => {
    const customer = await desk.turnedOn();
    await desk.forgetJobs();
    await desk.spendSome(customer, 400n);
    expect(await desk.asked(customer)).toBe(0);
    await desk.spendSome(customer, 1n);
    await desk.spendSome(customer, 1n);
    expect(await desk.asked(customer)).toBe(1);
  });

  it('may be a hold', async () => {
    const customer = await desk.turnedOn();
    await desk.forgetJobs();
    const asked = { book: 'test' as const, customerId: customer.id, key: newId('req'), actor: 'test' };
    await inTransaction(store.db, 'hold', (tx) => hold(tx, { ...asked, amount: 450n }));
    expect(await desk.asked(customer)).toBe(1);
  });

  it('may be the end of what was not spent', async () => {
    const customer = await desk.turnedOn({}, { credits: 0n });
    await desk.review(customer);
    await desk.forgetJobs();
    const setClock = (offset: string) =>
      store.db.$executeRawUnsafe(
        `CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() + interval '${offset}' $$`,
      );
    await setClock('366 days');
    await bookDue(store.db);
    await setClock('0');
    expect(await desk.available(customer)).toBe(0n);
    expect(await desk.asked(customer)).toBe(1);
  });

  it('that is rolled back asks for nothing', async () => {
    const customer = await desk.turnedOn();
    await desk.forgetJobs();
    const asked = { book: 'test' as const, customerId: customer.id, key: newId('req'), actor: 'test' };
    await expect(
      inTransaction(store.db, 'rolled back', async (tx) => {
        await hold(tx, { ...asked, amount: 450n });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await desk.asked(customer)).toBe(0);
  });
});

describe('buying', () => {
  it('charges the saved card once, and its credits are there with a receipt', async () => {
    const customer = await desk.turnedOn();
    await desk.spendSome(customer, 450n);
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought', answer: 'succeeded' });
    expect(await desk.available(customer)).toBe(550n);
    await desk.hear(customer);
    expect(await desk.review(customer)).toEqual({ outcome: 'enough_left' });
    expect(await desk.boughtBy(customer)).toMatchObject([
      { state: 'paid', kind: 'topup', amountPaid: 500n, credits: 500n, card: 'visa •••• 4242' },
    ]);
    expect(await desk.chargesOf(customer)).toMatchObject([{ amount: 500, status: 'succeeded' }]);
    const [topUp] = await store.db.topUp.findMany({ where: { rule: { customerId: customer.id } } });
    const rule = await desk.ruleOf(customer);
    expect(topUp).toMatchObject({ consentId: rule.consentId, cardId: rule.cardId });
  });

  it('happens once when many spends cross at once and many workers look', { timeout: 60_000 }, async () => {
    for (let round = 1; round <= 4; round += 1) {
      const customer = await desk.turnedOn();
      await Promise.all(Array.from({ length: 20 }, () => desk.spendSome(customer, 24n)));
      const looks = await Promise.all(Array.from({ length: 10 }, () => desk.review(customer)));
      expect(looks.filter(({ outcome }) => outcome === 'bought')).toHaveLength(1);
      await desk.hear(customer);
      expect(await desk.chargesOf(customer)).toHaveLength(1);
      expect(await desk.available(customer)).toBe(520n);
    }
  });

  it('is refused a second time by the database while the first is unfinished', async () => {
    const customer = await desk.turnedOn();
    const row = {
      ...{ realmId: store.shop.realm.id, customerId: customer.id, kind: 'topup' as const },
      ...{ credits: 500n, currency: 'usd', amountSubtotal: 500n },
    };
    const first = await store.db.payment.create({ data: { id: newId('pay'), ...row } });
    await expect(store.db.payment.create({ data: { id: newId('pay'), ...row } })).rejects.toThrow();
    await store.db.payment.update({ where: { id: first.id }, data: { state: 'processing' } });
    await expect(store.db.payment.create({ data: { id: newId('pay'), ...row } })).rejects.toThrow();
    await desk.spendSome(customer, 450n);
    expect(await desk.review(customer)).toEqual({ outcome: 'unfinished' });
    await store.db.payment.update({ where: { id: first.id }, data: { state: 'failed' } });
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought' });
  });

  it('goes on until enough is there', async () => {
    const customer = await desk.turnedOn({ threshold: 900n, monthlyCap: 5_000n });
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought' });
    expect(await desk.review(customer)).toEqual({ outcome: 'enough_left' });
    await desk.spendSome(customer, 700n);
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought' });
    expect(await desk.available(customer)).toBe(800n);
    expect(await desk.asked(customer)).toBe(1);
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought' });
  });

  it('is made up for by the sweep when the look was lost', async () => {
    const customer = await desk.turnedOn();
    await desk.spendSome(customer, 450n);
    await desk.forgetJobs();
    expect(await desk.sweep()).toBeGreaterThan(0);
    await desk.sweep();
    expect(await desk.available(customer)).toBe(550n);
    expect(await desk.chargesOf(customer)).toHaveLength(1);
  });

  it('takes the price of the day when it is lower, in the currency that was agreed to', async () => {
    const customer = await desk.turnedOn({ currency: 'jpy', amount: 800n, monthlyCap: 5_000n });
    await desk.spendSome(customer, 450n);
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought', answer: 'succeeded' });
    expect(await desk.boughtBy(customer)).toMatchObject([
      { currency: 'jpy', amountPaid: 780n, state: 'paid' },
    ]);
    expect(await desk.chargesOf(customer)).toMatchObject([{ amount: 780, currency: 'jpy' }]);
  });

  it('is not done for a customer whose top-up is off, however low they are', async () => {
    const customer = await store.shop.newCustomer();
    expect(await desk.review(customer)).toEqual({ outcome: 'not_on' });
  });
});

describe('the monthly cap', () => {
  it('holds back what would go beyond it, and says so once', async () => {
    const customer = await desk.turnedOn({ monthlyCap: 900n });
    await desk.spendSome(customer, 450n);
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought' });
    await desk.spendSome(customer, 500n);
    expect(await desk.review(customer)).toEqual({ outcome: 'cap_reached' });
    expect(await desk.review(customer)).toEqual({ outcome: 'cap_reached' });
    expect(await desk.ruleOf(customer)).toMatchObject({ state: 'on' });
    expect(await desk.chargesOf(customer)).toHaveLength(1);
  });

  it('counts what is under way', async () => {
    const customer = await desk.turnedOn({ monthlyCap: 900n });
    await store.setFaults({ ...CARD_CHARGES, effect: 'unavailable', times: null });
    await desk.spendSome(customer, 450n);
    const bought = await desk.review(customer);
    expect(bought).toMatchObject({ outcome: 'bought', answer: 'unknown' });
    const { month } = await readTopUp(store.db, {
      ...{ realmId: store.shop.realm.id, customerId: customer.id, now: new Date() },
    });
    expect(month).toMatchObject({ used: 500n, cap: 900n, isReached: true });
    // As if the first stood in nobody's way, with its money still on the way.
    const [payment] = await desk.boughtBy(customer);
    const data = { state: 'review' as const, reviewReason: 'test' };
    await store.db.payment.update({ where: { id: payment?.id ?? '' }, data });
    expect(await desk.review(customer)).toEqual({ outcome: 'cap_reached' });
  });

  it('is one for the month of who agrees anew in another currency', async () => {
    const customer = await desk.turnedOn({ monthlyCap: 900n });
    await desk.spendSome(customer, 450n);
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought' });
    // 500 credits are bought by now: ¥800 of what is agreed to next.
    const yen = { currency: 'jpy', amount: 800n };
    await desk.agreeTo(customer, { ...yen, monthlyCap: 1_500n });
    const { month } = await readTopUp(store.db, {
      ...{ realmId: store.shop.realm.id, customerId: customer.id, now: new Date() },
    });
    expect(month).toMatchObject({ used: 800n, ofOthers: 800n, cap: 1_500n, isReached: true });
    await desk.spendSome(customer, 500n);
    expect(await desk.review(customer)).toEqual({ outcome: 'cap_reached' });
    await desk.agreeTo(customer, { ...yen, monthlyCap: 1_600n });
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought' });
  });

  it('begins anew with the month, by UTC', async () => {
    const customer = await desk.turnedOn({ monthlyCap: 900n });
    await desk.spendSome(customer, 450n);
    const lastDay = new Date(Date.UTC(2026, 10, 30, 23, 59, 59, 999));
    expect(await desk.review(customer, { now: lastDay })).toMatchObject({ outcome: 'bought' });
    await desk.spendSome(customer, 500n);
    expect(await desk.review(customer, { now: lastDay })).toEqual({ outcome: 'cap_reached' });
    const firstDay = new Date(lastDay.getTime() + 1);
    expect(await desk.review(customer, { now: firstDay })).toMatchObject({ outcome: 'bought' });
  });
});

describe('an answer of Stripe’s that was lost', () => {
  it('is asked for again under the same key: one charge, one grant', async () => {
    const customer = await desk.turnedOn();
    await desk.spendSome(customer, 450n);
    await store.setFaults({ ...CARD_CHARGES, effect: 'lost_answer', times: 2 });
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought', answer: 'unknown' });
    expect(await desk.chargesOf(customer)).toHaveLength(1);
    expect(await desk.review(customer)).toEqual({ outcome: 'unfinished' });
    expect(await desk.sweepAnswers()).toBe(1);
    await desk.hear(customer);
    expect(await desk.chargesOf(customer)).toHaveLength(1);
    expect(await desk.available(customer)).toBe(550n);
  });

  it('is found by our metadata when its key is too old', async () => {
    const customer = await desk.turnedOn();
    await desk.spendSome(customer, 450n);
    await store.setFaults({ ...CARD_CHARGES, effect: 'lost_answer', times: 2 });
    await desk.review(customer);
    const [payment] = await desk.boughtBy(customer);
    await store.db.stripeCall.updateMany({
      where: { purpose: payment?.id ?? '' },
      data: { firstSentAt: new Date(Date.now() - hours(21)), dueAt: new Date() },
    });
    expect(await desk.sweepAnswers()).toBe(1);
    expect(await desk.boughtBy(customer)).toMatchObject([{ state: 'paid' }]);
    expect(await desk.available(customer)).toBe(550n);
  });

  it('to a charge that never was ends it, and the next look buys without a pause', async () => {
    const customer = await desk.turnedOn();
    await desk.spendSome(customer, 450n);
    await store.setFaults({ ...CARD_CHARGES, effect: 'unavailable', times: null });
    await desk.review(customer);
    const [payment] = await desk.boughtBy(customer);
    await store.db.stripeCall.updateMany({
      where: { purpose: payment?.id ?? '' },
      data: { firstSentAt: new Date(Date.now() - hours(21)), dueAt: new Date() },
    });
    await desk.sweepAnswers(minutes(1));
    await desk.sweepAnswers(minutes(13));
    expect(await desk.boughtBy(customer)).toMatchObject([{ state: 'failed', failureCode: null }]);
    await store.setFaults();
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought', answer: 'succeeded' });
    expect(await desk.available(customer)).toBe(550n);
  });
});

it('a charge that its bank is slow about is looked at by itself until it is over', async () => {
  const customer = await desk.turnedOn();
  await desk.spendSome(customer, 450n);
  await store.setFaults({ ...CARD_CHARGES, effect: 'lost_answer', times: 2 });
  await desk.review(customer);
  const [[payment], [charge]] = [await desk.boughtBy(customer), await desk.chargesOf(customer)];
  const id = payment?.id ?? '';
  const processing = { state: 'processing' as const, stripeIntent: charge?.id ?? '' };
  await store.db.payment.update({ where: { id }, data: processing });
  expect(await desk.review(customer)).toEqual({ outcome: 'unfinished' });
  await recheckPayments(store.db, store.shop.settings, {
    ...{ realm: store.shop.realm, now: new Date(Date.now() + minutes(6)) },
  });
  expect(await desk.boughtBy(customer)).toMatchObject([{ state: 'paid' }]);
  expect(await desk.available(customer)).toBe(550n);
});

it('a charge whose answer is awaited is not given up by the look at payments that stay open', async () => {
  const customer = await desk.turnedOn();
  await desk.spendSome(customer, 450n);
  await store.setFaults({ ...CARD_CHARGES, effect: 'unavailable', times: 2 });
  await desk.review(customer);
  await recheckPayments(store.db, store.shop.settings, {
    ...{ realm: store.shop.realm, now: new Date(Date.now() + minutes(6)) },
  });
  expect(await desk.boughtBy(customer)).toMatchObject([{ state: 'created' }]);
});
