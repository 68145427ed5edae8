import Wrench from 'lucide-react/icons/wrench';
import X from 'lucide-react/icons/x';
import { type FindingView } from '~/modules/admin/shared';
import { findingWords, isApplicable } from '~/modules/findings/shared';
import {
  LEAVE_REASON_LABEL,
  LEAVE_REASONS,
  REPAIR_REASON_LABEL,
  REPAIR_REASONS,
} from '~/modules/reconciliation/shared';
import { formatCredits } from '~/platform/money';
import { ActDialog } from './act-dialog';
import { BeforeAfter } from './before-after';
import { isActedOn, useConsole } from './console-context';
import { Value } from './finding-evidence';
import { findingLabel } from './finding-table';

/** What staff may do with a finding that stands. Without the key of its realm, and in the other book, it is read only. */
export function FindingActs({ finding }: { finding: FindingView }) {
  const surroundings = useConsole();
  const isOpen = finding.state === 'open' || finding.state === 'repairing';
  if (!isActedOn(surroundings, finding.realm) || !isOpen) return null;
  return (
    <>
      {finding.state === 'open' ? (
        <ActDialog
          opener={{ label: 'Dismiss', icon: X }}
          title={`Dismiss: ${findingLabel(finding.kind)}`}
          description="It stays as it is. It is raised again when what it shows has changed."
          intent="dismiss"
          reasons={LEAVE_REASONS.map((value) => ({ value, label: LEAVE_REASON_LABEL[value] }))}
          submitLabel="Dismiss it"
          pendingLabel="Dismissing…"
          isDanger
        />
      ) : null}
      {isApplicable(finding.kind) && finding.objectId !== null ? <Repair finding={finding} /> : null}
    </>
  );
}

/** Nothing is promised: the object is read again first, and what it says then is what is done. */
function Repair({ finding }: { finding: FindingView }) {
  const changes = finding.evidence
    .filter(({ stripe, ours, label }) => stripe !== ours && label !== 'Settled by')
    .map(({ label, stripe, ours, unit }) => ({
      label,
      before: <Value text={ours} unit={unit} />,
      after: <Value text={stripe} unit={unit} />,
    }));
  return (
    <ActDialog
      opener={{ label: 'Repair', icon: Wrench, variant: 'primary' }}
      title={`Repair: ${findingLabel(finding.kind)}`}
      description={findingWords(finding.kind)?.repair}
      intent="repair"
      reasons={REPAIR_REASONS.map((value) => ({ value, label: REPAIR_REASON_LABEL[value] }))}
      submitLabel="Read it and repair"
      pendingLabel="Asking Stripe…"
      width="md"
    >
      <BeforeAfter label="What is expected, as it was last seen" changes={changes} />
      {finding.credits > 0n ? (
        <p className="text-sm text-text-muted">
          At most {formatCredits(finding.credits)} credits move, and as many count against your limit.
        </p>
      ) : null}
    </ActDialog>
  );
}
