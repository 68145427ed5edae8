import { DISPUTE_ANSWERABLE } from '~/modules/disputes/shared';
import { type Db } from '~/platform/db.server';

import { type ListCount, type RealmRef } from './shared';

const FINDINGS = 6;
/** Beyond so many nobody counts. */
const MOST = 1000;
const counted = (n: number): ListCount => ({ n: Math.min(n, MOST), isExact: n <= MOST });

/** What waits for a person, beside what the lists of payments and events count. */
export async function readDesk(db: Db, realm: RealmRef, now: Date) {
  // An inquiry takes nothing and is answered too; what was answered or lost waits for nobody, whatever it takes.
  const answerable = { kind: 'dispute' as const, status: { in: [...DISPUTE_ANSWERABLE] } };
  const due = { realmId: realm.id, ...answerable, dueBy: { gt: now } };
  const open = { realmId: realm.id, resolvedAt: null };
  const [approvals, disputes, next, findings, latest] = await Promise.all([
    db.approval.findMany({
      where: { book: realm.mode, state: 'open' },
      take: MOST + 1,
      select: { id: true },
    }),
    db.moneyBack.findMany({ where: due, take: MOST + 1, select: { id: true } }),
    db.moneyBack.findFirst({ where: due, orderBy: { dueBy: 'asc' }, select: { dueBy: true } }),
    db.finding.findMany({ where: open, take: MOST + 1, select: { id: true } }),
    db.finding.findMany({
      where: open,
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: FINDINGS,
      select: { id: true, kind: true, subject: true, detail: true, createdAt: true },
    }),
  ]);
  return {
    approvals: counted(approvals.length),
    disputes: { due: counted(disputes.length), nextDueBy: next?.dueBy ?? undefined },
    findings: { open: counted(findings.length), latest },
  };
}
