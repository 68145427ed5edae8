import { appendAudit } from '~/modules/audit/index.server';
import { isApplicable } from '~/modules/findings/shared';
import { type Db, type Tx } from '~/platform/db.server';

import { eachFinding } from './each-finding.server';
import { type Reconciler } from './reconciler';
import { repairFinding } from './repair-finding.server';

/** Of one run; the others are repaired by the next. */
const MOST = 1000;

export async function isAutoRepairOn(db: Db | Tx, realmId: string): Promise<boolean> {
  const row = await db.autoRepair.findUnique({ where: { realmId }, select: { isOn: true } });
  return row?.isOn === true;
}

/** Switches the repair of proven differences without a person on or off, for one realm. */
export async function setAutoRepair(
  tx: Tx,
  input: { realmId: string; isOn: boolean; actor: string; reason: string; comment: string },
): Promise<{ outcome: 'set' | 'unchanged' }> {
  const { realmId, isOn, actor, reason, comment } = input;
  await tx.$queryRaw`SELECT id FROM realm WHERE id = ${realmId} FOR NO KEY UPDATE`;
  const was = await isAutoRepairOn(tx, realmId);
  if (was === isOn) return { outcome: 'unchanged' };
  const row = { isOn, actor, reason, comment, at: new Date() };
  await tx.autoRepair.upsert({
    where: { realmId },
    create: { realmId, ...row },
    update: row,
    select: { realmId: true },
  });
  await appendAudit(tx, {
    ...{ actor, act: 'auto_repair.set', subject: realmId, realmId, reason, comment },
    before: { isOn: was },
    after: { isOn },
  });
  return { outcome: 'set' };
}

/**
 * Repairs open findings that are proven: money that settled, a refund or a dispute that is past, as Stripe shows it now.
 * Whatever else was found waits for a person, whether or not the switch is on.
 * @returns how many were repaired
 */
export async function repairProven(
  deps: Reconciler,
  by: { actor: string; reason: string; comment: string },
): Promise<number> {
  const open = await deps.db.finding.findMany({
    where: { realmId: deps.realm.id, state: 'open', proven: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MOST,
    select: { id: true, kind: true },
  });
  return eachFinding(open, async ({ id: findingId, kind }) => {
    if (!isApplicable(kind)) return 'left';
    const { outcome } = await repairFinding(deps, { findingId, ...by });
    if (outcome === 'paused') return 'end';
    return outcome === 'repaired' ? 'done' : 'left';
  });
}
