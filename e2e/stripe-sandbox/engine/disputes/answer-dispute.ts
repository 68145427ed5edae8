import type Stripe from 'stripe';
import { changedFields } from '../changed-fields';
import { happening } from '../happening';
import type { Cause, World } from '../world';
import { closeDispute, escalateInquiry, stageOf } from './close-dispute';
import { chargeChanged, chargeOf } from './open-dispute';

/** What test mode's banks decide by these words in `uncategorized_text`; other evidence waits for somebody. */
const MAGIC_WORDS: Record<string, 'win' | 'lose' | 'escalate'> = {
  winning_evidence: 'win',
  losing_evidence: 'lose',
  escalate_inquiry_evidence: 'escalate',
};

export interface DisputeAnswer {
  evidence: Partial<Stripe.Dispute.Evidence>;
  /** The evidence goes to the bank now; else it is kept for later. */
  isSubmitted: boolean;
  intendedMethod: Stripe.Dispute.IntendedSubmissionMethod | null;
  metadata: Stripe.Metadata;
}

/** Keeps or submits evidence for a dispute that is not closed. */
export function answerDispute(
  world: World,
  cause: Cause,
  before: Stripe.Dispute,
  answer: DisputeAnswer,
): Stripe.Dispute {
  const charge = chargeOf(world, before);
  const evidence = { ...before.evidence, ...answer.evidence };
  const dispute = world.store.disputes.put({
    ...before,
    evidence,
    evidence_details: {
      ...before.evidence_details,
      has_evidence: Object.values(evidence).some((value) => typeof value === 'string'),
      ...(answer.isSubmitted && {
        submission_count: before.evidence_details.submission_count + 1,
        submission_method: 'manual' as const,
      }),
    },
    intended_submission_method: answer.intendedMethod,
    metadata: answer.metadata,
    ...(answer.isSubmitted && { status: reviewOf(before) }),
  });
  if (answer.isSubmitted && decisionOn(dispute)) {
    world.later('decide_dispute', dispute.id, world.nowMs() + world.settings().disputeDelayMs);
  }
  const previous = changedFields(before, dispute);
  if (Object.keys(previous).length > 0) {
    world.publish(cause, [
      { ...happening('charge.dispute.updated', dispute), previous },
      ...(answer.isSubmitted ? chargeChanged(world, charge, dispute) : []),
    ]);
  }
  return dispute;
}

function reviewOf(dispute: Stripe.Dispute): Stripe.Dispute.Status {
  return stageOf(dispute) === 'inquiry' ? 'warning_under_review' : 'under_review';
}

/** Only an inquiry can be escalated. */
function decisionOn(dispute: Stripe.Dispute): 'win' | 'lose' | 'escalate' | undefined {
  const decision = MAGIC_WORDS[dispute.evidence.uncategorized_text ?? ''];
  return decision === 'escalate' && stageOf(dispute) !== 'inquiry' ? undefined : decision;
}

/** What the bank says to submitted evidence with a magic word. */
export function decideDispute(world: World, disputeId: string): void {
  const dispute = world.store.disputes.get(disputeId);
  if (dispute?.status !== 'under_review' && dispute?.status !== 'warning_under_review') return;
  const decision = decisionOn(dispute);
  if (decision === undefined) return;
  const decided =
    decision === 'escalate'
      ? escalateInquiry(world, dispute)
      : closeDispute(world, dispute, decision === 'win' ? 'won' : 'lost');
  world.publish(world.byItself, decided.happenings);
}
