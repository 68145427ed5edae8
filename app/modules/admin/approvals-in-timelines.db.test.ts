import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';

import { adjustByStaff, approveAdjustment } from '~/modules/adjustments/index.server';
import { askApproval, mailApproval, rejectApproval } from '~/modules/approvals/index.server';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { readCustomerTimeline } from './customer-timeline.server';
import { readApproval } from './read-approval.server';
import { readPayment } from './read-payment.server';
import { type TimelineEntry } from './shared';
import { makeCustomer, makePayment, makeRealm } from './testing/console-data';

const test = useTestDatabase();

async function newStaff(role: 'support' | 'finance') {
  const id = newId('usr');
  const email = `${id}@example.test`;
  await test.db.user.create({ data: { id, email, name: role, passwordHash: 'none', role } });
  return { id, email };
}

const tell = (approvalId: string, mail: 'asked' | 'closed') =>
  mailApproval(test.db, { approvalId, mail }, 'https://credits.example.test');

/** What two people had to do with it, oldest first: acts with who and their links, mails with to whom. */
const story = (entries: readonly TimelineEntry[]) =>
  entries.flatMap((entry) => {
    if (entry.kind === 'act')
      return [[entry.act, entry.actor, entry.subject, ...entry.effects.map(({ to }) => to)]];
    if (entry.kind === 'mail') return [[entry.mail, entry.recipient, entry.approvalId]];
    return entry.kind === 'transfer' ? [[entry.transfer, entry.actor, entry.id]] : [];
  });

it('a customer’s timeline tells who asked, who was told, who decided, and the adjustment that came of it', async () => {
  const customerId = await makeCustomer(test.db);
  const [asker, decider] = [await newStaff('support'), await newStaff('finance')];
  const asked = await adjustByStaff(test.db, {
    ...{ book: 'test', customerId, direction: 'add', amount: 4000n, expiresAt: null, key: randomUUID() },
    ...{ expectedSeq: 0n, actor: asker.id, role: 'support', reason: 'goodwill', comment: 'ticket 4711' },
  });
  if (asked.outcome !== 'asked') throw new Error(asked.outcome);
  const { approvalId } = asked;
  await tell(approvalId, 'asked');
  const approved = await approveAdjustment(test.db, {
    ...{ approvalId, approver: decider.id, role: 'finance', walletSeq: 0n },
  });
  if (approved.outcome !== 'executed') throw new Error(approved.outcome);
  const [transferId = ''] = approved.effects;
  await tell(approvalId, 'closed');
  const timeline = await readCustomerTimeline(test.db, { customerId, book: 'test' });
  const told = story(timeline);
  expect(told).toHaveLength(6);
  expect(told).toEqual(
    expect.arrayContaining([
      ['approval.asked', asker.id, approvalId],
      ['approvals.asked', decider.email, approvalId],
      ['credits.adjusted', asker.id, customerId],
      ['adjust', `approval:${approvalId}`, transferId],
      ['approval.executed', decider.id, approvalId, `/admin/transfers/${transferId}`],
      ['approvals.closed', asker.email, approvalId],
    ]),
  );
});

it('a payment’s timeline tells what was asked about it and declined, and no mail of another request', async () => {
  const realmId = await makeRealm(test.db);
  const [asker, decider] = [await newStaff('support'), await newStaff('finance')];
  const ask = async () => {
    const customerId = await makeCustomer(test.db);
    const paymentId = await makePayment(test.db, { realmId, customerId });
    const asked = await inTransaction(test.db, 'ask', (tx) =>
      askApproval(tx, {
        ...{ book: 'test', act: 'assign', actor: asker.id, role: 'support', customerId, unit: 'credits' },
        ...{ amount: 5000n, subject: paymentId, body: {}, preview: {}, reason: 'goodwill', comment: 'x' },
      }),
    );
    if (asked.outcome !== 'asked') throw new Error(asked.outcome);
    await tell(asked.approvalId, 'asked');
    return { paymentId, approvalId: asked.approvalId };
  };
  const [{ paymentId, approvalId }] = [await ask(), await ask()];
  await inTransaction(test.db, 'decline', (tx) =>
    rejectApproval(tx, {
      ...{ approvalId, actor: decider.id, reason: 'goodwill', comment: 'no' },
    }),
  );
  await tell(approvalId, 'closed');
  const told = story((await readPayment(test.db, paymentId))?.timeline ?? []);
  expect(told.filter(([what]) => what !== 'approvals.asked')).toEqual([
    ['approval.asked', asker.id, approvalId],
    ['approval.rejected', decider.id, approvalId],
    ['approvals.closed', asker.email, approvalId],
  ]);
  const toWhom = told.filter(([what]) => what === 'approvals.asked');
  expect(toWhom).toContainEqual(['approvals.asked', decider.email, approvalId]);
  for (const [, , about] of toWhom) expect(about).toBe(approvalId);
  expect((await readApproval(test.db, approvalId, asker.id))?.subject).toBe(paymentId);
});
