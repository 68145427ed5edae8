import * as z from 'zod';

import { requestLabel } from '~/modules/approvals/shared';
import { type Db } from '~/platform/db.server';

import { pagesOfEffects } from './effect-pages';
import { isId } from './filters.server';
import { type ApprovalView, type ClosedApproval, type StaffRef } from './shared';

const FIELDS = {
  ...{
    id: true,
    book: true,
    act: true,
    body: true,
    unit: true,
    amount: true,
    state: true,
    reason: true,
    comment: true,
  },
  ...{ role: true, subject: true, requester: true, owner: true, approver: true, rejectedBy: true },
  ...{ createdAt: true, expiresAt: true, closedAt: true, customerId: true },
  customer: { select: { id: true, email: true, name: true } },
} as const;

/** One request for a second person, as `reader` sees it; undefined when there is none with this id. */
export async function readApproval(db: Db, id: string, reader: string): Promise<ApprovalView | undefined> {
  if (!isId(id)) return undefined;
  const found = await db.approval.findUnique({ where: { id }, select: FIELDS });
  if (found === null) return undefined;
  const { requester, owner, approver, rejectedBy, closedAt, customerId, body, ...same } = found;
  const wallet =
    customerId === null
      ? null
      : await db.wallet.findUnique({
          where: { bookId_customerId: { bookId: found.book, customerId } },
          select: { seq: true },
        });
  const isOver = found.state === 'open' && found.expiresAt.getTime() <= Date.now();
  return {
    ...same,
    label: requestLabel(found.act, body),
    state: isOver ? 'expired' : found.state,
    requester: await staffRef(db, requester),
    paymentId: found.act === 'refund' ? await paymentOf(db, found.subject) : undefined,
    walletSeq: wallet?.seq ?? 0n,
    own: requester === reader ? 'request' : owner === reader ? 'wallet' : undefined,
    closed:
      closedAt === null ? undefined : await readClosed(db, id, { closedAt, by: approver ?? rejectedBy }),
  };
}

async function paymentOf(db: Db, refundId: string): Promise<string | undefined> {
  const refund = await db.moneyBack.findUnique({ where: { id: refundId }, select: { paymentId: true } });
  return refund?.paymentId;
}

async function staffRef(db: Db, id: string): Promise<StaffRef> {
  const user = await db.user.findUnique({ where: { id }, select: { name: true } });
  return { id, name: user?.name ?? id };
}

const closingBody = z.object({
  comment: z.string().optional(),
  after: z.object({ effects: z.array(z.string()).optional() }).optional(),
});

async function readClosed(
  db: Db,
  id: string,
  { closedAt, by }: { closedAt: Date; by: string | null },
): Promise<ClosedApproval> {
  const row = await db.audit.findFirst({
    where: { subject: id, act: { in: ['approval.executed', 'approval.rejected'] } },
    select: { reason: true, body: true },
  });
  // A redacted body says nothing more.
  const body = closingBody.safeParse(row?.body);
  const said = body.success ? body.data : {};
  return {
    at: closedAt,
    by: by === null ? null : await staffRef(db, by),
    reason: row?.reason ?? null,
    comment: said.comment ?? null,
    effects: pagesOfEffects(said.after?.effects ?? []),
  };
}
