import { type ApproveOutcome } from '~/modules/approvals/index.server';
import { type ApprovalState } from '~/modules/approvals/shared';
import { assertNever } from '~/platform/assert-never';

import { type CarriedOut } from './approval-door';

const CLOSED: Record<ApprovalState, string> = {
  open: 'It is open.',
  executed: 'Somebody approved it before you: it is carried out already, once.',
  rejected: 'It was declined meanwhile. Nothing was done.',
  expired: 'Its seven days are over. Nothing was done; whoever asked can ask again.',
};

/** Why a room does not carry it out any more, in its words and in ours. */
const WHY: Readonly<Record<string, string>> = {
  insufficient: 'less is available now than is to be taken',
  expiry_past: 'the credits would have expired by now',
  moved: 'the event has moved since it was asked for',
  not_in_review: 'the payment is not in review any more',
  more_than_paid: 'it would give more than was paid',
  charged_back: 'the bank has the money, or wants it',
  too_much: 'more would go back than is left of the payment',
  not_paid: 'nothing is paid for it',
  already_recorded: 'its reference is recorded already',
  key_reused: 'it was done before in another way',
};

/** Tells why an approval was not carried out. Nothing has moved. */
export function refusedApproval(answer: Exclude<ApproveOutcome, { outcome: 'executed' }>): CarriedOut {
  return { outcome: 'refused', message: messageOf(answer) };
}

function messageOf(answer: Exclude<ApproveOutcome, { outcome: 'executed' }>): string {
  switch (answer.outcome) {
    case 'not_found':
      return 'There is no such request here.';
    case 'closed':
      return CLOSED[answer.state];
    case 'expired':
      return CLOSED.expired;
    case 'own_request':
      return 'You asked for this yourself: somebody else decides.';
    case 'own_wallet':
      return 'This is the wallet of your own log-in: somebody else decides.';
    case 'wallet_moved':
      return 'The wallet has moved since you looked. Nothing was done; what you see now is what it would do now.';
    case 'not_done':
      return `It cannot be done any more: ${WHY[answer.why] ?? answer.why.replaceAll('_', ' ')}. Nothing was done.`;
    default:
      return assertNever(answer);
  }
}
