import type { Sandbox } from '../../sandbox';
import type { AnswerDisputeOutcome, DisputeRow, RefundRow } from '../../sandbox-money-back';
import type { ActResult } from './flash';
import type { ActForm } from './form-token';

/** What the bank may do with a refund. */
export function refundActs({ id, status }: RefundRow): ActForm[] {
  const path = `/panel/refunds/${id}`;
  return [
    ...(status === 'pending' ? [{ action: `${path}/settle`, label: 'Succeed' }] : []),
    ...(status === 'pending' || status === 'succeeded'
      ? [{ action: `${path}/fail`, label: 'Fail', tone: 'danger' } as const]
      : []),
  ];
}

/** How a dispute may end. */
export function disputeAnswers({ id, stage }: DisputeRow): ActForm[] {
  if (stage === 'closed') return [];
  const answer = (label: string, decision: string): ActForm => ({
    action: `/panel/disputes/${id}/answer`,
    label,
    fields: { decision },
    tone: decision === 'lose' ? 'danger' : 'secondary',
  });
  return [
    answer('Win', 'win'),
    answer('Lose', 'lose'),
    answer('Accept', 'accept'),
    ...(stage === 'inquiry' ? [answer('Escalate', 'escalate')] : []),
  ];
}

export function actOnRefund(
  { moneyBack }: Pick<Sandbox, 'moneyBack'>,
  id: string,
  act: string,
): ActResult | undefined {
  if (act !== 'settle' && act !== 'fail') return undefined;
  const outcome = act === 'settle' ? moneyBack.settleRefund(id) : moneyBack.failRefund(id);
  switch (outcome.outcome) {
    case 'moved':
      return { tone: 'ok', text: `The refund is ${outcome.status}.` };
    case 'not_movable':
      return { tone: 'bad', text: `The refund stays ${outcome.status}.` };
    case 'unknown_refund':
      return undefined;
  }
}

const DECISIONS = ['win', 'lose', 'accept', 'escalate'] as const;

export function actOnDispute(
  { moneyBack }: Pick<Sandbox, 'moneyBack'>,
  id: string,
  act: string,
  form: URLSearchParams,
): ActResult | undefined {
  const decision = DECISIONS.find((one) => one === form.get('decision'));
  if (act !== 'answer' || decision === undefined) return undefined;
  return answered(moneyBack.answerDispute(id, decision));
}

function answered(outcome: AnswerDisputeOutcome): ActResult | undefined {
  switch (outcome.outcome) {
    case 'answered':
      return { tone: 'ok', text: `The dispute is ${outcome.status.replaceAll('_', ' ')}.` };
    case 'already_closed':
      return { tone: 'bad', text: `The dispute is closed: ${outcome.status.replaceAll('_', ' ')}.` };
    case 'not_an_inquiry':
      return { tone: 'bad', text: 'Only an inquiry can be escalated.' };
    case 'unknown_dispute':
      return undefined;
  }
}
