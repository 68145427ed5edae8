import { countAct } from '~/modules/approvals/index.server';
import { type LimitBound, type PersonRole } from '~/modules/approvals/shared';
import { appendAudit } from '~/modules/audit/index.server';
import { type FindingRow, lockFinding, moveFinding } from '~/modules/findings/index.server';
import { isApplicable } from '~/modules/findings/shared';
import { isPaused } from '~/modules/pauses/index.server';
import { inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { lookAgain, type SeenAgain } from './look-again.server';
import { type Reconciler } from './reconciler';

export interface RepairInput {
  findingId: string;
  /** A user's id, `cli`, or `system` where it repairs itself. */
  actor: string;
  /** Whose limits count; absent for whoever has none: the operator at the database, and the switch. */
  role?: PersonRole;
  reason: string;
  comment: string;
}

export type RepairOutcome =
  /** Both sides agree now. `by` somebody else meanwhile when nothing had to be done. */
  | { outcome: 'repaired'; by: 'this' | 'other' }
  /** It was read and applied, and differs still: a person has to look. */
  | { outcome: 'stands'; detail: string }
  | { outcome: 'unknown' }
  /** It is dismissed, or was repaired before. */
  | { outcome: 'closed'; state: 'repaired' | 'dismissed' }
  /** No fact of Stripe's puts it right. */
  | { outcome: 'by_hand' }
  | { outcome: 'above_limit'; limit: bigint; used: bigint; bound: LimitBound }
  | { outcome: 'own_wallet' }
  /** Processing is paused in the realm's book. */
  | { outcome: 'paused' };

/**
 * Reads a finding's object, brings it to the door that its events come to, and reads both sides again: it is closed only
 * when they agree. Nothing is granted or taken by the finding itself, so pressed twice, by two, or beside the late event,
 * the doors do it once.
 * @throws StripeError when Stripe does not answer: the finding stays as being repaired, and the next run ends it
 */
export async function repairFinding(deps: Reconciler, input: RepairInput): Promise<RepairOutcome> {
  const { db, realm } = deps;
  const { findingId, actor, reason, comment } = input;
  const seen = await db.finding.findFirst({ where: { id: findingId, realmId: realm.id }, select: LOOKED_AT });
  if (seen === null) return { outcome: 'unknown' };
  if (await isPaused(db, { book: realm.mode, work: 'processing' })) return { outcome: 'paused' };
  // Read before anything is begun: what a person saw may be gone, or be another difference by now.
  const before = isRepairable(seen) ? await lookAgain(deps, seen) : undefined;
  const begun = await inTransaction(db, 'begin repair', (tx) => begin(tx, deps, input, before?.seen));
  if (begun.outcome !== 'begun') return begun;
  let after: SeenAgain = before ?? { seen: 'unclear' };
  if (after.seen !== 'gone') {
    await deps.bring(begun.about, { actor, reason: `${reason}: ${comment}` });
    after = await lookAgain(deps, seen);
  }
  const last = after;
  return inTransaction(db, 'end repair', async (tx): Promise<RepairOutcome> => {
    const locked = await lockFinding(tx, { id: findingId, realmId: realm.id });
    if (locked?.state === 'repaired') return { outcome: 'repaired', by: 'other' };
    const isGone = last.seen === 'gone';
    const moved = await moveFinding(
      tx,
      findingId,
      last.seen === 'gone' ? { to: 'repaired', actor, after: last.after } : { to: 'open' },
    );
    if (moved)
      await appendAudit(tx, {
        ...{ actor, act: isGone ? 'finding.repaired' : 'finding.not_repaired', subject: findingId },
        ...{ reason, comment, realmId: realm.id, before: { state: 'repairing' } },
        after: {
          state: isGone ? 'repaired' : 'open',
          now: last.seen === 'gone' ? last.after.map(asFact) : null,
        },
      });
    log.info('finding repaired', { finding: findingId, kind: seen.kind, isGone, actor });
    if (isGone) return { outcome: 'repaired', by: before?.seen === 'gone' ? 'other' : 'this' };
    return {
      outcome: 'stands',
      detail: last.seen === 'stands' ? last.difference.detail : 'Stripe does not show it',
    };
  });
}

const LOOKED_AT = { kind: true, subject: true, object: true, objectId: true } as const;

const asFact = ({ label, stripe, ours }: { label: string; stripe: string | null; ours: string | null }) => ({
  ...{ label, stripe, ours },
});

const isRepairable = ({ kind, objectId }: { kind: string; objectId: string | null }): boolean =>
  isApplicable(kind) && objectId !== null;

type Begun = { outcome: 'begun'; about: string } | Exclude<RepairOutcome, { outcome: 'repaired' | 'stands' }>;

/** Counts it against the limits of who asks, and says in the audit that it was asked for. */
async function begin(
  tx: Tx,
  { realm }: Reconciler,
  { findingId, actor, role, reason, comment }: RepairInput,
  before: 'gone' | 'stands' | 'unclear' | undefined,
): Promise<Begun> {
  const finding = await lockFinding(tx, { id: findingId, realmId: realm.id });
  if (finding === undefined) return { outcome: 'unknown' };
  const { state } = finding;
  if (state === 'repaired' || state === 'dismissed') return { outcome: 'closed', state };
  if (!isRepairable(finding) || finding.objectId === null) return { outcome: 'by_hand' };
  const stop =
    role === undefined || before === 'gone' || state === 'repairing'
      ? undefined
      : await countRepair(tx, realm.mode, finding, { actor, role });
  if (stop) return stop;
  await moveFinding(tx, findingId, { to: 'repairing', actor, reason, comment });
  await appendAudit(tx, {
    ...{ actor, act: 'finding.repair_asked', subject: findingId, reason, comment, realmId: realm.id },
    before: { state, kind: finding.kind, subject: finding.subject },
    after: { state: 'repairing', credits: finding.credits },
  });
  return { outcome: 'begun', about: finding.objectId };
}

/** What moves no credits counts against nothing. */
async function countRepair(
  tx: Tx,
  book: 'test' | 'live',
  { id: subject, credits: amount, customerId }: FindingRow,
  by: { actor: string; role: PersonRole },
): Promise<Extract<Begun, { outcome: 'above_limit' | 'own_wallet' }> | undefined> {
  if (amount === 0n) return undefined;
  const counted = await countAct(tx, {
    ...{ book, act: 'repair', unit: 'credits', amount, subject, customerId, ...by },
  });
  if (counted.outcome === 'counted') return undefined;
  if (counted.outcome === 'own_wallet') return counted;
  const { limit, used, bound } = counted;
  return { outcome: 'above_limit', limit, used, bound };
}
