import * as z from 'zod';

import { approve, type ApproveInput, type ApproveOutcome } from '~/modules/approvals/index.server';
import { type ShownMoney } from '~/modules/payments/index.server';
import { type ReaderOf } from '~/modules/stripe/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { assignPaid, readAssigned } from './assign-event.server';
import { dismissStuck } from './dismiss-event.server';
import { type ReadPaidOutcome } from './read-paid.server';
import { lockEventsOf } from './resting-event.server';
import { grantReviewed, readReviewed } from './resolve-review.server';
import { type ByStaff, permitted } from './staff-permit.server';

const seen = { realmId: z.string(), eventId: z.string(), run: z.int() };
/** What the acts of this room ask a second person for. */
export const approvedBody = z.discriminatedUnion('kind', [
  z.object({
    ...{ kind: z.literal('assign'), ...seen },
    ...{ customerId: z.string(), versionId: z.string(), quantity: z.int() },
  }),
  z.object({ kind: z.literal('review'), realmId: z.string(), paymentId: z.string() }),
  z.object({ kind: z.literal('dismiss'), ...seen }),
]);
type Body = z.infer<typeof approvedBody>;

export type CarryOutOutcome = ApproveOutcome | Exclude<ReadPaidOutcome, { outcome: 'paid' }>;

/**
 * A second person approves an assignment, a grant in review or a dismissal, which is carried out at once. Stripe is asked
 * again before: what the requester saw may stand no more.
 * @throws StripeError when Stripe does not answer
 */
export async function carryOutApproved(
  db: Db,
  readerOf: ReaderOf,
  input: ApproveInput,
): Promise<CarryOutOutcome> {
  const row = await db.approval.findUnique({ where: { id: input.approvalId }, select: { body: true } });
  if (!row) return { outcome: 'not_found' };
  const body = approvedBody.parse(row.body);
  const paid = await readMoney(db, readerOf, body);
  if (paid !== undefined && paid.outcome !== 'paid') return paid;
  return inTransaction(db, 'carry out approved', async (tx) => {
    await lockBefore(tx, body, paid?.money);
    return approve(tx, input, async ({ requester, role, reason, comment }) => {
      const done = await perform(tx, body, paid?.money, { actor: requester, role, reason, comment });
      const isDone = done.outcome === 'granted' || done.outcome === 'dismissed';
      if (!isDone) return { outcome: 'not_done', why: done.outcome };
      return { outcome: 'done', effects: 'effects' in done ? done.effects : [] };
    });
  });
}

async function readMoney(db: Db, readerOf: ReaderOf, body: Body): Promise<ReadPaidOutcome | undefined> {
  if (body.kind === 'dismiss') return undefined;
  const reader = await readerOf(body.realmId);
  return body.kind === 'assign' ? readAssigned(db, reader, body) : readReviewed(db, reader, body);
}

/** Events and payments are locked before the request and the wallet, as those who process events do. */
async function lockBefore(tx: Tx, body: Body, money: ShownMoney | undefined): Promise<void> {
  if (body.kind === 'review') {
    if (money) await lockEventsOf(tx, body.realmId, money);
    await tx.$queryRaw`SELECT id FROM payment WHERE id = ${body.paymentId} FOR NO KEY UPDATE`;
  } else
    await tx.$queryRaw`
      SELECT id FROM event WHERE realm = ${body.realmId} AND id = ${body.eventId} FOR UPDATE`;
}

function perform(tx: Tx, body: Body, money: ShownMoney | undefined, by: ByStaff) {
  if (body.kind === 'dismiss') return dismissStuck(tx, body, by, permitted);
  if (money === undefined) throw new Error('What was paid was not read.');
  if (body.kind === 'assign') return assignPaid(tx, body, money, by, permitted);
  return grantReviewed(tx, body, money, by, permitted);
}
