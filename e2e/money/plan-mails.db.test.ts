import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { spend } from '../../app/modules/ledger/index.server';
import { type SentEvent } from '../../app/modules/payments/testing/driven-inbox';
import { mailEnd } from '../../app/modules/subscriptions/index.server';
import { newId } from '../../app/platform/ids.server';
import { days, minutes, utcDay } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { openPlanShop, type PlanCode, type PlanShop, type Subscriber } from './testing/plan-shop';
import { bodyIn } from './testing/sandbox-shop';

const database = useTestDatabase();
let shop: PlanShop;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
});
afterAll(() => shop.sandbox.stop());

const APP = 'https://credits.test';
const key = z.array(
  z.object({ key: z.string(), subscription: z.string(), mail: z.enum(['ended', 'trial_ending']) }),
);

/** Does what is queued about the ends of a customer's plans, as a worker does, and answers all mails of it so far. */
async function mailsOf(customer: Subscriber) {
  const { db } = database;
  const rows = await db.$queryRaw`
    SELECT j.key, s.id AS subscription, split_part(j.key, ':', 3) AS mail FROM graphile_worker.jobs j
    JOIN subscription s ON j.key LIKE 'subscriptions.mail_end:' || s.id || ':%' WHERE s.customer = ${customer.id}`;
  for (const { key: job, subscription: subscriptionId, mail } of key.parse(rows)) {
    await mailEnd(db, { subscriptionId, mail }, { appUrl: APP, now: new Date() });
    await db.$executeRaw`SELECT graphile_worker.remove_job(${job})`;
  }
  return db.mail.findMany({
    where: { recipient: customer.email, kind: { startsWith: 'subscriptions.' } },
    orderBy: { createdAt: 'asc' },
  });
}

async function subscribed(plan: PlanCode = 'basic'): Promise<{ nora: Subscriber; id: string }> {
  const nora = await shop.subscriber(await shop.newClock());
  const id = await shop.subscribe(nora, plan);
  await shop.hear(nora);
  return { nora, id };
}

const rowOf = (stripeId: string) => database.db.subscription.findFirstOrThrow({ where: { stripeId } });
const expiryOf = async (customer: Subscriber): Promise<string> =>
  utcDay((await shop.endOf(customer)).lots[0]?.expiresAt ?? new Date(0));

describe('the mail that a plan has ended', () => {
  it('says that its customer asked for it, and until when what is left can be spent', async () => {
    const { nora, id } = await subscribed();
    await shop.change(nora, 'cancel');
    await shop.hear(nora);
    expect(await mailsOf(nora)).toEqual([]);
    await shop.renew(id);
    await shop.hear(nora);
    const [mail, ...others] = await mailsOf(nora);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('basic has ended');
    for (const words of ['as you asked', 'spend 1,000 credits', await expiryOf(nora), `${APP}/#plans`])
      expect(mail?.text).toContain(words);
  });

  it('is one, in whatever order and however often its end is told, and replayed', async () => {
    const { nora, id } = await subscribed();
    await shop.stripe.subscriptions.update(id, { metadata: { note: 'one more event' } });
    await shop.stripe.subscriptions.cancel(id);
    const events = await shop.eventsOf(nora);
    await shop.bring([...events].reverse());
    expect(await mailsOf(nora)).toHaveLength(1);
    await shop.bring(events);
    await shop.inbox.replayAll(events.map((event) => event.id));
    await shop.settle();
    expect(await mailsOf(nora)).toHaveLength(1);
    // Also where the worker forgot that it was queued before.
    const { id: subscriptionId } = await rowOf(id);
    await mailEnd(database.db, { subscriptionId, mail: 'ended' }, { appUrl: APP, now: new Date() });
    expect(await mailsOf(nora)).toHaveLength(1);
  });

  it('says that we ended it where it ends before its period does', async () => {
    const { nora, id } = await subscribed();
    await shop.pass(id, days(4));
    await shop.stripe.subscriptions.cancel(id);
    await shop.hear(nora);
    const of = { book: shop.realm.mode, customerId: nora.id, actor: 'test' };
    await spend(database.db, { ...of, amount: 1_000n, key: newId('req') });
    const [mail] = await mailsOf(nora);
    expect(mail?.text).toContain('we ended basic on');
    expect(mail?.text).toContain('None of its credits are left');
  });

  it('says that its payment did not go through', async () => {
    const { nora, id } = await subscribed();
    const { id: bad } = await shop.cardOf(nora, 'pm_card_chargeCustomerFail');
    await shop.stripe.subscriptions.update(id, { default_payment_method: bad });
    await shop.renew(id);
    await shop.hear(nora);
    expect(await mailsOf(nora)).toEqual([]);
    await shop.pass(id, days(28));
    await shop.hear(nora);
    expect(await rowOf(id)).toMatchObject({ status: 'canceled', endReason: 'payment_failed' });
    const [mail] = await mailsOf(nora);
    for (const words of ['the payment of $10.00 for it did not go through', 'is not tried again'])
      expect(mail?.text).toContain(words);
  });

  it('tells of a second plan that we ended, and leads to the one that goes on', async () => {
    const nora = await shop.subscriber(await shop.newClock());
    const stripeId = await shop.buyTwo(nora);
    await shop.renew(stripeId);
    await shop.hear(nora);
    const [mail, ...others] = await mailsOf(nora);
    expect(others).toEqual([]);
    expect(mail?.text).toContain('beside the plan that you have');
    expect(mail?.text).toContain(`${APP}/plan`);
  });

  it('is written within a week of the end, and not of what is history by then', async () => {
    const { nora, id } = await subscribed();
    await shop.stripe.subscriptions.cancel(id);
    await shop.hear(nora);
    const { id: subscriptionId, endedAt } = await rowOf(id);
    const heardAfter = (time: number) =>
      mailEnd(
        database.db,
        { subscriptionId, mail: 'ended' },
        { appUrl: APP, now: new Date((endedAt?.getTime() ?? 0) + time) },
      );
    await heardAfter(days(8));
    expect(
      await database.db.mail.count({ where: { kind: 'subscriptions.ended', recipient: nora.email } }),
    ).toBe(0);
    await heardAfter(days(6));
    expect(await mailsOf(nora)).toHaveLength(1);
  });
});

describe('the mail that a trial ends', () => {
  const nearEnd = async () => {
    const { nora, id } = await subscribed('tried');
    await shop.pass(id, days(11) + minutes(5));
    return { nora, id, trialEnd: (await rowOf(id)).trialEnd ?? new Date(0) };
  };

  it('comes three days before, once, with its day, its price and how to stop it', async () => {
    const { nora, id, trialEnd } = await nearEnd();
    expect(await mailsOf(nora)).toEqual([]);
    await shop.hear(nora);
    const { id: subscriptionId } = await rowOf(id);
    const tooLate = { appUrl: APP, now: new Date(trialEnd.getTime() + minutes(1)) };
    await mailEnd(database.db, { subscriptionId, mail: 'trial_ending' }, tooLate);
    const [mail, ...others] = await mailsOf(nora);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe(`Your trial of tried ends on ${utcDay(trialEnd)}`);
    for (const words of ['$10.00 a month', '1,000 credits', 'cancel on the page', `${APP}/plan`])
      expect(mail?.text).toContain(words);
    await shop.hear(nora);
    const events = await shop.eventsOf(nora);
    await shop.inbox.replayAll(events.map((event) => event.id));
    await shop.settle();
    expect(await mailsOf(nora)).toHaveLength(1);
  });

  it('comes also by an event of another API version, and not to who canceled meanwhile', async () => {
    const { nora } = await nearEnd();
    const events = (await shop.eventsOf(nora)).map((event): SentEvent =>
      event.type === 'customer.subscription.trial_will_end'
        ? { ...event, body: bodyIn(JSON.parse(event.body), '2024-06-20') }
        : event,
    );
    await shop.bring(events);
    await shop.change(nora, 'cancel');
    expect(await mailsOf(nora)).toEqual([]);
    await shop.change(nora, 'resume');
    await shop.inbox.replayAll(events.map((event) => event.id));
    await shop.settle();
    expect(await mailsOf(nora)).toHaveLength(1);
  });

  it('does not come when its event is heard after the trial', async () => {
    const { nora, id } = await nearEnd();
    await shop.renew(id);
    await shop.hear(nora);
    expect(await rowOf(id)).toMatchObject({ status: 'active' });
    expect(await mailsOf(nora)).toEqual([]);
  });

  it('does not come for a paid period behind which another rhythm waits', async () => {
    const { nora, id } = await subscribed();
    await shop.change(nora, 'yearly');
    await shop.hear(nora);
    const { periodStart, periodEnd } = await rowOf(id);
    await shop.pass(id, periodEnd.getTime() - periodStart.getTime() - days(2));
    await shop.hear(nora);
    const told = (await shop.eventsOf(nora)).map(({ type }) => type);
    expect(told).toContain('customer.subscription.trial_will_end');
    expect(await rowOf(id)).toMatchObject({ status: 'trialing' });
    expect(await mailsOf(nora)).toEqual([]);
  });
});
