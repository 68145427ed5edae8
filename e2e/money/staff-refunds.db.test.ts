import { beforeAll, describe, expect, it } from 'vitest';

import { approveRefund, rejectRefund } from '../../app/modules/refunds/index.server';
import { readBalance } from '../../app/modules/ledger/index.server';
import { hours, minutes } from '../../app/platform/time';
import { openRefundDesk, type RefundDesk } from './testing/refund-desk';
import { ONE_SENDING } from './testing/sandbox-shop';
import { type ApiFault, useTestStore } from './testing/store';

/** Refunds by staff, over the sandbox: 2,500 credits were sold for $20. */
const store = useTestStore();
let desk: RefundDesk;
beforeAll(() => {
  desk = openRefundDesk(store.db, store.shop);
});

const moneyBack = () => store.shop.sandbox.sandbox.moneyBack;
const onRefunds = (effect: ApiFault['effect'], times: number | null): ApiFault => ({
  ...{ method: 'POST', path: '/v1/refunds', effect, times },
});

describe('a staff refund', () => {
  it('is previewed exactly, sent once with its reason and audit, and the webhook adds nothing', async () => {
    const sale = await desk.sell();
    await desk.spendSome(sale.customerId, 1000n);
    const seen = await desk.preview(sale.paymentId, 1500n);
    // ⌊2500 × 1500 ÷ 2000⌋ = 1875 are to go, 1500 are left.
    expect(seen).toMatchObject({
      ...{ paid: 2000n, refunded: 0n, left: 2000n, granted: 2500n, spent: 1000n, available: 1500n },
      ...{ toRevoke: 1500n, shortfall: 375n, policy: 'absorb', bar: undefined },
    });
    const done = await desk.request(sale.paymentId, 1500n, { key: seen.key, reason: 'duplicate' });
    expect(done).toMatchObject({ outcome: 'sent', status: 'succeeded', failure: null });
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 0n, claimed: 0n, debt: 0n });
    await desk.hear(sale.paymentId);
    const [made, ...others] = await desk.madeAtStripe(sale.intent);
    expect(others).toEqual([]);
    const [row, ...more] = await desk.backsOf(sale.paymentId);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ stripeId: made?.id, status: 'succeeded', level: 'gone', taken: 1500n });
    expect(made).toMatchObject({ amount: 1500, reason: 'duplicate', metadata: { credence_id: row?.id } });
    const call = await store.db.stripeCall.findFirstOrThrow({ where: { purpose: row?.id ?? '' } });
    expect(call).toMatchObject({ key: `${row?.id ?? ''}.1`, state: 'succeeded', objectId: made?.id });
    const audit = await store.db.audit.findFirstOrThrow({ where: { subject: row?.id ?? '' } });
    expect(audit).toMatchObject({ actor: 'usr_admin', act: 'refund.requested', reason: 'duplicate' });
    const claim = await store.db.claim.findUniqueOrThrow({ where: { paymentId: sale.paymentId } });
    expect(claim).toMatchObject({ shortfall: 375n, owed: 0n });
  });

  it('is one refund when it is clicked twice at once, and when two people ask from the same page', async () => {
    const sale = await desk.sell();
    const { key } = await desk.preview(sale.paymentId);
    const asked = await Promise.all([
      desk.request(sale.paymentId, 500n, { key }),
      desk.request(sale.paymentId, 500n, { key }),
      desk.request(sale.paymentId, 500n, { key, actor: 'usr_other' }),
      desk.request(sale.paymentId, 700n, { key, actor: 'usr_third' }),
    ]);
    const same = asked.slice(0, 3).map(({ outcome }) => outcome);
    const isFirst = same.includes('sent');
    expect(asked.filter(({ outcome }) => outcome === 'sent')).toHaveLength(1);
    expect(new Set(same)).toEqual(new Set(isFirst ? ['sent', 'repeated'] : ['changed']));
    expect(await desk.madeAtStripe(sale.intent)).toHaveLength(1);
    const again = await desk.request(sale.paymentId, isFirst ? 500n : 700n, { key });
    expect(again.outcome).toBe('repeated');
    await desk.hear(sale.paymentId);
    expect(await desk.backsOf(sale.paymentId)).toHaveLength(1);
  });

  it('is refused for zero, for less than nothing and for more than is left, and never becomes "all"', async () => {
    const sale = await desk.sell();
    for (const amount of [0n, -1n])
      expect(await desk.request(sale.paymentId, amount)).toEqual({ outcome: 'barred', bar: { bar: 'zero' } });
    expect(await desk.request(sale.paymentId, 2001n)).toEqual({
      ...{ outcome: 'barred', bar: { bar: 'too_much', left: 2000n } },
    });
    expect(await desk.request(sale.paymentId, 1999n)).toMatchObject({ outcome: 'sent' });
    expect(await desk.request(sale.paymentId, 2n)).toMatchObject({ bar: { bar: 'too_much', left: 1n } });
    expect(await desk.request(sale.paymentId, 1n)).toMatchObject({ outcome: 'sent' });
    expect((await desk.preview(sale.paymentId)).bar).toEqual({ bar: 'too_much', left: 0n });
    expect(await desk.madeAtStripe(sale.intent)).toHaveLength(2);
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 0n });
  });

  it('of a page that another refund has outdated is told so, and nothing is sent', async () => {
    const sale = await desk.sell();
    const { key } = await desk.preview(sale.paymentId);
    moneyBack().refund(sale.intent, 300);
    await desk.hear(sale.paymentId);
    expect(await desk.request(sale.paymentId, 500n, { key })).toEqual({ outcome: 'changed' });
    expect(await desk.madeAtStripe(sale.intent)).toHaveLength(1);
  });

  it('is refused with the reason while a chargeback is open and after it was lost, and possible once it is won', async () => {
    const [won, lost] = [await desk.sell(), await desk.sell()];
    for (const sale of [won, lost]) {
      moneyBack().openDispute(sale.intent, 'chargeback', 'fraudulent');
      await desk.hear(sale.paymentId);
      const asked = await desk.request(sale.paymentId, 100n);
      expect(asked).toMatchObject({ outcome: 'barred', bar: { bar: 'charged_back', isOpen: true } });
    }
    const idOf = (intent: string) => moneyBack().disputes({ paymentIntentId: intent }).rows[0]?.id ?? '';
    moneyBack().answerDispute(idOf(won.intent), 'win');
    moneyBack().answerDispute(idOf(lost.intent), 'lose');
    for (const sale of [won, lost]) await desk.hear(sale.paymentId);
    expect(await desk.request(lost.paymentId, 100n)).toMatchObject({
      bar: { bar: 'charged_back', isOpen: false },
    });
    expect(await desk.request(won.paymentId, 2000n)).toMatchObject({ outcome: 'sent', status: 'succeeded' });
  });

  it('that Stripe refuses for good gives the credits back and says why', async () => {
    const sale = await desk.sell();
    moneyBack().openDispute(sale.intent, 'chargeback', 'fraudulent');
    const done = await desk.request(sale.paymentId, 800n);
    expect(done).toMatchObject({ outcome: 'sent', status: 'failed' });
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 2500n, claimed: 0n });
    const [row] = await desk.backsOf(sale.paymentId);
    expect(row?.failure).toMatch(/charged back|charge_disputed/);
  });

  it('that failed long after it had succeeded gives the credits back, and a late charge.refunded takes none', async () => {
    const sale = await desk.sell('4000000000005126');
    expect(await desk.request(sale.paymentId, 2000n)).toMatchObject({ status: 'succeeded' });
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 0n });
    const [made] = await desk.madeAtStripe(sale.intent);
    const told = (await store.shop.eventsOf(sale.paymentId)).filter(({ type }) => type === 'charge.refunded');
    moneyBack().failRefund(made?.id ?? '');
    const later = (await store.shop.eventsOf(sale.paymentId)).filter(
      ({ type }) => type !== 'charge.refunded',
    );
    await desk.inbox.list(later);
    await desk.inbox.drain();
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 2500n });
    await desk.inbox.list(told);
    await desk.inbox.drain();
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 2500n });
    expect(await desk.backsOf(sale.paymentId)).toMatchObject([{ status: 'failed', taken: 0n }]);
    expect((await desk.preview(sale.paymentId)).left).toBe(2000n);
  });
});

describe('a refund whose answer was lost', () => {
  it('stays unknown with its credits held back, is sent again under its key, and is one refund', async () => {
    const sale = await desk.sell();
    await store.setFaults(onRefunds('lost_answer', ONE_SENDING));
    expect(await desk.request(sale.paymentId, 2000n)).toMatchObject({ outcome: 'sent', status: 'sending' });
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 0n, claimed: 2500n });
    expect(await desk.sweepIn(minutes(2))).toBe(1);
    expect(await desk.madeAtStripe(sale.intent)).toHaveLength(1);
    expect(await desk.backsOf(sale.paymentId)).toMatchObject([{ status: 'succeeded', level: 'gone' }]);
    await desk.hear(sale.paymentId);
    expect(await desk.backsOf(sale.paymentId)).toHaveLength(1);
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 0n, claimed: 0n });
  });

  it('is adopted by its webhook before the answer is known', async () => {
    const sale = await desk.sell();
    await store.setFaults(onRefunds('lost_answer', ONE_SENDING));
    await desk.request(sale.paymentId, 2000n);
    await desk.hear(sale.paymentId);
    const [made] = await desk.madeAtStripe(sale.intent);
    expect(await desk.backsOf(sale.paymentId)).toMatchObject([{ stripeId: made?.id, status: 'succeeded' }]);
    await desk.sweepIn(minutes(2));
    expect(await desk.backsOf(sale.paymentId)).toHaveLength(1);
    expect(await desk.madeAtStripe(sale.intent)).toHaveLength(1);
  });

  it('is looked for after 25 hours, found and not made a second time', async () => {
    const sale = await desk.sell();
    await store.setFaults(onRefunds('lost_answer', ONE_SENDING));
    await desk.request(sale.paymentId, 900n);
    await store.setFaults();
    expect(await desk.sweepIn(hours(25))).toBe(1);
    expect(await desk.madeAtStripe(sale.intent)).toHaveLength(1);
    expect(await desk.backsOf(sale.paymentId)).toMatchObject([{ status: 'succeeded', taken: 900n }]);
  });

  it('that never happened is given up after two looks: the credits are back, and only a person asks again', async () => {
    const sale = await desk.sell();
    await store.setFaults(onRefunds('unavailable', null));
    expect(await desk.request(sale.paymentId, 900n)).toMatchObject({ status: 'sending' });
    expect(await desk.sweepIn(hours(25))).toBe(0);
    expect(await desk.sweepIn(hours(25) + minutes(5))).toBe(0);
    expect(await desk.sweepIn(hours(25) + minutes(11))).toBe(1);
    await store.setFaults();
    expect(await desk.sweepIn(hours(50))).toBe(0);
    expect(await desk.madeAtStripe(sale.intent)).toEqual([]);
    expect(await desk.backsOf(sale.paymentId)).toMatchObject([{ status: 'failed', level: 'none' }]);
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 2500n, claimed: 0n });
    expect(await desk.request(sale.paymentId, 900n)).toMatchObject({ status: 'succeeded' });
  });
});

describe('a refund above the limit of who asks', () => {
  const approve = async (approvalId: string, customerId: string, approver = 'usr_second') => {
    const { seq } = await readBalance(store.db, { book: 'test', customerId });
    return approveRefund(store.db, store.shop.settings, {
      ...{ realm: store.shop.realm, approvalId, approver, role: 'finance' as const, walletSeq: seq },
    });
  };
  const park = async () => {
    const sale = await desk.sell();
    await store.db.staffLimit.updateMany({ where: { role: 'support', unit: 'usd' }, data: { perAct: 100n } });
    const parked = await desk.request(sale.paymentId, 1200n, { role: 'support', actor: 'usr_support' });
    if (parked.outcome !== 'awaiting_approval') throw new Error(`It is ${parked.outcome}.`);
    return { sale, parked };
  };

  it('waits for a second person, takes nothing meanwhile and keeps its part, then is sent once', async () => {
    const { sale, parked } = await park();
    expect(await desk.madeAtStripe(sale.intent)).toEqual([]);
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 2500n, claimed: 0n });
    expect(await desk.request(sale.paymentId, 801n)).toMatchObject({ bar: { bar: 'too_much', left: 800n } });
    expect(await approve(parked.approvalId, sale.customerId, 'usr_support')).toMatchObject({
      outcome: 'own_request',
    });
    const both = await Promise.all([
      approve(parked.approvalId, sale.customerId),
      approve(parked.approvalId, sale.customerId, 'usr_third'),
    ]);
    expect(both.filter(({ outcome }) => outcome === 'sent')).toHaveLength(1);
    expect(await desk.madeAtStripe(sale.intent)).toHaveLength(1);
    expect(await desk.balance(sale.customerId)).toMatchObject({ available: 1000n });
  });

  it('that is not possible any more is not sent', async () => {
    const { sale, parked } = await park();
    moneyBack().refund(sale.intent, 1000);
    await desk.hear(sale.paymentId);
    expect(await approve(parked.approvalId, sale.customerId)).toEqual({
      outcome: 'not_done',
      why: 'too_much',
    });
    expect(await desk.madeAtStripe(sale.intent)).toHaveLength(1);
  });

  it('that is rejected frees what it kept', async () => {
    const { sale, parked } = await park();
    const { approvalId } = parked;
    const by = { approvalId, actor: 'usr_second', comment: 'not ours to pay' };
    expect(await rejectRefund(store.db, by)).toEqual({ outcome: 'rejected' });
    expect(await approve(approvalId, sale.customerId)).toMatchObject({ outcome: 'closed' });
    expect(await desk.backsOf(sale.paymentId)).toMatchObject([{ status: 'rejected', level: 'none' }]);
    expect((await desk.preview(sale.paymentId)).left).toBe(2000n);
  });

  it('is never asked for the wallet of one’s own log-in', async () => {
    const sale = await desk.sell();
    await store.db.user.create({
      data: { id: 'usr_owner', email: 'owner@example.test', name: 'Owner', role: 'admin', passwordHash: 'x' },
    });
    await store.db.customer.update({ where: { id: sale.customerId }, data: { userId: 'usr_owner' } });
    const asked = await desk.request(sale.paymentId, 100n, { actor: 'usr_owner' });
    expect(asked).toEqual({ outcome: 'own_wallet' });
  });
});
