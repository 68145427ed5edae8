import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { expectWholeBooks } from '../../app/modules/payments/testing/endings';
import { readObject, settingsAmong } from '../../app/modules/stripe/index.server';
import { applySubscription, mailPlan, seePlans } from '../../app/modules/subscriptions/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { days, minutes, toUnix, utcDay } from '../../app/platform/time';
import { type ApiFault } from '../stripe-sandbox/settings';
import { change } from '../stripe-sandbox/testing/money';
import { until } from '../stripe-sandbox/testing/under-test';
import { useTestDatabase } from '../support/test-database';
import { openPlanShop, type PlanShop, type Subscriber } from './testing/plan-shop';
import { ONE_SENDING } from './testing/sandbox-shop';

const database = useTestDatabase();
let shop: PlanShop;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
});
afterEach(() => setFaults([]));
afterAll(() => shop.sandbox.stop());

async function setFaults(api: ApiFault[]): Promise<void> {
  const answer = await fetch(`${shop.sandbox.url}/_control/faults`, {
    method: 'PUT',
    body: JSON.stringify({ api }),
  });
  expect(answer.status).toBe(200);
}

const updates = (effect: ApiFault['effect'], times: number): ApiFault => ({
  ...{ method: 'POST', path: '/v1/subscriptions', effect, times },
});
const newSubscriber = async (): Promise<Subscriber> => shop.subscriber(await shop.newClock());
const acts = (customer: Subscriber) =>
  database.db.subscriptionAct.findMany({
    where: { subscription: { customerId: customer.id } },
    select: { kind: true, state: true },
  });

describe('a change of a plan', () => {
  it('whose answer was lost is not asked twice, and is known and done once the sweep has looked', async () => {
    const nora = await newSubscriber();
    await shop.subscribe(nora);
    await shop.hear(nora);
    await setFaults([updates('lost_answer', ONE_SENDING)]);
    expect(await shop.change(nora, 'plus')).toEqual({ outcome: 'unknown' });
    expect(await shop.change(nora, 'plus')).toEqual({ outcome: 'busy' });
    expect(await acts(nora)).toEqual([{ kind: 'upgrade', state: 'asked' }]);
    await shop.sweep();
    await shop.hear(nora);
    expect(await acts(nora)).toEqual([{ kind: 'upgrade', state: 'done' }]);
    const end = await shop.endOf(nora);
    expect(end).toMatchObject({ plans: [{ status: 'active', plan: 'plus' }], available: 4_000n });
    expect(end.payments.map(({ paid }) => paid)).toEqual([1_000n, 2_500n]);
    await expectWholeBooks(database.db);
  });

  it('that Stripe failed and never made is over after two looks, has changed nothing, and can be asked for again', async () => {
    const nora = await newSubscriber();
    await shop.subscribe(nora);
    await shop.hear(nora);
    await setFaults([updates('server_error', 1)]);
    expect(await shop.change(nora, 'plus')).toEqual({ outcome: 'unknown' });
    await shop.sweep();
    expect(await acts(nora)).toEqual([{ kind: 'upgrade', state: 'asked' }]);
    await shop.sweep(minutes(13));
    expect(await acts(nora)).toEqual([{ kind: 'upgrade', state: 'refused' }]);
    expect(await shop.endOf(nora)).toMatchObject({ plans: [{ plan: 'basic' }], available: 1_000n });
    expect(await shop.change(nora, 'plus')).toEqual({ outcome: 'done' });
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({ plans: [{ plan: 'plus' }], available: 4_000n });
  });
});

describe('a subscription', () => {
  it('that was read before another read was kept tells nothing, and one that was read after it does', async () => {
    const nora = await newSubscriber();
    const stripeId = await shop.subscribe(nora);
    await shop.hear(nora);
    const read = async () => {
      const readAt = new Date();
      const fact = await readObject(shop.settings, { object: 'subscription', id: stripeId });
      if (fact?.kind !== 'subscription') throw new Error(`${stripeId} is no subscription.`);
      return { ...fact, readAt };
    };
    const keep = (fact: Awaited<ReturnType<typeof read>>) =>
      inTransaction(database.db, 'keep', (tx) =>
        applySubscription(tx, fact, {
          ...{ realmId: shop.realm.id, book: 'test', cause: 'test', at: new Date(), evidence: [fact] },
        }),
      );
    const before = await read();
    await shop.change(nora, 'cancel');
    expect(await keep(before)).toMatchObject({ decision: 'stale', reason: 'read_again_since' });
    expect(await shop.endOf(nora)).toMatchObject({ plans: [{ isEnding: true }] });

    const { id: row } = await database.db.subscription.findFirstOrThrow({ where: { stripeId } });
    await shop.stripe.subscriptions.update(stripeId, { cancel_at_period_end: false });
    const after = { ...(await read()), readAt: new Date(Date.now() + days(1)) };
    expect(await keep(after)).toMatchObject({ decision: 'applied', effects: [row] });
    expect(await shop.endOf(nora)).toMatchObject({ plans: [{ isEnding: false }] });
  });
});

describe('a customer back from Stripe’s page', () => {
  it('sees the plan and has its credits while no webhook comes, and nothing twice once they come', async () => {
    const nora = await newSubscriber();
    await shop.subscribe(nora);
    const order = await database.db.subscriptionOrder.findFirstOrThrow({ where: { customerId: nora.id } });
    const look = () =>
      seePlans(database.db, settingsAmong([shop]), {
        ...{ book: 'test', customerId: nora.id, cameBackFor: order.id },
      });
    const seen = await until(async () => {
      const { plans, isAwaited } = await look();
      return !isAwaited && plans;
    });
    expect(seen).toMatchObject([{ state: 'active', plan: { name: 'basic' } }]);
    const whole = { orders: ['linked'], payments: [{ state: 'paid', paid: 1_000n }], available: 1_000n };
    await until(async () => (await shop.endOf(nora)).payments.length > 0);
    expect(await shop.endOf(nora)).toMatchObject(whole);
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject(whole);
    await expectWholeBooks(database.db);
  });

  it('is shown what is known when Stripe does not answer, and another’s order tells them nothing', async () => {
    const nora = await newSubscriber();
    await shop.subscribe(nora);
    const order = await database.db.subscriptionOrder.findFirstOrThrow({ where: { customerId: nora.id } });
    const look = (customerId: string) =>
      seePlans(database.db, settingsAmong([shop]), {
        ...{ book: 'test', customerId, cameBackFor: order.id },
      });
    const stranger = await newSubscriber();
    expect(await look(stranger.id)).toEqual({ plans: [], isAwaited: false });
    await setFaults([{ method: 'GET', path: '/v1', effect: 'unavailable', times: null }]);
    expect(await look(nora.id)).toEqual({ plans: [], isAwaited: true });
  });

  it('and whose plan comes between the two reads of the page is not told that there is none', async () => {
    const nora = await newSubscriber();
    await shop.subscribe(nora);
    const order = await database.db.subscriptionOrder.findFirstOrThrow({ where: { customerId: nora.id } });
    // why: the events come just after the plans were read, which no clock can bring about.
    const plans = new Proxy(database.db.subscription, {
      get: (table, name): unknown =>
        name === 'findMany'
          ? async (args: Parameters<typeof table.findMany>[0]) => {
              const rows = await table.findMany(args);
              await shop.hear(nora);
              return rows;
            }
          : Reflect.get(table, name),
    });
    const db = new Proxy(database.db, {
      get: (client, name): unknown => (name === 'subscription' ? plans : Reflect.get(client, name)),
    });
    const of = { book: 'test', customerId: nora.id, cameBackFor: order.id } as const;
    // Without a key it waits for the events alone.
    expect(await seePlans(db, settingsAmong([]), of)).toEqual({ plans: [], isAwaited: true });
    const later = await seePlans(database.db, settingsAmong([]), of);
    expect(later).toMatchObject({ plans: [{ state: 'active' }], isAwaited: false });
  });
});

describe('the mail of a renewal that failed', () => {
  async function refusedAtRenewal(): Promise<{ nora: Subscriber; stripeId: string }> {
    const nora = await newSubscriber();
    const stripeId = await shop.subscribe(nora);
    await shop.hear(nora);
    const { id: bad } = await shop.cardOf(nora, 'pm_card_chargeCustomerFail');
    await shop.stripe.subscriptions.update(stripeId, { default_payment_method: bad });
    await shop.renew(stripeId);
    await shop.hear(nora);
    return { nora, stripeId };
  }

  it('is written once with what is owed and where to pay it, and not at all once that is paid', async () => {
    const { nora, stripeId } = await refusedAtRenewal();
    const { id, owedInvoice } = await database.db.subscription.findFirstOrThrow({ where: { stripeId } });
    const invoiceId = owedInvoice ?? '';
    const tell = (mail: 'payment_failed' | 'action_required') =>
      mailPlan(database.db, { subscriptionId: id, invoiceId, mail }, 'https://credits.test');
    await tell('payment_failed');
    await tell('payment_failed');
    const mails = () => database.db.mail.findMany({ where: { recipient: nora.email } });
    const [mail, ...others] = await mails();
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('The payment for your plan did not go through');
    for (const words of ['$10.00', 'basic', 'https://credits.test/plan']) expect(mail?.text).toContain(words);

    const card = await shop.cardOf(nora, 'pm_card_visa');
    await shop.stripe.invoices.pay(invoiceId, { payment_method: card.id });
    await shop.hear(nora);
    await tell('action_required');
    expect(await mails()).toHaveLength(1);
  });

  it('names the day of the next try, and says so where there is none', async () => {
    const { nora, stripeId } = await refusedAtRenewal();
    const row = await database.db.subscription.findFirstOrThrow({ where: { stripeId } });
    const { id: subscriptionId, owedInvoice, nextTryAt } = row;
    const { next_payment_attempt: next } = await shop.stripe.invoices.retrieve(owedInvoice ?? '');
    expect(toUnix(nextTryAt ?? new Date(0))).toBe(next);
    const mailed = async (): Promise<string> => {
      const mail = { subscriptionId, invoiceId: owedInvoice ?? '', mail: 'payment_failed' as const };
      await mailPlan(database.db, mail, 'https://credits.test');
      const { id, text } = await database.db.mail.findFirstOrThrow({ where: { recipient: nora.email } });
      await database.db.mail.delete({ where: { id } });
      return text;
    };
    expect(await mailed()).toContain(`tried again on ${utcDay(nextTryAt ?? new Date(0))};`);
    await change(shop.sandbox, { invoiceRetryEnd: 'past_due' });
    await shop.pass(stripeId, days(20));
    await change(shop.sandbox, { invoiceRetryEnd: 'cancel' });
    await shop.hear(nora);
    expect(await mailed()).toContain('not tried again by itself');
  });
});
