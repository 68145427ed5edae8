import { beforeAll, describe, expect, it } from 'vitest';

import { capture, hold, release, verifyLedger } from '../../app/modules/ledger/index.server';
import { endFreezes, setMoneyBackPolicy } from '../../app/modules/payments/index.server';
import { mailRefund } from '../../app/modules/refunds/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { newId } from '../../app/platform/ids.server';
import { openRefundDesk, type PaidSale, type RefundDesk } from './testing/refund-desk';
import { stripeClient } from '../../app/modules/stripe/client.server';
import { useTestStore } from './testing/store';

/** What Stripe's Dashboard and banks take back, and what it does to credits: 2,500 of them were sold for $20. */
const store = useTestStore();
let desk: RefundDesk;
beforeAll(() => {
  desk = openRefundDesk(store.db, store.shop);
});

const moneyBack = () => store.shop.sandbox.sandbox.moneyBack;
const dispute = (sale: PaidSale, kind: 'chargeback' | 'inquiry' = 'chargeback'): string => {
  const opened = moneyBack().openDispute(sale.intent, kind, 'fraudulent');
  if (opened.outcome !== 'opened') throw new Error(`The sandbox says ${opened.outcome}.`);
  return opened.disputeId;
};
const act = () => ({ book: 'test', actor: 'test', key: newId('req') }) as const;

/** Another pack for the same customer. */
async function buyAgain(customerId: string): Promise<string> {
  const customer = await store.db.customer.findUniqueOrThrow({ where: { id: customerId } });
  const { paymentId } = await store.shop.checkout({
    id: customerId,
    email: customer.email ?? '',
    name: 'Nora',
  });
  await store.shop.pay(paymentId);
  await desk.hear(paymentId);
  return paymentId;
}

describe('a dispute', () => {
  it('of credits that were spent is debt and freezes the wallet until it is won', async () => {
    const sale = await desk.sell();
    await desk.spendSome(sale.customerId, 2000n);
    const id = dispute(sale);
    await desk.hear(sale.paymentId);
    expect(await desk.balance(sale.customerId)).toEqual({
      available: 0n,
      claimed: 0n,
      debt: 2000n,
      frozen: true,
    });
    const [row] = await desk.backsOf(sale.paymentId);
    const freeze = await store.db.walletFreeze.findFirstOrThrow({ where: { cause: row?.id ?? '' } });
    expect(freeze.thawedAt).toBeNull();
    moneyBack().answerDispute(id, 'win');
    await desk.hear(sale.paymentId);
    expect(await desk.balance(sale.customerId)).toEqual({
      available: 500n,
      claimed: 0n,
      debt: 0n,
      frozen: false,
    });
  });

  it('that was lost is paid off by the next purchase first, in lines of their own, and that ends the freeze', async () => {
    const sale = await desk.sell();
    await desk.spendSome(sale.customerId, 2000n);
    moneyBack().answerDispute(dispute(sale), 'lose');
    await desk.hear(sale.paymentId);
    const bought = await buyAgain(sale.customerId);
    expect(await desk.balance(sale.customerId)).toEqual({
      available: 500n,
      claimed: 0n,
      debt: 0n,
      frozen: false,
    });
    const lines = await store.db.transfer.findMany({
      where: { OR: [{ key: `grant:${bought}` }, { kind: 'repay', paymentId: sale.paymentId }] },
      orderBy: { recordedAt: 'asc' },
      take: 5,
    });
    expect(lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['grant', 2500n],
      ['repay', 2000n],
    ]);
  });

  it('keeps its deadline, and an inquiry takes nothing', async () => {
    const sale = await desk.sell();
    const id = dispute(sale, 'inquiry');
    await desk.hear(sale.paymentId);
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 2500n, claimed: 0n });
    const { dueBy } = await store.db.moneyBack.findFirstOrThrow({ where: { stripeId: id } });
    const shown = moneyBack().findDispute(id)?.dueBy ?? 0;
    expect(dueBy).toEqual(new Date(shown * 1000));
  });

  it('of held credits freezes at once, and the freeze ends when the hold gave them back', async () => {
    const sale = await desk.sell();
    const held = await hold(store.db, { ...act(), customerId: sale.customerId, amount: 600n });
    if (held.outcome !== 'held') throw new Error(`It is ${held.outcome}.`);
    dispute(sale);
    await desk.hear(sale.paymentId);
    expect(await desk.balance(sale.customerId)).toMatchObject({ debt: 0n, frozen: true });
    await release(store.db, { ...act(), holdId: held.holdId });
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 0n, debt: 0n, frozen: true });
    expect(await endFreezes(store.db)).toBe(1);
    expect(await desk.balance(sale.customerId)).toMatchObject({ debt: 0n, frozen: false });
  });

  it('of held credits that are captured then leaves their debt, frozen', async () => {
    const sale = await desk.sell();
    const held = await hold(store.db, { ...act(), customerId: sale.customerId, amount: 600n });
    if (held.outcome !== 'held') throw new Error(`It is ${held.outcome}.`);
    dispute(sale);
    await desk.hear(sale.paymentId);
    await capture(store.db, { ...act(), holdId: held.holdId, amount: 600n });
    expect(await endFreezes(store.db)).toBe(0);
    expect(await desk.balance(sale.customerId)).toMatchObject({ debt: 600n, frozen: true });
  });
});

describe('a refund', () => {
  it('of the whole while a hold is open takes what is free, and the rest when the hold is released', async () => {
    const sale = await desk.sell();
    const held = await hold(store.db, { ...act(), customerId: sale.customerId, amount: 600n });
    if (held.outcome !== 'held') throw new Error(`It is ${held.outcome}.`);
    moneyBack().refund(sale.intent);
    await desk.hear(sale.paymentId);
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 0n, debt: 0n });
    await release(store.db, { ...act(), holdId: held.holdId });
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 0n, claimed: 0n, debt: 0n });
  });

  it('of spent credits is the seller’s loss by default, and debt where the realm says so', async () => {
    const absorbed = await desk.sell();
    const owed = await desk.sell();
    for (const { customerId } of [absorbed, owed]) await desk.spendSome(customerId, 2000n);
    moneyBack().refund(absorbed.intent);
    await desk.hear(absorbed.paymentId);
    expect(await desk.balance(absorbed.customerId)).toMatchObject({ available: 0n, debt: 0n, frozen: false });
    const realmId = store.shop.realm.id;
    const set = (refund: 'absorb' | 'debt') =>
      inTransaction(store.db, 'policy', (tx) =>
        setMoneyBackPolicy(tx, {
          ...{ realmId, policy: { refund, dispute: 'debt' }, actor: 'usr_admin', comment: 'from June on' },
        }),
      );
    await set('debt');
    moneyBack().refund(owed.intent);
    await desk.hear(owed.paymentId);
    expect(await desk.balance(owed.customerId)).toMatchObject({ available: 0n, debt: 2000n, frozen: false });
    await set('absorb');
    expect(await store.db.audit.count({ where: { act: 'money_back_policy.set', subject: realmId } })).toBe(2);
  });

  it('that is known before its payment settles is taken from the grant before that repays a debt', async () => {
    const indebted = await desk.sell();
    await desk.spendSome(indebted.customerId, 2500n);
    dispute(indebted);
    await desk.hear(indebted.paymentId);
    const customer = { id: indebted.customerId, email: 'nora@example.test', name: 'Nora' };
    const { paymentId } = await store.shop.checkout(customer);
    await store.shop.pay(paymentId);
    const intent = await store.shop.intentOf(paymentId);
    moneyBack().refund(intent);
    // The intent is known of this sale, and its success is not.
    await store.db.payment.update({ where: { id: paymentId }, data: { stripeIntent: intent } });
    const events = await store.shop.eventsOf(paymentId);
    await desk.inbox.list(events.filter(({ type }) => type === 'refund.created'));
    await desk.inbox.drain();
    expect(await desk.backsOf(paymentId)).toMatchObject([{ level: 'gone', taken: 2000n }]);
    await desk.hear(paymentId);
    expect(await desk.balance(indebted.customerId)).toMatchObject({
      available: 0n,
      debt: 2500n,
      frozen: true,
    });
  });

  it('waits for its payment by name, and settles it when nobody told of the payment', async () => {
    const { paymentId } = await store.shop.checkout(await store.shop.newCustomer());
    await store.shop.pay(paymentId);
    const intent = await store.shop.intentOf(paymentId);
    moneyBack().refund(intent, 500);
    const events = await store.shop.eventsOf(paymentId);
    const created = events.filter(({ type }) => type === 'refund.created');
    await desk.inbox.list(created);
    await desk.inbox.drain();
    const [id] = created.map((event) => event.id);
    const where = { realmId_id: { realmId: store.shop.realm.id, id: id ?? '' } };
    expect(await store.db.event.findUniqueOrThrow({ where })).toMatchObject({
      status: 'waiting',
      waitsFor: intent,
    });
    await store.db.event.update({ where, data: { firstTryAt: new Date(Date.now() - 60_000) } });
    await desk.inbox.passTime();
    await desk.inbox.drain();
    expect(await store.db.event.findUniqueOrThrow({ where })).toMatchObject({
      status: 'done',
      decision: 'applied',
    });
    const sold = await store.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
    expect(sold.state).toBe('paid');
    expect(await desk.balance(sold.customerId)).toMatchObject({ available: 1875n });
  });

  it('of another product, and one that names another realm, changes nothing of ours', async () => {
    const stripe = stripeClient(store.shop.settings);
    const foreign = await stripe.paymentIntents.create({
      ...{ amount: 900, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    const sale = await desk.sell();
    const metadata = { credence_realm: 'rlm_of_another', credence_payment: sale.paymentId };
    const made = [
      await stripe.refunds.create({ payment_intent: foreign.id }),
      await stripe.refunds.create({ payment_intent: sale.intent, amount: 300, metadata }),
    ];
    const ids = made.map(({ id }) => id);
    const rows = store.shop.sandbox.sandbox.events.list({ limit: 1000 }).rows;
    const events = rows.filter(({ type, objectId }) => type === 'refund.created' && ids.includes(objectId));
    const bodies = events.map(({ id, type }) => ({
      ...{ id, type, body: store.shop.sandbox.sandbox.events.find(id)?.body ?? '' },
    }));
    await desk.inbox.list(bodies);
    await desk.inbox.drain();
    const told = { id: { in: bodies.map(({ id }) => id) } };
    await store.db.event.updateMany({ where: told, data: { firstTryAt: new Date(Date.now() - 60_000) } });
    await desk.inbox.passTime();
    await desk.inbox.drain();
    const decided = await store.db.event.findMany({ where: told, orderBy: { objectId: 'asc' }, take: 5 });
    expect(new Set(decided.map(({ decision, reason }) => `${decision ?? ''} ${reason ?? ''}`))).toEqual(
      new Set(['ignored foreign', 'ignored other_realm']),
    );
    expect(await desk.backsOf(sale.paymentId)).toEqual([]);
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 2500n });
  });

  it('is mailed to its customer once, and not when it failed meanwhile', async () => {
    const [done, failed] = [await desk.sell(), await desk.sell('4000000000005126')];
    moneyBack().refund(done.intent, 1000);
    const bounced = moneyBack().refund(failed.intent);
    for (const { paymentId } of [done, failed]) await desk.hear(paymentId);
    if (bounced.outcome === 'refunded') moneyBack().failRefund(bounced.refundId);
    await desk.hear(failed.paymentId);
    for (const { paymentId } of [done, failed]) {
      const [row] = await desk.backsOf(paymentId);
      const refundId = row?.id ?? '';
      await mailRefund(store.db, { refundId }, 'http://127.0.0.1:3999');
      await mailRefund(store.db, { refundId }, 'http://127.0.0.1:3999');
    }
    const mails = await store.db.mail.findMany({ where: { kind: 'refunds.done' }, take: 10 });
    expect(mails.map(({ subject }) => subject)).toEqual(['$10.00 refunded']);
    const { email } = await store.db.customer.findUniqueOrThrow({ where: { id: done.customerId } });
    expect(mails[0]?.recipient).toBe(email);
  });

  it('leaves the ledger whole after all of it', async () => {
    expect(await verifyLedger(store.db)).toEqual([]);
  });
});
