import Power from 'lucide-react/icons/power';
import { Link } from '@remix-run/react';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { type ReconciliationView, type RunRow } from '~/modules/admin/shared';
import {
  AUTO_REPAIR_REASON_LABEL,
  AUTO_REPAIR_REASONS,
  partLabel,
  RUN_PLAN_LABEL,
  RUN_PLANS,
  RUN_STATE,
} from '~/modules/reconciliation/shared';
import { formatCredits } from '~/platform/money';
import { ActDialog } from './act-dialog';
import { findingLabel } from './finding-table';

const sum = (run: RunRow, of: 'seen' | 'ours' | 'differing'): bigint =>
  run.parts.reduce((total, part) => total + part[of], 0n);

/** When it was last compared, and how much of it: what an empty list of findings is worth. */
export function lastWords(runs: readonly RunRow[]): string {
  const last = runs.find(({ state }) => state === 'done');
  if (last === undefined)
    return 'Nothing was compared yet. It is each hour, each night, and by “npm run credence -- reconcile”.';
  return `The last run that ended, at ${last.endedAt?.toISOString().slice(0, 16).replace('T', ' ') ?? 'no time'} UTC, looked at ${formatCredits(sum(last, 'seen'))} objects, ${formatCredits(sum(last, 'ours'))} of them ours.`;
}

/** Kinds of what stands, each the list behind it. */
export function StandingKinds({ standing }: { standing: ReconciliationView['standing'] }) {
  if (standing.length === 0) return null;
  return (
    <ul aria-label="Open findings by kind" className="mb-4 flex flex-wrap gap-2">
      {standing.map(({ kind, n }) => (
        <li key={kind}>
          <Link
            to={`/admin/reconciliation?state=open&state=repairing&kind=${kind}`}
            className="inline-flex h-8 items-center gap-2 rounded border bg-surface-raised px-3 text-sm hover:border-accent"
          >
            {findingLabel(kind)} <span className="figures font-medium">{n}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function RunsCard({ runs }: { runs: readonly RunRow[] }) {
  return (
    <Card title="Runs" description="What was compared of late, and how far a running one is." flush>
      {runs.length === 0 ? (
        <p className="px-4 py-6 text-text-muted">{lastWords(runs)}</p>
      ) : (
        <DataTable label="Runs" minWidth="none">
          <THead>
            <Th>Run</Th>
            <Th>State</Th>
            <Th numeric>Compared</Th>
            <Th numeric className="hidden sm:table-cell">
              Ours
            </Th>
            <Th numeric>Differ</Th>
            <Th className="hidden md:table-cell">Of</Th>
            <Th numeric className="hidden sm:table-cell">
              Begun
            </Th>
          </THead>
          <TBody>
            {runs.map((run) => (
              <RunLine key={run.id} run={run} />
            ))}
          </TBody>
        </DataTable>
      )}
    </Card>
  );
}

function RunLine({ run }: { run: RunRow }) {
  const plan = RUN_PLANS.find((known) => known === run.plan);
  const now = run.state === 'running' ? run.parts.find(({ isDone }) => !isDone) : undefined;
  const done = run.parts.filter(({ isDone }) => isDone).length;
  const failing = run.parts.flatMap(({ kind, isDone, failingSince }) =>
    run.state === 'running' && !isDone && failingSince !== null ? [{ kind, since: failingSince }] : [],
  );
  return (
    <Tr>
      <Td>{plan === undefined ? run.plan : RUN_PLAN_LABEL[plan]}</Td>
      <Td wraps className="py-2">
        <Badge tone={RUN_STATE[run.state].tone}>{RUN_STATE[run.state].label}</Badge>
        {now === undefined ? null : (
          <span className="mt-1 block text-xs text-text-muted">
            {partLabel(now.kind)}, {done} of {run.parts.length} done
          </span>
        )}
        {failing.map(({ kind, since }) => (
          <span key={kind} className="mt-1 block text-xs text-bad">
            {partLabel(kind)} cannot be compared, first tried <TimeAgo at={since} />
          </span>
        ))}
      </Td>
      <Td numeric>{formatCredits(sum(run, 'seen'))}</Td>
      <Td numeric className="hidden sm:table-cell">
        {formatCredits(sum(run, 'ours'))}
      </Td>
      <Td numeric>{formatCredits(sum(run, 'differing'))}</Td>
      <Td wraps className="hidden py-2 text-text-muted md:table-cell">
        <Timestamp at={run.from} /> – <Timestamp at={run.before} />
      </Td>
      <Td numeric className="hidden sm:table-cell">
        <TimeAgo at={run.createdAt} />
      </Td>
    </Tr>
  );
}

export interface AutoRepairCardProps {
  autoRepair: ReconciliationView['autoRepair'];
  mayAct: boolean;
}

/** The switch: what it does, how it stands and since when, and the way to turn it. */
export function AutoRepairCard({ autoRepair: { isOn, who, at, comment }, mayAct }: AutoRepairCardProps) {
  const next = isOn ? 'off' : 'on';
  return (
    <Card title="Automatic repair" actions={<Badge tone={isOn ? 'ok' : 'idle'}>{isOn ? 'On' : 'Off'}</Badge>}>
      <p className="max-w-[70ch] text-sm text-text-muted">
        When it is on, each run reads what is proven once more and applies it: money that settled, refunds and
        disputes that are past. Everything else waits for a person, and nobody’s credits are ever taken for
        money that is only missing.
      </p>
      {who === null || at === null ? null : (
        <p className="mt-3 text-sm [overflow-wrap:anywhere]">
          {isOn ? 'On' : 'Off'} by {who} <TimeAgo at={at} />: {comment}
        </p>
      )}
      {mayAct ? (
        <div className="mt-4">
          <ActDialog
            opener={{ label: `Switch ${next}`, icon: Power, size: 'sm' }}
            title={`Switch automatic repair ${next}`}
            description={
              isOn
                ? 'Findings wait for a person again.'
                : 'From the next run on, proven differences are repaired.'
            }
            intent={isOn ? 'switch_off' : 'switch_on'}
            reasons={AUTO_REPAIR_REASONS.map((value) => ({ value, label: AUTO_REPAIR_REASON_LABEL[value] }))}
            submitLabel={`Switch it ${next}`}
            pendingLabel="Switching…"
          />
        </div>
      ) : null}
    </Card>
  );
}
