import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';

import { makePayment } from '../../app/modules/admin/testing/console-data';
import { lockPayment } from '../../app/modules/payments/index.server';
import { holdForReview } from '../../app/modules/payments/hold-for-review.server';
import { makeRealm } from '../../app/modules/stripe/testing/deliveries';
import { inTransaction } from '../../app/platform/db.server';
import { REVIEW_REASONS } from '../../app/modules/webhooks/shared';
import { openRefundDesk, type RefundDesk } from '../money/testing/refund-desk';
import { useTestStore } from '../money/testing/store';
import { type Member, useTestConsole } from '../support/test-console';

/** The dialogs of a payment, sent to their routes: 2,500 credits were sold for $20. */
const REFUND = 'admin.payments.$paymentId_.refund';
const REVIEW = 'admin.payments.$paymentId_.review';
const store = useTestStore();
const desk = useTestConsole(store, () => store.shop);
let refunds: RefundDesk;
let support: Member;
beforeAll(async () => {
  refunds = openRefundDesk(store.db, store.shop);
  support = await desk.staff('support');
});

const seenNow = async (paymentId: string) => (await refunds.preview(paymentId)).key;
const form = (seen: string, change: Record<string, string> = {}) => ({
  ...{ seen, amount: '800', reason: 'duplicate', comment: 'paid twice by mistake', key: randomUUID() },
  ...change,
});
const refundRows = (paymentId: string) => store.db.moneyBack.findMany({ where: { paymentId }, take: 9 });

it('a refund goes to Stripe with its reason, takes its credits and is audited', async () => {
  const { paymentId, customerId, intent } = await refunds.sell();
  const fields = form(await seenNow(paymentId));
  expect(await desk.send(REFUND, { as: support, params: { paymentId }, fields })).toMatchObject({
    outcome: 'done',
    message: 'Stripe has refunded $8.00, and its credits are taken back.',
  });
  expect(await refunds.madeAtStripe(intent)).toMatchObject([{ amount: 800, reason: 'duplicate' }]);
  const [row, ...others] = await refundRows(paymentId);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ status: 'succeeded', actor: support.userId, level: 'gone', amount: 800n });
  expect(await desk.auditsOf(row?.id ?? '')).toEqual([`${support.userId} refund.requested duplicate`]);
  expect(await refunds.balance(customerId)).toMatchObject({ available: 1500n });
});

it('a refund sent again, by the same click or by somebody else from the same page, is one', async () => {
  const { paymentId, intent } = await refunds.sell();
  const fields = form(await seenNow(paymentId));
  const sent = { params: { paymentId }, fields };
  const answers = await Promise.all([
    desk.send(REFUND, { as: support, ...sent }),
    desk.send(REFUND, { as: support, ...sent }),
  ]);
  // One of them may hear that Stripe has not answered the other yet.
  for (const answer of answers)
    expect(answer).toMatchObject({ outcome: expect.stringMatching(/^(done|open)$/) });
  const again = await desk.send(REFUND, { as: support, ...sent });
  expect(again).toMatchObject({
    outcome: 'done',
    message: expect.stringMatching(/^Stripe has refunded \$8/),
  });
  const other = await desk.send(REFUND, { as: await desk.staff('support'), ...sent });
  expect(other).toMatchObject({
    outcome: 'done',
    message: expect.stringMatching(
      /^Robin of support asked for just this refund before you, and yours added none/,
    ),
  });
  const more = { params: { paymentId }, fields: { ...fields, amount: '900' } };
  expect(await desk.send(REFUND, { as: support, ...more })).toMatchObject({
    outcome: 'refused',
    message: expect.stringContaining('something went back of this payment since you looked'),
  });
  expect(await refunds.madeAtStripe(intent)).toHaveLength(1);
  expect(await refundRows(paymentId)).toHaveLength(1);
  const audits = await store.db.audit.count({
    where: { body: { path: ['after', 'payment'], equals: paymentId } },
  });
  expect(audits).toBe(1);
});

it('a refund that stands on what is not so any more, or of more than is left, sends nothing', async () => {
  const { paymentId, intent } = await refunds.sell();
  const seen = await seenNow(paymentId);
  await refunds.request(paymentId, 1500n);
  const sent = { as: support, params: { paymentId } };
  await desk.writingNothing(async () => {
    expect(await desk.send(REFUND, { ...sent, fields: form(seen) })).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('something went back of this payment since you looked'),
    });
    const now = await seenNow(paymentId);
    expect(await desk.send(REFUND, { ...sent, fields: form(now) })).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('$5.00'),
    });
    const elsewhere = { as: support, params: { paymentId: 'pay_none' }, fields: form('pay_none:0:0') };
    expect(await desk.send(REFUND, elsewhere)).toBe(404);
  });
  expect(await refunds.madeAtStripe(intent)).toHaveLength(1);
});

it('a refund above the limit sends nothing until somebody else approves it on its page', async () => {
  const { paymentId, customerId, intent } = await refunds.sell();
  await store.db.staffLimit.updateMany({
    where: { role: 'finance', act: 'refund', unit: 'usd' },
    data: { perAct: 100n },
  });
  const finance = await desk.staff('finance');
  const fields = form(await seenNow(paymentId));
  const asked = { as: finance, params: { paymentId }, fields };
  expect(await desk.send(REFUND, asked)).toMatchObject({ outcome: 'asked' });
  expect(await desk.send(REFUND, asked)).toMatchObject({ outcome: 'asked' });
  const approval = await store.db.approval.findFirstOrThrow({ where: { customerId } });
  expect(await store.db.approval.count({ where: { customerId } })).toBe(1);
  const page = 'admin.approvals.$approvalId';
  const { seq } = await store.db.wallet.findFirstOrThrow({ where: { customerId } });
  const approve = (as: Member) =>
    desk.send(page, {
      ...{ as, params: { approvalId: approval.id } },
      fields: { intent: 'approve', seq: String(seq), reason: 'checked' },
    });
  expect(await approve(support)).toBe(403);
  expect(await approve(finance)).toMatchObject({
    outcome: 'refused',
    message: 'You asked for this yourself: somebody else decides.',
  });
  expect(await refunds.madeAtStripe(intent)).toEqual([]);
  const second = await desk.staff('finance');
  expect(await approve(second)).toMatchObject({ outcome: 'done' });
  expect(await approve(second)).toMatchObject({ outcome: 'refused' });
  expect(await refunds.madeAtStripe(intent)).toHaveLength(1);
  expect(await refunds.balance(customerId)).toMatchObject({ available: 1500n });
  expect(await desk.auditsOf(approval.id)).toEqual([
    `${finance.userId} approval.asked duplicate`,
    `${second.userId} approval.executed checked`,
  ]);
});

it('a refund needs the role, a fresh proof, a page of this site and a whole form', async () => {
  const { paymentId } = await refunds.sell();
  const fields = form(await seenNow(paymentId));
  const sent = { params: { paymentId }, fields };
  await desk.expectGuarded(REFUND, sent, { least: 'support', lower: 'viewer' });
  await desk.expectFieldsRefused(REFUND, { as: support, ...sent }, [
    ...([
      ['reason', 'because'],
      ['reason', ''],
      ['comment', '  '],
      ['key', 'no uuid'],
    ] as const),
    ...([
      ['amount', '8.00'],
      ['amount', '-800'],
      ['amount', ''],
      ['seen', ''],
    ] as const),
  ]);
});

/** Paid at Stripe, and kept for a person before anything of it was granted. */
async function inReview() {
  const paymentId = await store.shop.sell();
  const of = { realmId: store.shop.realm.id, book: 'test' } as const;
  await inTransaction(store.db, 'hold', async (tx) => {
    const payment = await lockPayment(tx, paymentId, store.shop.realm.id);
    if (payment)
      await holdForReview(
        tx,
        payment,
        { code: 'amount_differs', detail: 'seems odd' },
        { ...of, cause: 'test', at: new Date(), evidence: [] },
      );
  });
  const { customerId } = await store.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
  return { paymentId, customerId };
}
const why = { reason: 'paid_in_full', comment: 'seen at Stripe' };

it('a payment in review is granted once by a person, whoever clicks again, and is audited', async () => {
  const { paymentId, customerId } = await inReview();
  const admin = await desk.staff('admin');
  const sent = { as: admin, params: { paymentId }, fields: { ...why, key: randomUUID() } };
  const answers = await Promise.all([desk.send(REVIEW, sent), desk.send(REVIEW, sent)]);
  expect(answers.map((answer) => (typeof answer === 'number' ? answer : answer.message)).sort()).toEqual([
    'It is in review no more: its page tells how it was resolved.',
    'Stripe shows it paid, and its credits are granted.',
  ]);
  await refunds.hear(paymentId);
  expect(await refunds.balance(customerId)).toMatchObject({ available: 2500n });
  expect(await desk.auditsOf(paymentId)).toEqual([`${admin.userId} payment.granted_in_review paid_in_full`]);
});

it('nothing in review is granted while Stripe does not answer, nor above the limit of who asks', async () => {
  const { paymentId, customerId } = await inReview();
  const sent = { params: { paymentId }, fields: why };
  await store.setFaults({ method: 'GET', path: '/v1/checkout/sessions', effect: 'unavailable', times: null });
  await desk.writingNothing(async () => {
    expect(await desk.send(REVIEW, { as: support, ...sent })).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('Stripe does not answer'),
    });
  });
  await store.setFaults();
  await store.db.staffLimit.updateMany({ where: { role: 'support', act: 'assign' }, data: { perAct: 1n } });
  expect(await desk.send(REVIEW, { as: support, ...sent })).toMatchObject({ outcome: 'asked' });
  expect(await desk.send(REVIEW, { as: support, ...sent })).toMatchObject({ outcome: 'asked' });
  expect(await store.db.approval.count({ where: { customerId } })).toBe(1);
  expect(await refunds.balance(customerId)).toMatchObject({ available: 0n });
});

it('a review needs the role, a fresh proof, a page of this site and a whole form', async () => {
  const { paymentId } = await inReview();
  const sent = { params: { paymentId }, fields: { ...why, key: randomUUID() } };
  await desk.expectGuarded(REVIEW, sent, { least: 'support', lower: 'viewer' });
  await desk.expectFieldsRefused(REVIEW, { as: support, ...sent }, [
    ...([
      ['reason', 'duplicate'],
      ['comment', ''],
      ['key', ''],
    ] as const),
  ]);
});

it('a payment of the other mode is none that this console acts on', async () => {
  const { customerId } = await refunds.sell();
  const live = await makeRealm(store.db, 'live');
  const paymentId = await makePayment(store.db, { realmId: live.id, customerId });
  const sent = { as: support, params: { paymentId } };
  await desk.writingNothing(async () => {
    expect(await desk.send(REFUND, { ...sent, fields: form('any') })).toBe(404);
    expect(await desk.send(REVIEW, { ...sent, fields: { intent: 'grant', reason: REVIEW_REASONS[0] } })).toBe(
      404,
    );
  });
});
