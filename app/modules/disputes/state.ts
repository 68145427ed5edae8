import { type DisputeFact, type DisputeStatus } from '~/modules/stripe/shared';

/** Within the same movements of money and the same answers sent, a dispute goes this way. */
const STEP: Record<DisputeStatus, number> = {
  warning_needs_response: 0,
  warning_under_review: 1,
  warning_closed: 2,
  prevented: 2,
  needs_response: 3,
  under_review: 4,
  appeal_under_review: 4,
  lost: 5,
  won: 5,
  appeal_needs_response: 6,
};

const IN_TURN = 100;
const cap = (n: number): number => Math.min(n, IN_TURN - 1);

/**
 * Orders what Stripe says of a dispute, whatever order it comes in. Its movements of money only grow, and so do the
 * answers sent to the bank: they tell a loss before an appeal from the loss after it, which the status alone does not.
 */
export const disputeRank = (dispute: DisputeFact): number =>
  (cap(dispute.movements) * IN_TURN + cap(dispute.submissions)) * IN_TURN + STEP[dispute.status];

const isOpen = (status: DisputeStatus): boolean => status === 'needs_response' || status === 'under_review';

/**
 * What a dispute takes of its payment. An inquiry moves no money. A chargeback holds back the disputed credits until the
 * bank has withdrawn the money; from then on they are gone as long as the bank has it, and back as soon as it was won or
 * reinstated.
 */
export function disputeLevel(dispute: DisputeFact): { level: 'none' | 'pending' | 'gone'; taken: bigint } {
  const { status, withdrawn } = dispute;
  const isHarmless = status === 'won' || status === 'prevented' || status.startsWith('warning_');
  if (isHarmless) return { level: 'none', taken: 0n };
  if (withdrawn > 0n) return { level: 'gone', taken: withdrawn };
  return isOpen(status) && dispute.movements === 0
    ? { level: 'pending', taken: dispute.amount }
    : { level: 'none', taken: 0n };
}
