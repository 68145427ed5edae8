import { addJob } from '~/modules/jobs/index.server';
import { watchWallet } from '~/modules/ledger/index.server';
import { askForReview } from '~/modules/payments/index.server';
import { type Tx } from '~/platform/db.server';

import { type Prisma } from '../../../prisma/generated/client';
import { type LockedRule } from './lock-rule.server';
import { type TopUpPause, type TopUpState } from './shared';
import { canMove } from './state';

export type RuleMove = { cause: string } & (
  | { to: 'on'; consent: NonNullable<LockedRule['consent']>; cardId: string }
  | { to: 'paused'; reason: TopUpPause; detail: string | undefined }
  | { to: 'waiting' | 'off' }
);

/**
 * Moves a locked rule, writes why, has the customer told, and watches the wallet while the rule is on. One that is
 * turned on is looked at at once: credits may be below its threshold already.
 */
export async function moveRule(tx: Tx, rule: LockedRule, move: RuleMove): Promise<void> {
  const { to, cause } = move;
  const { id: ruleId, customerId, state: from } = rule;
  if (!canMove(from, to)) throw new Error(`Rule ${ruleId} does not go from ${from} to ${to}.`);
  const { count } = await tx.topUpRule.updateMany({ where: { id: ruleId, state: from }, data: dataOf(move) });
  if (count !== 1) throw new Error(`Rule ${ruleId} was moved without its lock.`);
  const n = (await tx.topUpChange.count({ where: { ruleId } })) + 1;
  const why = to === 'paused' ? { reason: move.reason, detail: move.detail ?? null } : {};
  await tx.topUpChange.create({
    data: { ruleId, n, from: n === 1 ? null : from, to, ...why, cause },
    select: { n: true },
  });
  if (to !== 'waiting')
    await addJob(tx, 'credits.mail', { ruleId, n }, { key: `credits.mail:${ruleId}:${n}` });
  if (to === 'on') await askForReview(tx, customerId);
  const below = to === 'on' ? move.consent.threshold : null;
  await watchWallet(tx, { book: rule.realm.mode, customerId, below });
}

function dataOf(move: RuleMove): Prisma.TopUpRuleUncheckedUpdateManyInput {
  const state: TopUpState = move.to;
  if (move.to === 'on') return { state, pauseReason: null, consentId: move.consent.id, cardId: move.cardId };
  return { state, pauseReason: move.to === 'paused' ? move.reason : null };
}
