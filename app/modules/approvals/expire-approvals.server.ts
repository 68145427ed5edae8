import * as z from 'zod';

import { appendAudit } from '~/modules/audit/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { lockApproval, type LockedApproval } from './lock-approval.server';
import { type StaffActKind } from './shared';
import { tellClosed } from './tell-closed.server';

/** What the acting rooms do for a request that nobody carried out, in the transaction that closes it. */
export type ApprovalReleases = Partial<
  Record<StaffActKind, (tx: Tx, approval: LockedApproval) => Promise<void>>
>;

/** Closes the requests whose seven days are over, and has their rooms free what they keep for them. Answers how many. */
export async function expireApprovals(db: Db, releases: ApprovalReleases): Promise<number> {
  for (let closed = 0; ; closed += 1) {
    const expired = await inTransaction(db, 'expire approval', (tx) => expireNext(tx, releases));
    if (!expired) return closed;
  }
}

const ids = z.array(z.object({ id: z.string() }));

async function expireNext(tx: Tx, releases: ApprovalReleases): Promise<boolean> {
  const rows = await tx.$queryRaw`
    SELECT id FROM approval WHERE state = 'open' AND expires_at <= clock_timestamp()
    ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
  const [due] = ids.parse(rows);
  const approval = due && (await lockApproval(tx, due.id));
  if (!approval) return false;
  await tx.approval.update({
    where: { id: approval.id },
    data: { state: 'expired', closedAt: new Date() },
    select: { id: true },
  });
  await releases[approval.act]?.(tx, approval);
  await tellClosed(tx, approval.id);
  await appendAudit(tx, { actor: 'system', act: 'approval.expired', subject: approval.id });
  return true;
}
