import Check from 'lucide-react/icons/check';
import X from 'lucide-react/icons/x';
import {
  APPROVE_REASON_LABEL,
  APPROVE_REASONS,
  DECLINE_REASON_LABEL,
  DECLINE_REASONS,
} from '~/modules/approvals/shared';
import { type ApprovalView } from '~/modules/admin/shared';
import { ActDialog } from './act-dialog';
import { amountWords } from './approval-words';

export const DECISION = { approve: 'approve', decline: 'decline' } as const;

export interface ApprovalDecisionProps {
  approval: ApprovalView;
  mayApprove: boolean;
  mayDecline: boolean;
  /** It cannot be carried out now. */
  isBarred: boolean;
}

/** Approve or decline, each against the wallet as it is shown. */
export function ApprovalDecision({ approval, mayApprove, mayDecline, isBarred }: ApprovalDecisionProps) {
  const what = `${approval.label}: ${amountWords(approval)}`;
  return (
    <div className="flex flex-wrap gap-2">
      {mayApprove && !isBarred ? (
        <ActDialog
          opener={{ label: 'Approve', icon: Check, variant: 'primary' }}
          title={`Approve “${what}”`}
          description="It is carried out at once, if the wallet still stands as you see it."
          intent={DECISION.approve}
          hidden={{ seq: approval.walletSeq.toString() }}
          reasons={APPROVE_REASONS.map((value) => ({ value, label: APPROVE_REASON_LABEL[value] }))}
          submitLabel={`Approve ${amountWords(approval)}`}
          pendingLabel="Approving…"
        />
      ) : null}
      {mayDecline ? (
        <ActDialog
          opener={{
            label: approval.own === 'request' ? 'Take back' : 'Decline',
            icon: X,
            variant: 'secondary',
          }}
          title={approval.own === 'request' ? `Take back “${what}”` : `Decline “${what}”`}
          description="Nothing will move. Whoever asked is told by mail."
          intent={DECISION.decline}
          reasons={DECLINE_REASONS.map((value) => ({ value, label: DECLINE_REASON_LABEL[value] }))}
          submitLabel={approval.own === 'request' ? 'Take the request back' : 'Decline the request'}
          pendingLabel="Declining…"
          isDanger
        />
      ) : null}
    </div>
  );
}
