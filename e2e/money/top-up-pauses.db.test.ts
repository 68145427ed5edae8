import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { applyCard, switchOff } from '../../app/modules/credits/index.server';
import { freeze, verifyLedger } from '../../app/modules/ledger/index.server';
import { endFreezes } from '../../app/modules/payments/index.server';
import { readCustomerPayment } from '../../app/modules/payments/read-payments.server';
import { putCatalogItem } from '../../app/modules/catalog/index.server';
import { DEMO_PACKS } from '../../prisma/demo';
import { syncCatalog } from '../../app/modules/payments/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { CARD } from './testing/sandbox-shop';
import { useTestStore } from './testing/store';
import { ASKS_ALWAYS, FAILS_LATER, openTopUpDesk, type Shopper, type TopUpDesk } from './testing/top-up-desk';

/** What makes an automatic top-up wait for its customer, and what they can do. */
const store = useTestStore();
let desk: TopUpDesk;
beforeAll(() => {
  desk = openTopUpDesk(store.db, store.shop);
});
afterAll(async () => {
  expect(await verifyLedger(store.db)).toEqual([]);
});

const expectPaused = async (customer: Shopper, reason: string) => {
  expect(await desk.review(customer)).toEqual({ outcome: 'paused', reason });
  expect(await desk.ruleOf(customer)).toMatchObject({ state: 'paused', pauseReason: reason });
};

/** What the page of the latest automatic purchase says of a bank. */
const answerShown = async (customer: Shopper) => {
  const paymentId = (await desk.boughtBy(customer)).at(-1)?.id ?? '';
  const key = { book: 'test' as const, customerId: customer.id, paymentId };
  return (await readCustomerPayment(store.db, key))?.failure;
};

/** Nothing is bought for a paused one, whoever looks and however low it is. */
const expectQuiet = async (customer: Shopper, charges: number) => {
  await desk.spendSome(customer, await desk.available(customer)).catch(() => undefined);
  expect(await desk.review(customer)).toEqual({ outcome: 'not_on' });
  await desk.sweep();
  expect(await desk.chargesOf(customer)).toHaveLength(charges);
};

describe('a card that is refused', () => {
  it('is charged once, ends the payment and pauses, with the bank’s sentence', async () => {
    const customer = await desk.turnedOn({}, { card: FAILS_LATER });
    await desk.spendSome(customer, 450n);
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought', answer: 'refused' });
    expect(await desk.boughtBy(customer)).toMatchObject([
      { state: 'failed', failureCode: 'card_declined', failure: 'Your card was declined.' },
    ]);
    await expectPaused(customer, 'declined');
    expect(await answerShown(customer)).toBe('Your card was declined.');
    const { changes } = await desk.ruleOf(customer);
    expect(changes.at(-1)).toMatchObject({
      to: 'paused',
      reason: 'declined',
      detail: 'Your card was declined.',
    });
    await desk.hear(customer);
    await expectQuiet(customer, 1);
  });

  it('goes on with another card, and not before the customer has saved it', async () => {
    const customer = await desk.turnedOn({}, { card: FAILS_LATER });
    await desk.spendSome(customer, 450n);
    await desk.review(customer);
    await desk.review(customer);
    expect(await desk.agreeTo(customer, {}, { useSavedCard: false })).toMatchObject({ outcome: 'redirect' });
    expect(await desk.ruleOf(customer)).toMatchObject({ state: 'paused' });
    await desk.saveOnPage(customer);
    await desk.hear(customer);
    expect(await desk.ruleOf(customer)).toMatchObject({ state: 'on', card: { last4: '4242' } });
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought', answer: 'succeeded' });
    expect(await desk.available(customer)).toBe(550n);
  });

  it('is charged again when the customer says so, and pauses again', async () => {
    const customer = await desk.turnedOn({}, { card: FAILS_LATER });
    await desk.spendSome(customer, 450n);
    await desk.review(customer);
    await desk.review(customer);
    expect(await desk.agreeTo(customer)).toEqual({ outcome: 'on' });
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought', answer: 'refused' });
    await expectPaused(customer, 'declined');
    expect(await desk.chargesOf(customer)).toHaveLength(2);
  });

  it('by a bank that wants its customer’s word pauses for that', async () => {
    const customer = await desk.turnedOn({}, { card: ASKS_ALWAYS });
    await desk.spendSome(customer, 450n);
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought', answer: 'refused' });
    await expectPaused(customer, 'authentication');
    await expectQuiet(customer, 1);
  });

  it('pauses when its event alone tells of it, the answer being lost', async () => {
    const customer = await desk.turnedOn({}, { card: FAILS_LATER });
    await desk.spendSome(customer, 450n);
    await store.setFaults({
      ...{ method: 'POST', path: '/v1/payment_intents', effect: 'lost_answer', times: 2 },
    });
    expect(await desk.review(customer)).toMatchObject({ answer: 'unknown' });
    await desk.hear(customer);
    expect(await desk.boughtBy(customer)).toMatchObject([{ state: 'failed', failureCode: 'card_declined' }]);
    await expectPaused(customer, 'declined');
  });

  it('pauses also when terms were changed while it was charged', async () => {
    const customer = await desk.turnedOn({}, { card: FAILS_LATER });
    await desk.spendSome(customer, 450n);
    const charges = { method: 'POST', path: '/v1/payment_intents' };
    await store.setFaults({ ...charges, effect: 'lost_answer', times: 2 });
    expect(await desk.review(customer)).toMatchObject({ answer: 'unknown' });
    expect(await desk.agreeTo(customer, { threshold: 200n })).toEqual({ outcome: 'on' });
    await desk.sweepAnswers();
    await expectPaused(customer, 'declined');
  });
});

describe('a card', () => {
  it('that was detached at Stripe pauses before anything is charged, and stays gone', async () => {
    const customer = await desk.turnedOn();
    const { card } = await desk.ruleOf(customer);
    await desk.stripe.paymentMethods.detach(card?.stripeMethod ?? '');
    await desk.hear(customer);
    expect(await desk.ruleOf(customer)).toMatchObject({ card: { isGone: true } });
    await expectPaused(customer, 'card_gone');
    const late = {
      ...{ kind: 'card' as const, id: card?.stripeMethod ?? '', ours: {}, stripeCustomer: 'cus_late' },
      ...{ brand: 'visa', last4: '1111', expMonth: 1, expYear: 2060 },
    };
    const { realm } = store.shop;
    const context = {
      realmId: realm.id,
      book: realm.mode,
      cause: 'event:late',
      at: new Date(),
      evidence: [],
    };
    expect(await inTransaction(store.db, 'late', (tx) => applyCard(tx, late, context))).toMatchObject({
      decision: 'noop',
    });
    expect(await desk.ruleOf(customer)).toMatchObject({ card: { isGone: true, last4: '4242' } });
    await expectQuiet(customer, 0);
    // Nothing is left to charge: agreeing asks for a card.
    expect(await desk.agreeTo(customer)).toMatchObject({ outcome: 'redirect' });
  });

  it('that Stripe no longer has pauses when it was not heard of', async () => {
    const customer = await desk.turnedOn();
    const { card } = await desk.ruleOf(customer);
    await desk.stripe.paymentMethods.detach(card?.stripeMethod ?? '');
    await desk.spendSome(customer, 450n);
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought', answer: 'refused' });
    await expectPaused(customer, 'card_gone');
    expect(await answerShown(customer)).toBeNull();
  });

  it('whose month is over pauses, and the bank’s new one goes on until its own', async () => {
    const customer = await desk.turnedOn();
    await desk.spendSome(customer, 450n);
    const { card } = await desk.ruleOf(customer);
    const lastOf = new Date(Date.UTC(card?.expYear ?? 0, card?.expMonth ?? 0, 1) - 1);
    const [last, over] = [lastOf, new Date(lastOf.getTime() + 1)];
    expect(await desk.review(customer, { now: last })).toMatchObject({ outcome: 'bought' });
    expect(await desk.review(customer, { now: over })).toEqual({
      outcome: 'paused',
      reason: 'card_expired',
    });
  });

  it('of another customer is never charged: each has their own', async () => {
    const [one, other] = [await desk.turnedOn(), await store.shop.newCustomer()];
    expect(await desk.agreeTo(other)).toMatchObject({ outcome: 'redirect' });
    expect(await desk.ruleOf(other)).toMatchObject({ state: 'waiting', cardId: null });
    expect(await desk.ruleOf(one)).toMatchObject({ state: 'on' });
  });
});

describe('money that goes back', () => {
  const topUpOf = async (customer: Shopper): Promise<string> => {
    await desk.spendSome(customer, 450n);
    await desk.review(customer);
    await desk.hear(customer);
    const [charge] = await desk.chargesOf(customer);
    return charge?.id ?? '';
  };

  it('by a dispute pauses until it is decided and the customer says so', async () => {
    const customer = await desk.turnedOn();
    const { moneyBack } = store.shop.sandbox.sandbox;
    const intent = await topUpOf(customer);
    await desk.forgetJobs();
    const opened = moneyBack.openDispute(intent, 'inquiry', 'fraudulent');
    await desk.hear(customer);
    // An inquiry moves no credits: the dispute itself asks for the look that tells the customer.
    expect(await desk.asked(customer)).toBe(1);
    await expectPaused(customer, 'dispute');
    await expectQuiet(customer, 1);
    expect(await desk.agreeTo(customer)).toEqual({ outcome: 'in_dispute' });
    if (opened.outcome !== 'opened') throw new Error(opened.outcome);
    moneyBack.answerDispute(opened.disputeId, 'win');
    await desk.hear(customer);
    expect(await desk.review(customer)).toEqual({ outcome: 'not_on' });
    expect(await desk.agreeTo(customer)).toEqual({ outcome: 'on' });
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought' });
  });

  it('by a dispute that is heard of only after it was lost pauses all the same', async () => {
    const customer = await desk.turnedOn();
    const { moneyBack } = store.shop.sandbox.sandbox;
    const opened = moneyBack.openDispute(await topUpOf(customer), 'chargeback', 'fraudulent');
    if (opened.outcome !== 'opened') throw new Error(opened.outcome);
    moneyBack.answerDispute(opened.disputeId, 'accept');
    await desk.hear(customer);
    await expectPaused(customer, 'dispute');
  });

  it('by a refund pauses: what was given back is not bought anew', async () => {
    const customer = await desk.turnedOn();
    store.shop.sandbox.sandbox.moneyBack.refund(await topUpOf(customer));
    await desk.hear(customer);
    expect(await desk.available(customer)).toBe(50n);
    await expectPaused(customer, 'refund');
    expect(await desk.agreeTo(customer)).toEqual({ outcome: 'on' });
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought' });
  });

  it('and was spent leaves a debt, which is repaid before anything is bought', async () => {
    const customer = await desk.turnedOn();
    const intent = await topUpOf(customer);
    await desk.spendSome(customer, 550n);
    await store.db.topUpRule.updateMany({ where: { customerId: customer.id }, data: { state: 'off' } });
    const { moneyBack } = store.shop.sandbox.sandbox;
    const opened = moneyBack.openDispute(intent, 'chargeback', 'fraudulent');
    if (opened.outcome !== 'opened') throw new Error(opened.outcome);
    moneyBack.answerDispute(opened.disputeId, 'accept');
    await desk.hear(customer);
    expect(await desk.agreeTo(customer)).toEqual({ outcome: 'in_debt' });
    await desk.fund(customer.id, 500n);
    await endFreezes(store.db);
    expect(await desk.agreeTo(customer)).toEqual({ outcome: 'on' });
  });

  it('a wallet that falls into debt pauses', async () => {
    const customer = await desk.turnedOn();
    const { id } = await store.db.wallet.findFirstOrThrow({ where: { customerId: customer.id } });
    // Debt as a dispute of another realm’s time would leave it.
    const seen = await store.db.wallet.findUniqueOrThrow({ where: { id } });
    await store.db.$executeRaw`UPDATE wallet SET debt = 10 WHERE id = ${id}`;
    await expectPaused(customer, 'debt');
    await store.db.$executeRaw`UPDATE wallet SET debt = ${seen.debt} WHERE id = ${id}`;
  });

  it('a wallet that staff froze pauses', async () => {
    const customer = await desk.turnedOn();
    const cause = { cause: 'act_staff', actor: 'usr_staff', book: 'test' as const, customerId: customer.id };
    await inTransaction(store.db, 'freeze', (tx) => freeze(tx, cause));
    await expectPaused(customer, 'frozen');
    expect(await desk.agreeTo(customer)).toEqual({ outcome: 'frozen' });
  });
});

describe('a pack', () => {
  const [starter] = DEMO_PACKS;
  const sell = async (change: Partial<Parameters<typeof putCatalogItem>[1]>) => {
    await inTransaction(store.db, 'pack', (tx) => putCatalogItem(tx, { ...starter, ...change }));
    await syncCatalog(store.db, store.shop.settings, store.shop.realm.id);
  };

  it('that costs more than was agreed pauses, and goes on at the new price once it is agreed to', async () => {
    const customer = await desk.turnedOn();
    await desk.spendSome(customer, 450n);
    await sell({ prices: { ...starter.prices, usd: 600n } });
    await expectPaused(customer, 'price_risen');
    const { changes } = await desk.ruleOf(customer);
    expect(changes.at(-1)?.detail).toBe('You agreed to $5.00 for 500 credits; it is $6.00 for 500 now.');
    expect(await desk.agreeTo(customer)).toEqual({ outcome: 'price_changed' });
    expect(await desk.agreeTo(customer, { amount: 600n })).toEqual({ outcome: 'on' });
    expect(await desk.review(customer)).toMatchObject({ outcome: 'bought' });
    expect(await desk.boughtBy(customer)).toMatchObject([{ amountPaid: 600n }]);
    await sell({});
  });

  it('that brings less than was agreed pauses', async () => {
    const customer = await desk.turnedOn();
    await sell({ credits: 499n });
    await expectPaused(customer, 'price_risen');
    await sell({});
  });

  it('that is sold no more pauses', async () => {
    const customer = await desk.turnedOn();
    await store.db.catalogItem.update({ where: { code: 'starter' }, data: { onSale: false } });
    await expectPaused(customer, 'pack_gone');
    await store.db.catalogItem.update({ where: { code: 'starter' }, data: { onSale: true } });
  });
});

it('money that does not fit the order waits for a person, and nothing more is bought', async () => {
  const customer = await desk.turnedOn();
  await desk.spendSome(customer, 450n);
  const charges = { method: 'POST', path: '/v1/payment_intents' };
  await store.setFaults({ ...charges, effect: 'lost_answer', times: 2 });
  await desk.review(customer);
  const said = await desk.eventsOf(customer);
  const settled = said.find(({ type }) => type === 'payment_intent.succeeded');
  if (!settled) throw new Error('Nobody charged the card.');
  const body = settled.body.replace('"amount_received": 500', '"amount_received": 400');
  await desk.inbox.list([{ ...settled, body }]);
  await desk.inbox.drain();
  expect(await desk.boughtBy(customer)).toMatchObject([
    { state: 'review', amountPaid: 400n, reviewReason: 'amount_differs' },
  ]);
  expect(await desk.available(customer)).toBe(50n);
  await expectPaused(customer, 'in_review');
});

it('a former realm’s cards are charged no more, and a shop that adds tax charges none', async () => {
  const customer = await desk.turnedOn();
  await desk.spendSome(customer, 450n);
  const { realm, settings } = store.shop;
  await store.db.realm.update({ where: { id: realm.id }, data: { sells: false } });
  expect(await desk.review(customer)).toEqual({ outcome: 'not_selling' });
  await store.db.realm.update({ where: { id: realm.id }, data: { sells: true } });
  const taxed = openTopUpDesk(store.db, { ...store.shop, settings: { ...settings, automaticTax: true } });
  expect(await taxed.review(customer)).toEqual({ outcome: 'paused', reason: 'not_offered' });
  expect(await taxed.agreeTo(customer)).toEqual({ outcome: 'not_offered' });
  expect(await desk.chargesOf(customer)).toHaveLength(0);
});

it('switched off buys nothing, and an open page to save a card on turns nothing on', async () => {
  const customer = await desk.turnedOn();
  const cause = `customer:${customer.id}`;
  const whose = { realmId: store.shop.realm.id, customerId: customer.id, cause };
  await desk.agreeTo(customer, {}, { useSavedCard: false });
  expect(await switchOff(store.db, whose)).toEqual({ outcome: 'off' });
  expect(await switchOff(store.db, whose)).toEqual({ outcome: 'unchanged' });
  const page = await store.db.cardSetup.findFirstOrThrow({
    where: { customerId: customer.id },
    orderBy: { createdAt: 'desc' },
  });
  await store.shop.sandbox.sandbox.checkout.pay(page.stripeSession ?? '', { ...CARD, email: customer.email });
  await desk.hear(customer);
  expect(await desk.ruleOf(customer)).toMatchObject({ state: 'off' });
  expect(await store.db.savedCard.count({ where: { customerId: customer.id } })).toBe(2);
  await expectQuiet(customer, 0);
});
