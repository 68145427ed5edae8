import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';

import { type ApprovalDeps } from '../../app/console/approval-door';
import { approveRequest, declineRequest, previewRequest } from '../../app/console/approval-doors.server';
import { adjustByStaff } from '../../app/modules/adjustments/index.server';
import { readBalance } from '../../app/modules/ledger/index.server';
import { settingsAmong } from '../../app/modules/stripe/index.server';
import { newId } from '../../app/platform/ids.server';
import { openRefundDesk, type RefundDesk } from './testing/refund-desk';
import { useTestStore } from './testing/store';

/** Requests as the console's page shows them and carries them out, whatever room acts. */
const store = useTestStore();
let desk: RefundDesk;
let deps: ApprovalDeps;
beforeAll(() => {
  desk = openRefundDesk(store.db, store.shop);
  const { shop } = store;
  const readerOf = () => Promise.resolve(shop.reader);
  deps = { db: store.db, book: 'test', settingsOf: settingsAmong([shop]), readerOf };
});

const approve = async (approvalId: string, customerId: string) => {
  const { seq: walletSeq } = await readBalance(store.db, { book: 'test', customerId });
  const who = { approver: 'usr_second', role: 'finance', reason: 'checked', comment: 'seen' } as const;
  return approveRequest(deps, { approvalId, walletSeq, ...who });
};
const decline = (approvalId: string) =>
  declineRequest(deps, { approvalId, actor: 'usr_second', reason: 'too_much', comment: 'no' });

async function askedRefund() {
  const sale = await desk.sell();
  await store.db.staffLimit.updateMany({ where: { role: 'support', unit: 'usd' }, data: { perAct: 100n } });
  // All of it: what waits is not taken for something that went back already.
  const parked = await desk.request(sale.paymentId, 2000n, { role: 'support', actor: 'usr_support' });
  if (parked.outcome !== 'awaiting_approval') throw new Error(parked.outcome);
  return { sale, approvalId: parked.approvalId };
}

async function askedAdjustment(customerId: string) {
  const book = 'test';
  const { seq: expectedSeq } = await readBalance(store.db, { book, customerId });
  const asked = await adjustByStaff(store.db, {
    ...{ book, customerId, direction: 'subtract', amount: 2500n, expiresAt: null, key: randomUUID() },
    ...{ expectedSeq, actor: 'usr_support', role: 'support', reason: 'correction', comment: 'sold twice' },
  });
  if (asked.outcome !== 'asked') throw new Error(asked.outcome);
  return asked.approvalId;
}

it('a refund of all is shown as it would go now, and sent once it is approved', async () => {
  const { sale, approvalId } = await askedRefund();
  await desk.spendSome(sale.customerId, 500n);
  expect(await previewRequest(deps, approvalId)).toEqual({
    changes: [
      { label: 'Refunded', unit: 'usd', before: 0n, after: 2000n },
      { label: 'Credits left of the payment', unit: 'credits', before: 2000n, after: 0n },
    ],
    notes: [expect.stringContaining('500 credits of it are spent already')],
    bar: undefined,
  });
  expect(await approve(approvalId, sale.customerId)).toMatchObject({ outcome: 'done' });
  expect(await desk.madeAtStripe(sale.intent)).toHaveLength(1);
  expect(await desk.balance(sale.customerId)).toMatchObject({ available: 0n });
  expect(await approve(approvalId, sale.customerId)).toMatchObject({ outcome: 'refused' });
});

it('a refund that is declined frees its part of the payment, and the decision is audited with its reason', async () => {
  const { sale, approvalId } = await askedRefund();
  expect(await decline(approvalId)).toEqual({ outcome: 'rejected' });
  expect(await decline(approvalId)).toEqual({ outcome: 'closed', state: 'rejected' });
  expect(await desk.preview(sale.paymentId)).toMatchObject({ left: 2000n, bar: undefined });
  const audit = await store.db.audit.findFirstOrThrow({
    where: { subject: approvalId, act: 'approval.rejected' },
  });
  expect(audit).toMatchObject({ actor: 'usr_second', reason: 'too_much', body: { comment: 'no' } });
});

it('an adjustment is shown with what bars it now, and carried out when nothing does', async () => {
  const { customerId } = await desk.sell();
  const approvalId = await askedAdjustment(customerId);
  await desk.spendSome(customerId, 1n);
  expect(await previewRequest(deps, approvalId)).toMatchObject({
    bar: expect.stringContaining('Less is available') as unknown,
  });
  expect(await approve(approvalId, customerId)).toMatchObject({ outcome: 'refused' });
  const other = (await desk.sell()).customerId;
  const next = await askedAdjustment(other);
  expect(await previewRequest(deps, next)).toMatchObject({
    ...{ changes: [{ label: 'Available', before: 2500n, after: 0n }], bar: undefined },
  });
  expect(await approve(next, other)).toMatchObject({ outcome: 'done' });
  expect(await desk.balance(other)).toMatchObject({ available: 0n });
});

it('requests of the other book are neither carried out nor declined here', async () => {
  const customerId = newId('cst');
  await store.db.customer.create({ data: { id: customerId } });
  const asked = await adjustByStaff(store.db, {
    ...{ book: 'live', customerId, direction: 'add', amount: 5000n, expiresAt: null, key: randomUUID() },
    ...{ expectedSeq: 0n, actor: 'usr_support', role: 'support', reason: 'goodwill', comment: 'live' },
  });
  const approvalId = asked.outcome === 'asked' ? asked.approvalId : '';
  expect(await approve(approvalId, customerId)).toMatchObject({ outcome: 'refused' });
  expect(await decline(approvalId)).toEqual({ outcome: 'not_found' });
  expect(await store.db.approval.findUniqueOrThrow({ where: { id: approvalId } })).toMatchObject({
    state: 'open',
  });
});
