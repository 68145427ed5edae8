import { describe, expect, it } from 'vitest';

import { findPackForSale } from '../../app/modules/catalog/index.server';
import { grant, readBalance } from '../../app/modules/ledger/index.server';
import { type SentEvent } from '../../app/modules/payments/testing/driven-inbox';
import { repairFinding } from '../../app/modules/reconciliation/index.server';
import { assignEvent } from '../../app/modules/webhooks/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { newId } from '../../app/platform/ids.server';
import { PINNED_VERSION } from '../stripe-sandbox/versions/versions';
import { run } from './testing/reconciling';
import { by, reconcilingAt } from './testing/reconciling-shop';
import { bodyIn, CARD } from './testing/sandbox-shop';
import { useTestStore } from './testing/store';

/** Each kind of difference made on purpose: its name, its evidence, what puts it right, and that it is told once. */
const store = useTestStore();
const { deps, stripe, inbox, payment, available, hear, heardSale, findingOf, dismiss } = reconcilingAt(store);
const bank = () => store.shop.sandbox.sandbox.moneyBack;

/** Runs, and finds this and nothing else. */
async function findsAlone(kind: string, subject: string) {
  expect((await run(deps())).standing).toEqual([`${kind} ${subject}`]);
  return findingOf(subject);
}

/** Presses repair, and the next run finds nothing; it is one finding still. */
async function repairs(subject: string): Promise<void> {
  const { id: findingId } = await findingOf(subject);
  expect(await repairFinding(deps(), { findingId, ...by })).toEqual({ outcome: 'repaired', by: 'this' });
  expect((await run(deps())).standing).toEqual([]);
  expect(await store.db.finding.count({ where: { subject } })).toBe(1);
}

/** Cannot be repaired, stands once however often a run finds it, and is not raised again once a person has left it. */
async function staysUntilLeft(kind: string, subject: string): Promise<void> {
  const { id: findingId, evidence } = await findsAlone(kind, subject);
  expect(await repairFinding(deps(), { findingId, ...by })).toEqual({ outcome: 'by_hand' });
  expect(await findsAlone(kind, subject)).toMatchObject({ id: findingId, state: 'open', evidence });
  expect(await dismiss(findingId)).toEqual({ outcome: 'dismissed' });
  expect((await run(deps())).standing).toEqual([]);
  expect(await store.db.finding.findMany({ where: { subject } })).toMatchObject([
    { id: findingId, kind, state: 'dismissed' },
  ]);
}

/** Money that settles by itself under this metadata, of which no event comes. */
const settleBeside = (amount: number, metadata: Record<string, string>) =>
  stripe().paymentIntents.create({
    ...{ amount, currency: 'usd', confirm: true, payment_method: 'pm_card_visa', metadata },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });

async function refundAll(paymentId: string): Promise<string> {
  const refunded = bank().refund(await store.shop.intentOf(paymentId));
  if (refunded.outcome !== 'refunded') throw new Error(`The sandbox says ${refunded.outcome}.`);
  return refunded.refundId;
}

describe('money back whose end was missed', () => {
  it('a refund that failed is revoked_not_refunded: its credits come back', async () => {
    const sale = await heardSale({ ...CARD, cardNumber: '4000000000005126' });
    const refundId = await refundAll(sale);
    await hear(sale);
    expect(await available(sale)).toBe(0n);
    bank().failRefund(refundId);
    const { customerId } = await payment(sale);
    const found = await findsAlone('revoked_not_refunded', refundId);
    expect(found).toMatchObject({ paymentId: sale, customerId, credits: 2500n, proven: true });
    expect(found.evidence).toEqual([
      { label: 'Refund', unit: null, stripe: 'failed', ours: 'succeeded' },
      { label: 'Amount', unit: 'usd', stripe: '2000', ours: '2000' },
      { label: 'Takes of the payment', unit: 'usd', stripe: '0', ours: '2000' },
    ]);
    await repairs(refundId);
    expect(await available(sale)).toBe(2500n);
    await hear(sale);
    expect(await available(sale)).toBe(2500n);
  });

  it.each([
    { answer: 'win', status: 'won', takes: '0', left: 2500n },
    { answer: 'lose', status: 'lost', takes: '2000', left: 0n },
  ] as const)('a dispute that was $status is dispute_ended_not_settled', async (ended) => {
    const sale = await heardSale({ ...CARD, cardNumber: '4000000000000259' });
    expect(await available(sale)).toBe(0n);
    const of = { payment_intent: await store.shop.intentOf(sale) };
    const disputeId = (await stripe().disputes.list(of)).data[0]?.id ?? 'none';
    bank().answerDispute(disputeId, ended.answer);
    const found = await findsAlone('dispute_ended_not_settled', disputeId);
    expect(found).toMatchObject({ paymentId: sale, proven: true });
    expect(found.evidence).toContainEqual({
      ...{ label: 'Dispute', unit: null, stripe: ended.status, ours: 'needs_response' },
    });
    expect(found.evidence).toContainEqual({
      ...{ label: 'Takes of the payment', unit: 'usd', stripe: ended.takes, ours: '2000' },
    });
    await repairs(disputeId);
    expect(await available(sale)).toBe(ended.left);
    await hear(sale);
    expect(await available(sale)).toBe(ended.left);
  });
});

describe('money beside a sale', () => {
  it('of one that was paid is paid_twice, and becomes a payment of its own for a person', async () => {
    const sale = await heardSale();
    const { customerId } = await payment(sale);
    const metadata = {
      ...{ credence_payment: sale, credence_customer: customerId, credence_realm: store.shop.realm.id },
    };
    const { id: second } = await settleBeside(2000, metadata);
    const found = await findsAlone('paid_twice', second);
    expect(found).toMatchObject({ paymentId: sale, customerId, credits: 0n, proven: false });
    expect(found.evidence).toContainEqual({
      ...{ label: 'Settled by', unit: null, stripe: second, ours: await store.shop.intentOf(sale) },
    });
    await repairs(second);
    expect(await store.db.payment.findMany({ where: { moneyObject: second } })).toMatchObject([
      { state: 'review', reviewReason: 'paid_twice', secondOfId: sale, amountPaid: 2000n },
    ]);
    expect(await available(sale)).toBe(2500n);
  });

  it('that names a payment which is not here is unknown_money, which only a person settles', async () => {
    const named = newId('pay');
    const metadata = { credence_payment: named, credence_realm: store.shop.realm.id };
    const { id: stray } = await settleBeside(700, metadata);
    await staysUntilLeft('unknown_money', stray);
    const { evidence, paymentId, proven } = await findingOf(stray);
    expect({ paymentId, proven }).toEqual({ paymentId: null, proven: false });
    expect(evidence).toEqual([
      { label: 'At Stripe', unit: null, stripe: 'settled', ours: null },
      { label: 'Paid', unit: 'usd', stripe: '700', ours: null },
      { label: 'Payment', unit: null, stripe: named, ours: null },
    ]);
  });
});

describe('unknown money', () => {
  it('is gone once a person gave it to its customer', async () => {
    const metadata = { credence_payment: newId('pay'), credence_realm: store.shop.realm.id };
    const { id: stray } = await settleBeside(2000, metadata);
    const { id: findingId } = await findsAlone('unknown_money', stray);
    const told = saidOf(stray, 'payment_intent.succeeded');
    await inbox().deliver(told);
    await inbox().settle();
    const { id: realmId } = store.shop.realm;
    const { id: customerId } = await store.shop.newCustomer();
    const pack = await findPackForSale(store.db, { realmId, code: 'team', currency: 'usd' });
    const assigned = await assignEvent(
      ...([store.db, store.shop.reader] as const),
      { realmId, eventId: told.id, run: 1, customerId, versionId: pack?.versionId ?? '', quantity: 1 },
      { ...by, role: 'admin' },
    );
    expect(assigned).toMatchObject({ outcome: 'granted' });
    await inbox().settle();
    expect((await run(deps())).standing).toEqual([]);
    expect(await findingOf(stray)).toMatchObject({ id: findingId, state: 'repaired', actor: 'system' });
    expect(await readBalance(store.db, { book: 'test', customerId })).toMatchObject({ available: 2500n });
  });

  function saidOf(intent: string, type: string): SentEvent {
    const { events } = store.shop.sandbox.sandbox;
    const said = events.list({ limit: 100 }).rows.filter((row) => row.type === type);
    const sent = said.map(({ id }) => ({ id, type, body: events.find(id)?.body ?? '' }));
    const found = sent.find(({ body }) => body.includes(intent));
    if (!found) throw new Error(`Stripe did not say ${type} of ${intent}.`);
    return { ...found, body: bodyIn(JSON.parse(found.body), PINNED_VERSION) };
  }
});

describe('an amount that is not what our row says', () => {
  it('of a sale is amount_differs, which only a person settles', async () => {
    const sale = await store.shop.sell();
    const { customerId } = await payment(sale);
    const moneyObject = await store.shop.intentOf(sale);
    // What was paid is written once and then held by a trigger: it is wrong from its first moment.
    await inTransaction(store.db, 'by hand', async (tx) => {
      await tx.payment.update({
        where: { id: sale },
        data: { state: 'paid', paidAt: new Date(), amountPaid: 1900n, moneyObject },
      });
      await grant(tx, {
        ...{ book: 'test', customerId, key: `grant:${sale}`, amount: 2500n, lotKind: 'pack' },
        ...{ expiresAt: null, paymentId: sale, paidMinor: 1900n, currency: 'usd', actor: 'somebody' },
        occurredAt: new Date(),
      });
    });
    await staysUntilLeft('amount_differs', sale);
    const { evidence, credits, proven } = await findingOf(sale);
    expect({ credits, proven }).toEqual({ credits: 0n, proven: false });
    expect(evidence).toContainEqual({ label: 'Paid', unit: 'usd', stripe: '2000', ours: '1900' });
    expect(await available(sale)).toBe(2500n);
  });

  it('of a refund is amount_differs, and is gone once a person has put it right', async () => {
    const sale = await heardSale();
    const { id: refundId } = await stripe().refunds.create({
      ...{ payment_intent: await store.shop.intentOf(sale), amount: 500 },
    });
    await hear(sale);
    // No statement may change it: as in a restored backup whose rows somebody mended.
    const setAmount = (amount: bigint) =>
      store.db.$transaction([
        store.db.$executeRaw`SET LOCAL session_replication_role = replica`,
        store.db
          .$executeRaw`UPDATE money_back SET amount = ${amount}, taken = ${amount} WHERE stripe_id = ${refundId}`,
      ]);
    await setAmount(400n);
    const found = await findsAlone('amount_differs', refundId);
    expect(found).toMatchObject({ paymentId: sale, proven: false });
    expect(found.evidence).toContainEqual({ label: 'Amount', unit: 'usd', stripe: '500', ours: '400' });
    expect(await repairFinding(deps(), { findingId: found.id, ...by })).toEqual({ outcome: 'by_hand' });
    expect(await findsAlone('amount_differs', refundId)).toMatchObject({ id: found.id });
    await setAmount(500n);
    expect((await run(deps())).standing).toEqual([]);
    expect(await findingOf(refundId)).toMatchObject({ id: found.id, state: 'repaired', actor: 'system' });
    expect(await available(sale)).toBe(1875n);
  });
});
