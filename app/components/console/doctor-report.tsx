import { Badge } from '~/components/ui/badge';
import { Notice } from '~/components/ui/notice';
import { TimeAgo } from '~/components/ui/time';
import { type Tone } from '~/components/ui/tone';
import { type DoctorReport, type Finding, type Severity, SEVERITY_LABEL } from '~/modules/health/shared';

const TONE: Record<Severity, Tone> = { fault: 'bad', warning: 'warn', ok: 'ok', skipped: 'idle' };

/** How it stands in a line, and how old that is. */
export function DoctorSummary({ report: { at, ms, counts } }: { report: DoctorReport }) {
  const tone = counts.fault > 0 ? 'bad' : counts.warning > 0 ? 'warn' : 'ok';
  return (
    <Notice tone={tone} role="status" className="mb-4" title={titleOf(counts)}>
      Examined <TimeAgo at={new Date(at)} />, in {(ms / 1000).toFixed(1)} s: {counts.ok} fine,{' '}
      {counts.skipped} not checked.
    </Notice>
  );
}

function titleOf({ fault, warning }: DoctorReport['counts']): string {
  if (fault + warning === 0) return 'Nothing is wrong';
  const faults = `${String(fault)} ${fault === 1 ? 'fault' : 'faults'}`;
  return `${faults}, ${String(warning)} ${warning === 1 ? 'warning' : 'warnings'}`;
}

/** What is wrong in full; what is fine or was not checked folds away. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const wrong = findings.filter(({ severity }) => severity === 'fault' || severity === 'warning');
  const rest = findings.filter((one) => !wrong.includes(one));
  const fine = rest.filter(({ severity }) => severity === 'ok').length;
  const words = [
    `${String(fine)} fine`,
    ...(rest.length > fine ? [`${String(rest.length - fine)} not checked`] : []),
  ];
  return (
    <>
      <ul className="divide-y">
        {wrong.map((one) => (
          <li key={`${one.code} ${one.subject}`} className="px-4 py-3 text-sm">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Badge tone={TONE[one.severity]}>{SEVERITY_LABEL[one.severity]}</Badge>
              <code className="font-mono text-xs text-text-muted [overflow-wrap:anywhere]">{one.code}</code>
              {one.stopsStart ? (
                <span className="text-xs text-text-muted">A production start refuses because of it.</span>
              ) : null}
            </div>
            <p className="mt-1 [overflow-wrap:anywhere]">{one.said}</p>
            <p className="mt-1 text-text-muted [overflow-wrap:anywhere]">To put it right: {one.fix}</p>
          </li>
        ))}
      </ul>
      {rest.length === 0 ? null : (
        <details className={wrong.length > 0 ? 'border-t' : undefined}>
          <summary className="cursor-pointer px-4 py-2 text-sm text-text-muted">{words.join(', ')}</summary>
          <ul className="divide-y border-t">
            {rest.map(({ code, severity, said }) => (
              <li key={code} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm">
                <Badge tone={TONE[severity]}>{SEVERITY_LABEL[severity]}</Badge>
                <span className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">{said}</span>
                <code className="font-mono text-xs text-text-muted">{code}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
