import { Link, useFetcher } from '@remix-run/react';
import { Button } from '~/components/ui/button';
import { Notice } from '~/components/ui/notice';
import { type AuditVerdict } from '~/modules/audit/shared';
import { formatCredits } from '~/platform/money';

/** Recomputes the chain when asked, for it reads every row. */
export function AuditCheckButton() {
  const fetcher = useFetcher<AuditVerdict>({ key: KEY });
  return (
    <Button
      type="button"
      pending={fetcher.state !== 'idle'}
      pendingLabel="Verifying"
      onClick={() => fetcher.load('/admin/audit/verify')}
    >
      Verify the chain
    </Button>
  );
}

const KEY = 'audit-verify';

/** What the button's question was answered. */
export function AuditCheckResult() {
  const { data, state } = useFetcher<AuditVerdict>({ key: KEY });
  return (
    <div role="status">{data === undefined || state !== 'idle' ? null : <Verdict verdict={data} />}</div>
  );
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  if (verdict.outcome === 'intact')
    return (
      <Notice tone="ok" title="The chain is intact" className="mb-4">
        {formatCredits(verdict.rows)} {verdict.rows === 1n ? 'row' : 'rows'}, each following from the one
        before it: no row and no body was changed. What was redacted is vouched for by its digest.
      </Notice>
    );
  return (
    <Notice
      tone="bad"
      title="The chain is broken"
      className="mb-4"
      action={
        <Link to={`/admin/audit/${verdict.seq}`} className="prose-link">
          Show row {verdict.seq.toString()}
        </Link>
      }
    >
      Row {verdict.seq.toString()} is the first that is not vouched for: {verdict.fault}.
    </Notice>
  );
}
