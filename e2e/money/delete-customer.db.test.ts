import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { grantReview } from '../../app/modules/payments/index.server';
import { rejectApproval } from '../../app/modules/approvals/index.server';
import { verifyAudit } from '../../app/modules/audit/index.server';
import { createUser, ensureCustomer, logIn } from '../../app/modules/auth/index.server';
import { readSession, startSession } from '../../app/modules/auth/sessions.server';
import { cancelDeletion, previewDeletion, readDeletion } from '../../app/modules/customers/index.server';
import { readBalance, readBookTotals, spend, verifyLedger } from '../../app/modules/ledger/index.server';
import { sweepCalls } from '../../app/modules/stripe/index.server';
import { eraseLateEvents } from '../../app/modules/webhooks/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { newId } from '../../app/platform/ids.server';
import { hours } from '../../app/platform/time';
import { ERASERS } from '../../app/worker/erasers.server';
import { CALL_SETTLERS } from '../../app/worker/settlers.server';
import { clientFor } from '../stripe-sandbox/testing/under-test';
import { type DeletionDesk, type Known, openDeletionDesk, placesOf } from './testing/deletion-desk';
import { sellPlan, subscribeTo } from './testing/deletion-plan';
import { openRefundDesk } from './testing/refund-desk';
import { CARD, ONE_SENDING } from './testing/sandbox-shop';
import { useTestStore } from './testing/store';
import { openTopUpDesk } from './testing/top-up-desk';

/** Customers are deleted over the sandbox: 2,500 credits were sold for $20. */
const store = useTestStore();
let desk: DeletionDesk;
beforeAll(() => {
  desk = openDeletionDesk(store.db, store.shop);
});
afterAll(async () => {
  expect(await verifyLedger(store.db)).toEqual([]);
  expect(await verifyAudit(store.db)).toMatchObject({ outcome: 'intact' });
});

const CLIENT = { ip: '203.0.113.9', userAgent: 'Browser' };
const stripeOf = () => clientFor(store.shop.sandbox.url, { key: store.shop.settings.secretKey });
const stateOf = async (paymentId: string) => {
  const { state, reviewReason } = await store.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
  return { state, reviewReason };
};
const balanceOf = ({ id: customerId }: Known) => readBalance(store.db, { book: 'test', customerId });
const spendOne = ({ id: customerId }: Known) =>
  spend(store.db, { book: 'test', customerId, amount: 1n, key: newId('req'), actor: 'test' });

/** What staff are answered who would grant what a payment in review sold. */
async function grantBy(paymentId: string) {
  const { id: realmId } = store.shop.realm;
  const { moneyObject } = await store.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
  const paid = { amountPaid: 2000n, amountDiscount: 0n, amountTax: 0n, worth: 2000n, currency: 'usd' };
  const context = { realmId, book: 'test' as const, cause: 'staff:usr_x', at: new Date(), evidence: [] };
  return inTransaction(store.db, 'grant', (tx) =>
    grantReview(tx, { paymentId, money: { ...paid, moneyObject: moneyObject ?? '' }, context }, () =>
      Promise.resolve(undefined),
    ),
  );
}

beforeAll(() => sellPlan(store));
const subscribe = (person: Known) => subscribeTo(store, desk, person);

describe('a deletion', () => {
  it('ends plan, top-up, pages and cards, drops the person from every column and keeps the books', async () => {
    const person = await desk.newPerson();
    const neighbour = await desk.newPerson();
    await desk.buy(neighbour);
    const bought = await desk.buy(person);
    await subscribe(person);
    const topUps = openTopUpDesk(store.db, store.shop);
    await topUps.agreeTo(person);
    await topUps.saveOnPage(person);
    await desk.hear();
    await topUps.agreeTo(person, {}, { useSavedCard: false });
    const { paymentId: unpaid, session } = await desk.openPage(person);
    const comment = `${person.name} asked by mail`;
    const refund = await openRefundDesk(store.db, store.shop).request(bought.paymentId, 100n, { comment });
    expect(refund).toMatchObject({ outcome: 'sent' });
    await desk.mention(person);
    await desk.hear();

    const places = await placesOf(store.db, person.words);
    for (const place of [
      'customer.email',
      'user.name',
      'mail.recipient',
      'message.data',
      'event.payload',
      'stripe_call.body',
    ])
      expect(places).toContain(place);
    for (const place of [
      'audit.body',
      'store_link.key',
      'session.return_url',
      'money_back.comment',
      'staff_note.text',
    ])
      expect(places).toContain(place);
    const totals = await readBookTotals(store.db, { book: 'test' });
    const before = await balanceOf(person);
    expect(before.available).toBeGreaterThan(3_000n);
    expect(await previewDeletion(store.db, person.id)).toMatchObject({
      ...{ confirm: person.email, hasLogIn: true, plans: 1, topUps: 1, cards: 1, pages: 2, processing: 0 },
      balances: [{ book: 'test', available: before.available }],
    });

    const { deletionId, ran } = await desk.askAndRun(person);
    expect(ran).toEqual({ outcome: 'done' });
    expect(await placesOf(store.db, person.words)).toEqual([]);

    const { id } = person;
    expect(await store.db.customer.findUniqueOrThrow({ where: { id } })).toMatchObject({
      ...{ name: 'Deleted customer', email: null, externalId: null, userId: null },
    });
    expect(await store.db.user.count({ where: { id: person.userId } })).toBe(0);
    const plan = await store.db.subscription.findFirstOrThrow({ where: { customerId: id } });
    expect(plan.status).toBe('canceled');
    expect((await stripeOf().subscriptions.retrieve(plan.stripeId)).status).toBe('canceled');
    expect(store.shop.sandbox.sandbox.sessions.find(session)?.status).toBe('expired');
    expect((await stateOf(unpaid)).state).toBe('expired');
    expect(await store.db.topUpRule.findFirstOrThrow({ where: { customerId: id } })).toMatchObject({
      state: 'off',
    });
    expect(await store.db.topUpConsent.count({ where: { rule: { customerId: id } } })).toBe(2);
    const card = await store.db.savedCard.findFirstOrThrow({ where: { customerId: id } });
    expect(card).toMatchObject({ isGone: true, last4: '····' });
    expect((await stripeOf().paymentMethods.retrieve(card.stripeMethod)).customer).toBeNull();
    const setups = await store.db.cardSetup.findMany({ where: { customerId: id } });
    expect(setups.map(({ state }) => state).sort()).toEqual(['closed', 'done']);

    expect(await readBookTotals(store.db, { book: 'test' })).toEqual(totals);
    expect(await balanceOf(person)).toMatchObject({ available: before.available, frozen: true });
    expect((await spendOne(person)).outcome).toBe('frozen');
    expect((await spendOne(neighbour)).outcome).toBe('spent');
    expect((await placesOf(store.db, neighbour.words)).length).toBeGreaterThan(3);
    const audits = await store.db.audit.findMany({ where: { subject: id }, orderBy: { seq: 'asc' } });
    expect(audits.map(({ act, body }) => [act, body === null])).toEqual([
      ...[
        ['note.written', false],
        ['test', true],
        ['customer.deletion_asked', true],
      ],
      ['customer.deleted', false],
    ]);
    expect(await store.db.audit.findFirstOrThrow({ where: { subject: 'evt_2' } })).toMatchObject({
      body: { comment: 'About nobody' },
    });
    const view = await readDeletion(store.db, id);
    expect(view).toMatchObject({ id: deletionId, state: 'done', waitsFor: [] });
    expect(new Map(view?.erased.map(({ what, rows }) => [what, rows])).get('events')).toBeGreaterThan(5);
    expect(await desk.run(deletionId)).toEqual({ outcome: 'over' });

    // The same address and id are another customer's from now on.
    const again = await inTransaction(store.db, 'again', (tx) => ensureCustomer(tx, person.externalId));
    expect(again).not.toBe(id);
    const made = await createUser(store.db, {
      ...{
        email: person.email,
        name: person.name,
        role: 'customer',
        password: 'correct horse battery',
        verified: true,
      },
    });
    expect(made.outcome).toBe('created');
  });

  it('is refused at the door at once, and gives all back when it is called off within its hour', async () => {
    const person = await desk.newPerson();
    await desk.buy(person);
    const token = await inTransaction(store.db, 'log in', (tx) =>
      startSession(tx, { userId: person.userId, client: CLIENT, now: new Date(), former: undefined }),
    );
    expect(await readSession(store.db, token, new Date())).toBeDefined();
    const asked = await desk.ask(person);
    if (asked.outcome !== 'asked') throw new Error(asked.outcome);
    expect(await readSession(store.db, token, new Date())).toBeUndefined();
    const late = await inTransaction(store.db, 'log in', (tx) =>
      startSession(tx, { userId: person.userId, client: CLIENT, now: new Date(), former: undefined }),
    );
    expect(await readSession(store.db, late, new Date())).toBeUndefined();
    const context = { db: store.db, now: new Date(), appUrl: 'http://127.0.0.1:3999', encryptionKeys: [] };
    const { email } = person;
    const tried = await logIn(context, {
      email,
      password: 'correct horse battery',
      client: CLIENT,
      former: undefined,
    });
    expect(tried.outcome).toBe('refused');
    expect((await spendOne(person)).outcome).toBe('frozen');
    expect(await desk.run(asked.deletionId, { now: new Date() })).toEqual({ outcome: 'not_yet' });

    const by = {
      customerId: person.id,
      actor: 'usr_admin',
      reason: 'other',
      comment: 'by mistake',
      now: new Date(),
    };
    expect(await cancelDeletion(store.db, by)).toEqual({ outcome: 'canceled' });
    expect(await cancelDeletion(store.db, by)).toEqual({ outcome: 'not_asked' });
    expect(await desk.run(asked.deletionId)).toEqual({ outcome: 'over' });
    expect((await spendOne(person)).outcome).toBe('spent');
    expect(
      (await logIn(context, { email, password: 'correct horse battery', client: CLIENT, former: undefined }))
        .outcome,
    ).toBe('logged_in');
    expect((await desk.askAndRun(person)).ran).toEqual({ outcome: 'done' });
    expect(await cancelDeletion(store.db, by)).toEqual({ outcome: 'begun' });
  });

  it('that is asked for twice, by two clicks or two people, is one', async () => {
    const person = await desk.newPerson();
    const key = newId('req');
    const asked = await Promise.all([1, 2, 3].map(() => desk.ask(person, { key })));
    expect(asked.map(({ outcome }) => outcome).sort()).toEqual(['asked', 'repeated', 'repeated']);
    expect(await desk.ask(person)).toEqual({ outcome: 'already_asked' });
    const others = await desk.newPerson();
    const many = await Promise.all([1, 2, 3].map(() => desk.ask(others)));
    expect(many.map(({ outcome }) => outcome).sort()).toEqual(['already_asked', 'already_asked', 'asked']);
    expect(
      await store.db.customerDeletion.count({ where: { customerId: { in: [person.id, others.id] } } }),
    ).toBe(2);
  });

  it('needs the right address of somebody who is there', async () => {
    const person = await desk.newPerson();
    expect(await desk.ask({ ...person, email: 'else@example.test' })).toEqual({ outcome: 'not_confirmed' });
    expect(await desk.ask({ ...person, id: 'cst_none' })).toEqual({ outcome: 'unknown_customer' });
    expect(await store.db.customerDeletion.count({ where: { customerId: person.id } })).toBe(0);
  });

  it('waits by name for a refund on its way and a dispute that a bank decides, and ends when both have', async () => {
    const person = await desk.newPerson();
    const moneyBack = store.shop.sandbox.sandbox.moneyBack;
    const refunded = await desk.buy(person, { cardNumber: '4000000000007726' });
    const disputed = await desk.buy(person);
    const refund = moneyBack.refund(refunded.intent, 500);
    moneyBack.openDispute(disputed.intent, 'chargeback', 'fraudulent');
    await desk.hear();
    const { deletionId, ran } = await desk.askAndRun(person);
    if (ran.outcome !== 'waiting') throw new Error(ran.outcome);
    expect(ran.waitsFor.map(({ kind, paymentId }) => [kind, paymentId]).sort()).toEqual([
      ['dispute', disputed.paymentId],
      ['refund', refunded.paymentId],
    ]);
    expect(await readDeletion(store.db, person.id)).toMatchObject({
      state: 'waiting',
      waitsFor: ran.waitsFor,
      erased: [],
    });
    expect(await store.db.customer.findUniqueOrThrow({ where: { id: person.id } })).toMatchObject({
      email: person.email,
    });
    if (refund.outcome !== 'refunded') throw new Error(refund.outcome);
    moneyBack.settleRefund(refund.refundId);
    await desk.hear();
    expect(await desk.run(deletionId)).toMatchObject({ outcome: 'waiting', waitsFor: [{ kind: 'dispute' }] });
    const [dispute] = moneyBack.disputes({ paymentIntentId: disputed.intent }).rows;
    moneyBack.answerDispute(dispute?.id ?? '', 'lose');
    await desk.hear();
    expect(await desk.run(deletionId)).toEqual({ outcome: 'done' });
    expect(await placesOf(store.db, person.words)).toEqual([]);
  });

  it('waits for what opens while the rooms are gone through, and the person stays until it is closed', async () => {
    const person = await desk.newPerson();
    const asked = await desk.ask(person);
    const deletionId = asked.outcome === 'asked' ? asked.deletionId : '';
    const approvalId = newId('apr');
    const opening = {
      ...({
        id: approvalId,
        book: 'test',
        act: 'adjust',
        subject: approvalId,
        customerId: person.id,
      } as const),
      ...{ unit: 'credits', amount: 5n, body: {}, preview: {}, reason: 'goodwill', comment: 'late' },
      ...({ requester: 'usr_support', role: 'support' } as const),
    };
    const late: (typeof ERASERS)[string] = async (tx) =>
      (await tx.approval.createMany({ data: [opening], skipDuplicates: true })).count;
    expect(await desk.run(deletionId, { erasers: { ...ERASERS, late } })).toMatchObject({
      ...{ outcome: 'waiting', waitsFor: [{ kind: 'approval', id: approvalId }] },
    });
    expect(await placesOf(store.db, [person.email])).toContain('customer.email');
    const by = { approvalId, actor: 'usr_second', comment: 'no' };
    await inTransaction(store.db, 'decline', (tx) => rejectApproval(tx, by));
    expect(await desk.run(deletionId)).toEqual({ outcome: 'done' });
    expect(await placesOf(store.db, person.words)).toEqual([]);
  });

  it('finds a page paid meanwhile: its money goes to review and can be refunded', async () => {
    const person = await desk.newPerson();
    const { paymentId, session } = await desk.openPage(person);
    const asked = await desk.ask(person);
    if (asked.outcome !== 'asked') throw new Error(asked.outcome);
    await store.shop.sandbox.sandbox.checkout.pay(session, {
      ...CARD,
      email: person.email,
      name: person.name,
    });
    expect(await desk.run(asked.deletionId)).toEqual({ outcome: 'done' });
    expect(await stateOf(paymentId)).toEqual({ state: 'review', reviewReason: 'customer_deleted' });
    expect(await grantBy(paymentId)).toEqual({ outcome: 'customer_deleted' });
    await desk.hear();
    await store.db
      .$executeRaw`UPDATE event SET decision = NULL, status = 'dismissed' WHERE status = 'quarantined'`;
    await inTransaction(store.db, 'late', (tx) => eraseLateEvents(tx, new Date(0)));
    expect(await placesOf(store.db, person.words)).toEqual([]);
    expect((await balanceOf(person)).available).toBe(0n);
    const refunds = openRefundDesk(store.db, store.shop);
    expect(await refunds.request(paymentId, 2000n)).toMatchObject({ outcome: 'sent', status: 'succeeded' });
  });

  it('does not wait for a bank: a debit that settles after it goes to review, and what Stripe then says is redacted too', async () => {
    const person = await desk.newPerson();
    const debit = { method: 'sepa_debit' as const, iban: 'AT611904300234573201' };
    const { paymentId, intent } = await desk.buy(person, debit, 'eur');
    expect((await stateOf(paymentId)).state).toBe('processing');
    expect((await desk.askAndRun(person)).ran).toEqual({ outcome: 'done' });
    expect(await placesOf(store.db, person.words)).toEqual([]);
    store.shop.sandbox.sandbox.payments.answerDebit(intent, true);
    await desk.hear();
    expect(await stateOf(paymentId)).toEqual({ state: 'review', reviewReason: 'customer_deleted' });
    expect((await placesOf(store.db, person.words)).every((place) => place.startsWith('event.'))).toBe(true);
    await store.db
      .$executeRaw`UPDATE event SET decision = NULL, status = 'dismissed' WHERE status = 'quarantined'`;
    await inTransaction(store.db, 'late', (tx) => eraseLateEvents(tx, new Date(0)));
    expect(await placesOf(store.db, person.words)).toEqual([]);
    expect((await balanceOf(person)).available).toBe(0n);
  });

  it('waits while Stripe does not answer, asks under the same keys, and ends when it does', async () => {
    const person = await desk.newPerson();
    await desk.buy(person);
    await subscribe(person);
    await store.setFaults({
      method: 'DELETE',
      path: '/v1/subscriptions',
      effect: 'lost_answer',
      times: ONE_SENDING,
    });
    const { deletionId, ran } = await desk.askAndRun(person);
    expect(ran).toMatchObject({ outcome: 'waiting', waitsFor: [{ kind: 'plan' }, { kind: 'call' }] });
    await store.setFaults();
    await sweepCalls(store.db, store.shop.settings, {
      ...{ realmId: store.shop.realm.id, settlers: CALL_SETTLERS, now: new Date(Date.now() + hours(1)) },
    });
    expect(await desk.run(deletionId)).toEqual({ outcome: 'done' });
    const [step] = await store.db.deletionStep.findMany({ where: { deletionId } });
    const calls = await store.db.stripeCall.findMany({ where: { purpose: step?.id ?? '' } });
    expect(calls).toHaveLength(1);
  });

  it('that was carried out lets nobody write the person back, and no step of it be undone', async () => {
    const person = await desk.newPerson();
    const { deletionId } = await desk.askAndRun(person);
    const { id } = person;
    await expect(
      store.db.$executeRaw`UPDATE customer SET email = ${person.email} WHERE id = ${id}`,
    ).rejects.toThrow('was deleted');
    await expect(store.db.$executeRaw`UPDATE customer SET closed_at = NULL WHERE id = ${id}`).rejects.toThrow(
      'was deleted',
    );
    await expect(
      store.db.$executeRaw`UPDATE customer_deletion SET state = 'waiting' WHERE id = ${deletionId}`,
    ).rejects.toThrow('does not become');
  });
});
