import { appendAudit, type Author } from '~/modules/audit/index.server';
import { mailAdmins } from '~/modules/mail/index.server';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';
import { assertNever } from '~/platform/assert-never';

import { readSettlementPolicy } from './settlement-policy.server';
import { type SettlementPolicy, type SettlementRule } from './shared';

/** What is done with the rule by which a realm's packs settle. */
export type SettlementChange =
  /** A candidate for so many percent of the payments: none compares it alone. A null one ends the comparison. */
  | { change: 'try'; candidate: SettlementRule | null; percentage: number }
  /** The candidate becomes the rule of all. */
  | { change: 'promote' }
  /** To no payment by the candidate; when none settles by one, to the rule before the last promotion. */
  | { change: 'roll_back' };

export type ChangeSettlementOutcome =
  | { outcome: 'set'; policy: SettlementPolicy }
  | { outcome: 'unchanged' }
  /** The candidate is the rule that stands. */
  | { outcome: 'same_rule' }
  | { outcome: 'no_candidate' }
  | { outcome: 'nothing_to_roll_back' };

/**
 * Changes by which rule packs of a realm settle, from the next fact on, also of payments that are under way: whatever
 * their new rule does not take settles by patience. It is audited, and every admin is told by mail.
 */
export async function changeSettlement(
  tx: Tx,
  { realmId, ...wanted }: SettlementChange & { realmId: string },
  by: Author & { reason: string },
): Promise<ChangeSettlementOutcome> {
  await tx.settlementPolicy.createMany({ data: [{ realmId }], skipDuplicates: true });
  await tx.$queryRaw`SELECT realm FROM settlement_policy WHERE realm = ${realmId} FOR NO KEY UPDATE`;
  const before = await readSettlementPolicy(tx, realmId);
  const changed = changeOf(before, wanted);
  if (changed.outcome !== 'set') return changed;
  const { policy } = changed;
  await tx.settlementPolicy.update({ where: { realmId }, data: policy, select: { realmId: true } });
  log.warn('settlement rule changed', { realm: realmId, ...policy });
  const title = 'The rule by which payments settle was changed';
  await mailAdmins(tx, {
    cause: `settlement:${newId('req')}`,
    kind: 'payments.settlement_changed',
    subject: title,
    content: {
      heading: title,
      paragraphs: [
        `${by.actor} changed by which rule packs of ${realmId} settle.`,
        `Before: ${inWords(before)}. Now: ${inWords(policy)}.`,
        `Reason: ${by.reason}${by.comment === undefined ? '' : `: ${by.comment}`}.`,
      ],
      footnotes: ['You have this mail as an admin.'],
    },
  });
  const act = wanted.change === 'roll_back' ? 'settlement.rolled_back' : 'settlement.changed';
  await appendAudit(tx, {
    ...{ ...by, act, subject: realmId, realmId },
    ...{ before: { ...before }, after: { ...policy } },
  });
  return changed;
}

const inWords = ({ current, candidate, percentage }: SettlementPolicy): string =>
  candidate === null ? current : `${current}, and ${candidate} for ${percentage} % of the payments`;

/** What a change makes of a policy. */
export function changeOf(before: SettlementPolicy, wanted: SettlementChange): ChangeSettlementOutcome {
  const { current, candidate, percentage, former } = before;
  switch (wanted.change) {
    case 'try': {
      if (wanted.candidate === current) return { outcome: 'same_rule' };
      const share = wanted.candidate === null ? 0 : wanted.percentage;
      if (candidate === wanted.candidate && percentage === share) return { outcome: 'unchanged' };
      return {
        outcome: 'set',
        policy: { current, candidate: wanted.candidate, percentage: share, former },
      };
    }
    case 'promote':
      if (candidate === null) return { outcome: 'no_candidate' };
      return {
        outcome: 'set',
        policy: { current: candidate, candidate: null, percentage: 0, former: current },
      };
    case 'roll_back':
      if (candidate !== null && percentage > 0)
        return { outcome: 'set', policy: { current, candidate, percentage: 0, former } };
      if (former === null) return { outcome: 'nothing_to_roll_back' };
      return {
        outcome: 'set',
        policy: { current: former, candidate: null, percentage: 0, former: null },
      };
    default:
      return assertNever(wanted);
  }
}
