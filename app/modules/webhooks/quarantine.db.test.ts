import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { putCatalogItem } from '~/modules/catalog/index.server';
import { type DrivenInbox, drivenInbox, type SentEvent } from '~/modules/payments/testing/driven-inbox';
import { endingsOf, expectWholeBooks } from '~/modules/payments/testing/endings';
import { type Life, type LifeInput, liveOnce } from '~/modules/payments/testing/stripe-life';
import { openShelf, type StripeObject } from '~/modules/payments/testing/stripe-shelf';
import { readObject } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { eventBody, makeRealm } from '~/modules/stripe/testing/deliveries';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import {
  assignEvent,
  carryOutApproved,
  correctEvent,
  type Correction,
  dismissEvent,
  resolveReview,
} from './index.server';
import { type ByStaff } from './staff-permit.server';
import { doorThat, inboxOf } from './testing/inbox';

const database = useTestDatabase();
let shelf: Awaited<ReturnType<typeof openShelf>>;
let realm: RealmView;
let inbox: DrivenInbox;
let versionId = '';
beforeAll(async () => {
  shelf = await openShelf();
  realm = await makeRealm(database.db);
  inbox = drivenInbox(database.db, realm, {
    realmId: realm.id,
    readObject: (ref) => readObject(shelf.settings, ref),
  });
  versionId = await packOf(1000n, 900n);
});
afterAll(async () => {
  shelf.close();
  await expectWholeBooks(database.db);
});

async function packOf(amount: bigint, credits: bigint): Promise<string> {
  const words = { name: 'Pack', description: 'Credits.', position: 1, expiresDays: 365 };
  const item = await inTransaction(database.db, 'pack', (tx) =>
    putCatalogItem(tx, { ...words, code: newId('itm'), kind: 'pack', credits, prices: { usd: amount } }),
  );
  return item.versionId;
}

const support = () => ({ actor: newId('usr'), role: 'support', reason: 'ticket', comment: 'asked' }) as const;
const finance = () => ({ ...support(), role: 'finance' }) as const;
const rowOf = (event: SentEvent) =>
  database.db.event.findUniqueOrThrow({ where: { realmId_id: { realmId: realm.id, id: event.id } } });

async function bring(...events: SentEvent[]): Promise<void> {
  for (const event of events) await inbox.deliver(event);
  await inbox.drain();
}

/** Settled money of a PaymentIntent that names a payment which was never ours. */
async function strayMoney(amount = 1000): Promise<{ event: SentEvent; intent: string; run: number }> {
  const intent = `pi_${newId('pay')}`;
  const object: StripeObject = {
    ...{ id: intent, object: 'payment_intent', metadata: { credence_payment: 'pay_lost' }, currency: 'usd' },
    ...{ status: 'succeeded', amount, amount_received: amount, latest_charge: `ch_${intent}` },
    ...{ customer: null, last_payment_error: null },
  };
  shelf.lay(object);
  const event = {
    type: 'payment_intent.succeeded',
    ...eventBody({ type: 'payment_intent.succeeded', object }),
  };
  await bring(event);
  expect(await rowOf(event)).toMatchObject({ status: 'quarantined', reason: 'unknown_payment', run: 1 });
  return { event, intent, run: 1 };
}

const newCustomer = async () => {
  const id = newId('cst');
  await database.db.customer.create({ data: { id } });
  return id;
};
const availableOf = async (customerId: string) =>
  (await database.db.wallet.findFirst({ where: { customerId } }))?.available ?? 0n;

async function assign(
  stray: { event: SentEvent; run: number },
  customerId: string,
  change: { versionId?: string; quantity?: number; by?: ReturnType<typeof support> } = {},
) {
  const { by = support(), ...order } = change;
  const seen = { realmId: realm.id, eventId: stray.event.id, run: stray.run };
  const assignment = { ...seen, customerId, versionId, quantity: 1, ...order };
  return assignEvent(database.db, inbox.deps.reader, assignment, by);
}

describe('a quarantined payment', () => {
  it('is assigned to a customer as the pack that was paid; its event finds it, and late ones grant no more', async () => {
    const stray = await strayMoney();
    const again = { ...stray.event, ...eventBody(objectOf(stray.event)) };
    await bring(again);
    const customer = await newCustomer();
    const by = support();
    const outcome = await assign(stray, customer, { by });
    expect(outcome).toMatchObject({ outcome: 'granted' });
    expect(await rowOf(stray.event)).toMatchObject({ status: 'queued', run: 2, tries: 0 });
    await inbox.drain();
    expect(await rowOf(stray.event)).toMatchObject({
      ...{ status: 'done', decision: 'duplicate', reason: 'already_granted' },
    });
    expect(await rowOf(again)).toMatchObject({ status: 'done', decision: 'duplicate', run: 2 });
    await bring({ ...stray.event, ...eventBody(objectOf(stray.event)) });
    expect(await availableOf(customer)).toBe(900n);
    const audit = await database.db.audit.findFirstOrThrow({ where: { subject: stray.event.id } });
    expect(audit).toMatchObject({ actor: by.actor, act: 'event.assigned', reason: 'ticket' });
  });

  it.each([
    ['a dearer pack', async () => ({ versionId: await packOf(1001n, 5000n) })],
    ['two packs', () => Promise.resolve({ quantity: 2 })],
  ])('is never assigned as more than was paid: %s', async (_name, order) => {
    const stray = await strayMoney();
    const customer = await newCustomer();
    expect(await assign(stray, customer, await order())).toEqual({ outcome: 'more_than_paid' });
    expect(await rowOf(stray.event)).toMatchObject({ status: 'quarantined', run: 1 });
    expect(await database.db.staffAct.count({ where: { customerId: customer } })).toBe(0);
  });

  it('above one person’s limit waits for a second one, who carries it out once', async () => {
    const stray = await strayMoney(5000);
    const customer = await newCustomer();
    const large = await packOf(5000n, 5000n);
    const asked = await assign(stray, customer, { versionId: large });
    if (asked.outcome !== 'asked') throw new Error(asked.outcome);
    expect(await availableOf(customer)).toBe(0n);
    const carry = () =>
      carryOutApproved(database.db, inbox.deps.readerOf, {
        ...{ approvalId: asked.approvalId, approver: newId('usr'), role: 'finance', walletSeq: 0n },
      });
    const outcomes = await Promise.all([carry(), carry()]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['closed', 'executed']);
    await inbox.drain();
    expect(await availableOf(customer)).toBe(5000n);
    expect(await rowOf(stray.event)).toMatchObject({ status: 'done', decision: 'duplicate' });
  });

  it('is not assigned when Stripe says that it is not paid', async () => {
    const stray = await strayMoney();
    shelf.lay({ ...objectOf(stray.event).object, status: 'requires_payment_method' });
    expect(await assign(stray, await newCustomer())).toEqual({ outcome: 'not_paid' });
  });

  it('assigned by two people at once is granted once', async () => {
    const stray = await strayMoney();
    const customers = [await newCustomer(), await newCustomer()];
    const outcomes = await Promise.all(customers.map((customer) => assign(stray, customer)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['granted', 'moved']);
    await inbox.drain();
    const [one = 0n, two = 0n] = await Promise.all(customers.map(availableOf));
    expect(one + two).toBe(900n);
  });
});

/** What an event carries, to be said again in another event. */
function objectOf(event: SentEvent): { type: string; object: StripeObject } {
  const parsed: { data: { object: StripeObject } } = JSON.parse(event.body);
  return { type: event.type, object: parsed.data.object };
}

async function reviewed(input: Partial<LifeInput>): Promise<Life> {
  const life = await liveOnce(database.db, realm, { end: 'paid', amount: 1000, ...input });
  shelf.lay(...life.objects);
  return life;
}
const eventOf = (life: Life, type: string) => life.events.filter((event) => event.type === type);
const endOf = async (life: Life) => (await endingsOf(database.db, [life.paymentId]))[0]?.ending;
const resolve = (paymentId: string) =>
  resolveReview(database.db, inbox.deps.reader, { realmId: realm.id, paymentId }, support());

describe('a payment in review', () => {
  it('granted by a person is granted once, whatever comes late', async () => {
    const life = await reviewed({ wrong: 'subtotal' });
    await bring(...eventOf(life, 'checkout.session.completed'));
    expect(await endOf(life)).toMatchObject({ state: 'review', grants: 0 });
    const outcomes = await Promise.all([resolve(life.paymentId), resolve(life.paymentId)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['granted', 'not_in_review']);
    await bring(...life.events);
    expect(await endOf(life)).toMatchObject({ state: 'paid', grants: 1, transfers: 1, lots: 1 });
    const statuses = await database.db.event.groupBy({
      by: ['status'],
      where: { id: { in: life.events.map(({ id }) => id) } },
    });
    expect(statuses.map(({ status }) => status)).toEqual(['done']);
  });

  it.each([
    ['in another currency', { wrong: 'currency' }],
    ['twice, the second time less', { second: 400 }],
  ] as const)('that was paid %s is not granted', async (_name, input) => {
    const life = await reviewed(input);
    const [second] = eventOf(life, 'payment_intent.succeeded').slice(-1);
    if (second && 'second' in input) shelf.lay(objectOf(second).object);
    await bring(...life.events);
    const review = await database.db.payment.findFirstOrThrow({
      where: { customerId: life.customerId, state: 'review' },
    });
    if (second && 'second' in input)
      expect(await assign({ event: second, run: 1 }, await newCustomer())).toEqual({
        ...{ outcome: 'money_known', paymentId: review.id },
      });
    expect(await resolve(review.id)).toEqual({ outcome: 'more_than_paid' });
    expect(await database.db.payment.findUniqueOrThrow({ where: { id: review.id } })).toMatchObject({
      state: 'review',
    });
  });
});

describe('a dismissal', () => {
  const dismiss = (event: SentEvent, by: ByStaff, run = 1) =>
    inTransaction(database.db, 'dismiss', (tx) =>
      dismissEvent(tx, { realmId: realm.id, eventId: event.id, run }, by),
    );

  it('of what moved no money is support’s, with its reason in the audit', async () => {
    const object = { id: 'ch_broken', object: 'charge' };
    const event = { type: 'charge.failed', ...eventBody({ type: 'charge.failed', object }) };
    await bring(event);
    expect(await rowOf(event)).toMatchObject({ status: 'dead', reason: 'schema' });
    expect(await dismiss(event, support(), 2)).toEqual({ outcome: 'moved' });
    expect(await dismiss(event, support())).toEqual({ outcome: 'dismissed' });
    expect(await dismiss(event, support())).toEqual({ outcome: 'moved' });
    expect(await rowOf(event)).toMatchObject({ status: 'dismissed', decision: null });
    const audit = await database.db.audit.findFirstOrThrow({ where: { subject: event.id } });
    expect(audit).toMatchObject({ act: 'event.dismissed', reason: 'ticket' });
  });

  it('of settled money is finance’s, counts against their limit, and above it takes two', async () => {
    const by = finance();
    const first = await strayMoney(9000);
    expect(await dismiss(first.event, support())).toEqual({ outcome: 'needs_finance' });
    expect(await dismiss(first.event, by)).toEqual({ outcome: 'dismissed' });
    const counted = await database.db.staffAct.findFirstOrThrow({ where: { actor: by.actor } });
    expect(counted).toMatchObject({ act: 'dismiss', unit: 'usd', amount: 9000n, subject: first.event.id });
    const second = await strayMoney(10_001);
    const asked = await dismiss(second.event, by);
    if (asked.outcome !== 'asked') throw new Error(asked.outcome);
    expect(await rowOf(second.event)).toMatchObject({ status: 'quarantined' });
    const carried = await carryOutApproved(database.db, inbox.deps.readerOf, {
      ...{ approvalId: asked.approvalId, approver: newId('usr'), role: 'admin', walletSeq: 0n },
    });
    expect(carried).toMatchObject({ outcome: 'executed' });
    expect(await rowOf(second.event)).toMatchObject({ status: 'dismissed' });
  });
});

describe('a correction', () => {
  const correct = (eventId: string, correction: Correction, by: ByStaff = finance()) =>
    inTransaction(database.db, 'correct', (tx) =>
      correctEvent(tx, { realmId: realm.id, eventId, run: 1 }, correction, by),
    );
  const unknown = doorThat(() => ({
    ...{ outcome: 'quarantined', code: 'unknown', detail: 'tested', effects: [] },
  }));
  const stuck = async () => {
    const driven = inboxOf(database.db, realm);
    const id = await driven.given();
    await driven.tryOnce(id, unknown);
    return id;
  };

  it('says whose a Stripe customer is, and the event runs again', async () => {
    const [id, other] = [await stuck(), await stuck()];
    const [customerId, stripeCustomer] = [await newCustomer(), `cus_${newId('cst')}`];
    expect(await correct(id, { kind: 'customer', stripeCustomer, customerId })).toEqual({
      outcome: 'corrected',
    });
    expect(await database.db.event.findFirstOrThrow({ where: { id } })).toMatchObject({
      ...{ status: 'queued', run: 2, tries: 0 },
    });
    const image = { realmId: realm.id, stripeId: stripeCustomer };
    expect(await database.db.stripeCustomer.findFirst({ where: image })).toMatchObject({ customerId });
    const taken = { kind: 'customer', stripeCustomer, customerId: await newCustomer() } as const;
    expect(await correct(other, taken)).toEqual({ outcome: 'taken' });
    expect(await correct(id, taken)).toEqual({ outcome: 'moved' });
    await inbox.drain();
  });

  it('says what a Stripe price sells, which is finance’s to say and needs a price to compare with', async () => {
    const id = await stuck();
    const price = { kind: 'price', stripePrice: 'price_by_hand', versionId, currency: 'usd' } as const;
    expect(await correct(id, price, support())).toEqual({
      outcome: 'needs_finance',
    });
    expect(await correct(id, { ...price, currency: 'eur' })).toEqual({ outcome: 'no_price' });
    expect(await correct(id, price)).toEqual({ outcome: 'corrected' });
    await inbox.drain();
  });
});
