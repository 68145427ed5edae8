import { countAct, isOwner } from '~/modules/approvals/index.server';
import { type LimitBound, type PersonRole } from '~/modules/approvals/shared';
import { appendAudit } from '~/modules/audit/index.server';
import { hasRole } from '~/modules/auth/shared';
import { lockFinding, moveFinding } from '~/modules/findings/index.server';
import { type EvidenceLine } from '~/modules/findings/shared';
import { type RealmView } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

export type DismissFindingOutcome =
  | { outcome: 'dismissed' }
  /** It is not open any more. */
  | { outcome: 'moved' }
  /** It tells of money. */
  | { outcome: 'needs_finance' }
  /** `limit` and `used` in the currency's smallest unit. */
  | { outcome: 'above_limit'; unit: string; limit: bigint; used: bigint; bound: LimitBound }
  | { outcome: 'own_wallet' }
  | { outcome: 'unknown' };

export interface DismissFindingInput {
  findingId: string;
  realm: Pick<RealmView, 'id' | 'mode'>;
  actor: string;
  /** Whose limits count. */
  role: PersonRole;
  reason: string;
  comment: string;
}

/**
 * Says that a difference stays as it is. It is raised again only when what it shows has changed. Where it tells of money, it
 * is finance's and counts against the limit of dismissals.
 */
export async function dismissFinding(tx: Tx, input: DismissFindingInput): Promise<DismissFindingOutcome> {
  const { findingId, realm, actor, role, reason, comment } = input;
  const finding = await lockFinding(tx, { id: findingId, realmId: realm.id });
  if (finding === undefined) return { outcome: 'unknown' };
  if (finding.state !== 'open') return { outcome: 'moved' };
  const { customerId } = finding;
  if (await isOwner(tx, customerId, actor)) return { outcome: 'own_wallet' };
  const money = moneyIn(finding.evidence);
  if (money !== undefined) {
    if (!hasRole(role, 'finance')) return { outcome: 'needs_finance' };
    const act = { book: realm.mode, act: 'dismiss', actor, role, customerId, subject: findingId } as const;
    const counted = await countAct(tx, { ...act, ...money });
    if (counted.outcome === 'own_wallet') return counted;
    if (counted.outcome === 'above') {
      const { limit, used, bound } = counted;
      return { outcome: 'above_limit', unit: money.unit, limit, used, bound };
    }
  }
  await moveFinding(tx, findingId, { to: 'dismissed', actor, reason, comment });
  await appendAudit(tx, {
    ...{ actor, act: 'finding.dismissed', subject: findingId, reason, comment, realmId: realm.id },
    before: { state: finding.state, kind: finding.kind, subject: finding.subject },
    after: { state: 'dismissed', money: money?.amount ?? null },
  });
  return { outcome: 'dismissed' };
}

/** The most that a line of it says in money, on either side. */
function moneyIn(evidence: readonly EvidenceLine[]): { unit: string; amount: bigint } | undefined {
  let most: { unit: string; amount: bigint } | undefined;
  for (const { unit, stripe, ours } of evidence) {
    if (unit === null || unit === 'credits') continue;
    for (const text of [stripe, ours]) {
      const amount = BigInt(text ?? 0);
      if (amount > (most?.amount ?? 0n)) most = { unit, amount };
    }
  }
  return most;
}
