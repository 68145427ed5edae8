import { Link } from '@remix-run/react';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { EmptyState } from '~/components/ui/states';
import { type Tone } from '~/components/ui/tone';
import { formatCredits } from '~/platform/money';
import { inWords, startingLarge } from './state-badges';

export interface Tally {
  status: string;
  code: string | null;
  count: number;
}

const TONE: Readonly<Record<string, Tone>> = {
  done: 'ok',
  waiting: 'info',
  queued: 'info',
  quarantined: 'warn',
  dead: 'bad',
  busy: 'idle',
};

export const outcomeTone = (status: string): Tone => TONE[status] ?? 'idle';

/** "Done: applied" */
export const outcomeWords = (status: string, code: string | null): string =>
  `${startingLarge(inWords(status))}${code === null ? '' : `: ${inWords(code)}`}`;

export interface ReplayTalliesProps {
  dryRun: boolean;
  predicted: readonly Tally[];
  results: readonly Tally[];
}

/** What was predicted beside what came of it; each line opens its events. */
export function ReplayTallies({ dryRun, predicted, results }: ReplayTalliesProps) {
  return (
    <Card title="What became of them" flush>
      <div className={predicted.length > 0 && !dryRun ? 'grid sm:grid-cols-2 sm:divide-x' : ''}>
        {predicted.length === 0 && !dryRun ? null : (
          <Column of="predicted" label="Predicted" tallies={predicted} />
        )}
        {dryRun ? null : <Column of="result" label="Came" tallies={results} />}
      </div>
    </Card>
  );
}

function Column({ of, label, tallies }: { of: string; label: string; tallies: readonly Tally[] }) {
  if (tallies.length === 0)
    return <EmptyState title="Nothing yet">The first events are on their way.</EmptyState>;
  return (
    <div className="min-w-0 px-4 py-3">
      <h3 className="mb-2 text-xs font-medium text-text-muted">{label}</h3>
      <ul aria-label={label} className="grid gap-2 text-sm">
        {tallies.map(({ status, code, count }) => (
          <li key={`${status} ${code ?? ''}`} className="flex items-baseline justify-between gap-4">
            <Link
              to={`?${new URLSearchParams({ of, status, ...(code === null ? {} : { code }) }).toString()}`}
              preventScrollReset
              className="prose-link min-w-0"
            >
              <Badge tone={outcomeTone(status)}>{outcomeWords(status, code)}</Badge>
            </Link>
            <span className="figures font-medium">{formatCredits(BigInt(count))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
