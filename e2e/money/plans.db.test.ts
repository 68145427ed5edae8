import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { expectWholeBooks } from '../../app/modules/payments/testing/endings';
import { addDays, openPlanShop, type PlanShop, type Subscriber } from './testing/plan-shop';
import { days } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';

const database = useTestDatabase();
let shop: PlanShop;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
});
afterAll(() => shop.sandbox.stop());

const newSubscriber = async (): Promise<Subscriber> => shop.subscriber(await shop.newClock());
const paid = (credits: bigint, cents: bigint) => ({
  ...{ state: 'paid', credits, paid: cents, isLinked: true, hasCard: true },
});
const MONTH = paid(1_000n, 1_000n);
/** From now on every charge of the customer is declined. */
async function declining(customer: Subscriber, subscription: string): Promise<void> {
  const { id } = await shop.cardOf(customer, 'pm_card_chargeCustomerFail');
  await shop.stripe.subscriptions.update(subscription, { default_payment_method: id });
}

const mailsOf = async (subscription: string): Promise<string[]> => {
  const rows = await database.db.$queryRaw`
    SELECT split_part(key, ':', 3) AS mail FROM graphile_worker.jobs
    WHERE key IN (SELECT 'subscriptions.mail:' || owed_invoice || ':' || m FROM subscription, unnest(ARRAY['payment_failed', 'action_required']) m
      WHERE id = ${subscription})`;
  return z
    .array(z.object({ mail: z.string() }))
    .parse(rows)
    .map(({ mail }) => mail);
};

const findings = async (subject: string) =>
  (await database.db.finding.findMany({ where: { subject } })).map(({ kind }) => kind);

describe('a plan', () => {
  it('grants its credits for each paid invoice, three renewals long, each until its own period is over', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora);
    const ends = [await shop.periodEnd(id)];
    for (let month = 1; month <= 3; month += 1) {
      await shop.renew(id);
      ends.push(await shop.periodEnd(id));
    }
    await shop.hear(nora);
    const end = await shop.endOf(nora);
    expect(end).toMatchObject({
      plans: [{ status: 'active', plan: 'basic', paid: 'basic', isEnding: false, owed: null }],
      payments: [MONTH, MONTH, MONTH, MONTH],
      available: 4_000n,
      orders: ['linked'],
    });
    expect(end.lots).toEqual(
      ends.map((at) => ({ kind: 'plan', granted: 1_000n, expiresAt: addDays(new Date(at * 1000), 3) })),
    );
    await expectWholeBooks(database.db);
  });

  it('of a renewal carries the metadata of the first period, a payment’s name too, and is granted all the same', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora);
    await shop.hear(nora);
    const [first] = await database.db.payment.findMany({ where: { customerId: nora.id } });
    await shop.stripe.subscriptions.update(id, { metadata: { credence_payment: first?.id ?? '' } });
    await shop.renew(id);
    await shop.renew(id);
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({ payments: [MONTH, MONTH, MONTH], available: 3_000n });
  });

  it('whose renewal fails is past due with the way to pay it, and is granted once it is paid', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora);
    await shop.hear(nora);
    await declining(nora, id);
    await shop.renew(id);
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      plans: [{ status: 'past_due', owed: 1_000n }],
      payments: [MONTH],
    });
    const {
      owedUrl,
      owedInvoice,
      id: row,
    } = await database.db.subscription.findFirstOrThrow({
      where: { stripeId: id },
    });
    expect(owedUrl).toContain(shop.sandbox.url);
    expect(await mailsOf(row)).toEqual(['payment_failed']);

    const card = await shop.cardOf(nora, 'pm_card_visa');
    await shop.stripe.invoices.pay(owedInvoice ?? '', { payment_method: card.id });
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      plans: [{ status: 'active', owed: null }],
      payments: [MONTH, MONTH],
      available: 2_000n,
    });
  });

  it('that is canceled runs to the end of what is paid, can be resumed until then, and ends', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora);
    await shop.hear(nora);
    expect(await shop.change(nora, 'resume')).toEqual({ outcome: 'not_possible' });
    expect(await shop.change(nora, 'cancel')).toEqual({ outcome: 'done' });
    expect(await shop.endOf(nora)).toMatchObject({ plans: [{ status: 'active', isEnding: true }] });
    expect(await shop.change(nora, 'cancel')).toEqual({ outcome: 'not_possible' });
    expect(await shop.change(nora, 'resume')).toEqual({ outcome: 'done' });
    expect(await shop.endOf(nora)).toMatchObject({ plans: [{ status: 'active', isEnding: false }] });
    await shop.change(nora, 'cancel');
    await shop.renew(id);
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({ plans: [{ status: 'canceled' }], payments: [MONTH] });
  });

  it('with a trial brings what its trial says, then its credits, and no second trial', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora, 'tried');
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      plans: [{ status: 'trialing', plan: 'tried', paid: undefined }],
      payments: [{ state: 'paid', credits: 100n, paid: 0n }],
      available: 100n,
    });
    await shop.renew(id);
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({ plans: [{ status: 'active' }], available: 1_100n });
    await shop.stripe.subscriptions.cancel(id);
    await shop.hear(nora);
    await shop.subscribe(nora, 'tried');
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      plans: [{ status: 'canceled' }, { status: 'active' }],
      available: 2_100n,
    });
  });

  it('that a code makes free is granted whole', async () => {
    const nora = await newSubscriber();
    const coupon = await shop.stripe.coupons.create({ percent_off: 100, duration: 'forever' });
    const { id: price } = await shop.priceOf('basic');
    await shop.cardOf(nora, 'pm_card_visa');
    await shop.stripe.subscriptions.create({
      ...{ customer: nora.stripeCustomer, items: [{ price }], discounts: [{ coupon: coupon.id }] },
    });
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      plans: [{ status: 'active', paid: 'basic' }],
      payments: [{ state: 'paid', credits: 1_000n, paid: 0n }],
      available: 1_000n,
    });
  });
});

describe('another plan', () => {
  it('for more begins now: a whole new period at its full price and credits, and nothing is taken back', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora);
    await shop.hear(nora);
    await shop.pass(id, days(10));
    expect(await shop.change(nora, 'plus')).toEqual({ outcome: 'done' });
    await shop.hear(nora);
    const end = await shop.endOf(nora);
    expect(end).toMatchObject({
      plans: [{ status: 'active', plan: 'plus', paid: 'plus' }],
      payments: [MONTH, paid(3_000n, 2_500n)],
      available: 4_000n,
    });
  });

  it('that the card cannot pay changes nothing', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora);
    await shop.hear(nora);
    await declining(nora, id);
    expect(await shop.change(nora, 'plus')).toEqual({ outcome: 'refused', isCard: true });
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      plans: [{ status: 'active', plan: 'basic', owed: null }],
      payments: [MONTH],
    });
  });

  it('for less comes with the next period', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora, 'plus');
    await shop.hear(nora);
    expect(await shop.change(nora, 'basic')).toEqual({ outcome: 'done' });
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      plans: [{ plan: 'basic', paid: 'plus' }],
      payments: [paid(3_000n, 2_500n)],
    });
    await shop.renew(id);
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      plans: [{ plan: 'basic', paid: 'basic' }],
      payments: [paid(3_000n, 2_500n), MONTH],
      available: 4_000n,
    });
  });

  it('of another rhythm comes when the paid period is over, and can be taken back until then', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora);
    await shop.hear(nora);
    const end = await shop.periodEnd(id);
    expect(await shop.change(nora, 'yearly')).toEqual({ outcome: 'done' });
    expect(await shop.periodEnd(id)).toBe(end);
    expect(await shop.change(nora, 'basic')).toEqual({ outcome: 'done' });
    expect(await shop.change(nora, 'yearly')).toEqual({ outcome: 'done' });
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      plans: [{ status: 'trialing', plan: 'yearly', paid: 'basic' }],
      payments: [MONTH],
    });
    await shop.renew(id);
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      plans: [{ status: 'active', plan: 'yearly', paid: 'yearly' }],
      payments: [MONTH, paid(12_000n, 10_000n)],
      available: 13_000n,
    });
  });

  it('rolls credits over when it says so', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora, 'plus');
    await shop.hear(nora);
    const end = new Date((await shop.periodEnd(id)) * 1000);
    const later = new Date(end);
    later.setUTCMonth(later.getUTCMonth() + 1);
    const [lot] = (await shop.endOf(nora)).lots;
    expect([addDays(later, 3), addDays(later, 2), addDays(later, 1), addDays(later, 0)]).toContainEqual(
      lot?.expiresAt,
    );
    expect(lot?.expiresAt.getTime()).toBeGreaterThan(addDays(end, 28).getTime());
  });
});

describe('a second plan', () => {
  it('is not begun while one goes on', async () => {
    const nora = await newSubscriber();
    await shop.subscribe(nora);
    await shop.hear(nora);
    expect(await shop.start(nora, 'plus')).toEqual({ outcome: 'already_subscribed' });
  });

  it('from another tab is granted what was paid, is set to end with its period, and is a finding', async () => {
    const nora = await newSubscriber();
    const first = await shop.start(nora, 'basic');
    const second = await shop.start(nora, 'plus');
    const ids = [await shop.payOrder(nora, first), await shop.payOrder(nora, second)];
    await shop.hear(nora);
    await shop.sweep();
    await shop.hear(nora);
    const kinds = await Promise.all(ids.map(findings));
    expect(kinds.flat()).toEqual(['second_subscription']);
    const end = await shop.endOf(nora);
    expect(end.plans.filter(({ isEnding }) => isEnding)).toHaveLength(1);
    expect(end).toMatchObject({ available: 4_000n, orders: ['linked', 'linked'] });
    expect(end.payments).toHaveLength(2);
  });

  it('that its customer takes up again in the portal is left to go on', async () => {
    const nora = await newSubscriber();
    const stripeId = await shop.buyTwo(nora);
    await shop.stripe.subscriptions.update(stripeId, { cancel_at_period_end: false });
    await shop.hear(nora);
    await shop.sweep();
    await shop.hear(nora);
    expect((await shop.endOf(nora)).plans.map(({ isEnding }) => isEnding)).toEqual([false, false]);
  });
});

describe('an invoice', () => {
  it('of prorations from the Dashboard grants nothing and is a finding; the next renewal grants what it pays', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora);
    await shop.hear(nora);
    const [item] = (await shop.subscriptionAt(id)).items.data;
    const { id: price } = await shop.priceOf('plus');
    await shop.stripe.subscriptions.update(id, {
      ...{ items: [{ id: item?.id ?? '', price }], proration_behavior: 'always_invoice' },
    });
    await shop.hear(nora);
    const invoice = (await shop.subscriptionAt(id)).latest_invoice;
    expect(await findings(String(invoice))).toEqual(['proration']);
    expect(await shop.endOf(nora)).toMatchObject({ payments: [MONTH], available: 1_000n });
    await shop.renew(id);
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({ payments: [MONTH, paid(3_000n, 2_500n)] });
  });

  it('at a price that the catalogue does not know is kept in review, and granted once it is known', async () => {
    const nora = await newSubscriber();
    const product = await shop.stripe.products.create({ name: 'Made in the Dashboard' });
    const price = await shop.stripe.prices.create({
      ...{ currency: 'usd', product: product.id, recurring: { interval: 'month' }, unit_amount: 1_000 },
    });
    await shop.cardOf(nora, 'pm_card_visa');
    await shop.stripe.subscriptions.create({
      ...{ customer: nora.stripeCustomer, items: [{ price: price.id }] },
    });
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({
      payments: [{ state: 'review', credits: 0n, paid: 1_000n }],
      available: 0n,
    });
    const held = await database.db.event.findMany({
      where: { status: 'quarantined', reason: 'unknown_price' },
    });
    expect(held.map(({ type }) => type).sort()).toEqual(['invoice.paid', 'invoice.payment_succeeded']);

    const basic = await database.db.catalogVersion.findFirstOrThrow({ where: { item: { code: 'basic' } } });
    await database.db.formerStripePrice.create({
      data: { realmId: shop.realm.id, stripeId: price.id, versionId: basic.id, currency: 'usd' },
    });
    await database.db.event.updateMany({
      where: { id: { in: held.map(({ id }) => id) } },
      data: { ...{ status: 'queued', reason: null, run: 2, tries: 0, firstTryAt: null }, dueAt: new Date() },
    });
    await shop.settle();
    expect(await shop.endOf(nora)).toMatchObject({
      payments: [{ ...MONTH, hasCard: false }],
      available: 1_000n,
    });
  });

  it('at a price that another took the place of is granted by the plan that it was made for', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora);
    await shop.hear(nora);
    const { id: known } = await shop.priceOf('basic');
    await shop.stripe.prices.update(known, { active: false });
    await shop.sync();
    expect((await shop.priceOf('basic')).id).not.toBe(known);
    await shop.renew(id);
    await shop.hear(nora);
    expect(await shop.endOf(nora)).toMatchObject({ payments: [MONTH, MONTH] });
  });

  it('and subscription of another product are ignored as foreign', async () => {
    const clock = await shop.newClock();
    const stranger = await shop.stripe.customers.create({ test_clock: clock });
    const nora = { ...(await newSubscriber()), stripeCustomer: stranger.id };
    await shop.cardOf(nora, 'pm_card_visa');
    const product = await shop.stripe.products.create({ name: 'Another product' });
    const price = await shop.stripe.prices.create({
      ...{ currency: 'usd', product: product.id, recurring: { interval: 'month' }, unit_amount: 700 },
    });
    await shop.stripe.subscriptions.create({ customer: stranger.id, items: [{ price: price.id }] });
    const events = await shop.eventsOf(nora);
    await shop.bring(events);
    const rows = await database.db.event.findMany({ where: { id: { in: events.map(({ id }) => id) } } });
    expect(new Set(rows.map(({ decision, reason }) => `${decision ?? ''} ${reason ?? ''}`))).toEqual(
      new Set(['ignored foreign']),
    );
    expect(rows.length).toBeGreaterThan(3);
  });

  it('of a subscription that is not known yet waits for it by name, whatever payment its metadata names', async () => {
    const nora = await newSubscriber();
    const id = await shop.subscribe(nora);
    const events = await shop.eventsOf(nora);
    const [invoice] = events.filter(({ type }) => type === 'invoice.paid');
    if (!invoice) throw new Error('No invoice was paid.');
    await shop.inbox.deliver(invoice);
    await shop.inbox.drain();
    expect(await database.db.event.findFirst({ where: { id: invoice.id } })).toMatchObject({
      ...{ status: 'waiting', waitsFor: id },
    });
    await shop.bring(events.filter(({ type }) => type === 'customer.subscription.created'));
    expect(await shop.endOf(nora)).toMatchObject({ payments: [{ state: 'paid', credits: 1_000n }] });
  });
});
