import { Link } from '@remix-run/react';
import Coins from 'lucide-react/icons/coins';
import { Credits } from '~/components/money/credits';
import { CopyId } from '~/components/ui/copy-id';
import { TimelineItem } from '~/components/ui/timeline';
import { type LedgerLine, TRANSFER_KIND_LABEL } from '~/modules/ledger/shared';
import { Cause } from './cause';
import { type Entry, Facts, Told } from './timeline-words';

export function TransferRow({ entry }: { entry: Entry<'transfer'> }) {
  const change = entry.lines.reduce((sum, line) => sum + line.amount, 0n);
  return (
    <TimelineItem
      id={entry.key}
      title={
        <>
          <Link to={`/admin/transfers/${entry.id}`} prefetch="intent" className="prose-link">
            {TRANSFER_KIND_LABEL[entry.transfer]}
          </Link>{' '}
          <Credits value={change} signed />
        </>
      }
      at={entry.at}
      tone={change < 0n ? 'warn' : 'ok'}
      icon={Coins}
    >
      <Told entry={entry}>
        <Cause cause={entry.actor} label="by" />
        <CopyId id={entry.id} label="transfer id" />
      </Told>
      <ul className="mt-1 grid gap-1">
        {entry.lines.map((line) => (
          <li key={line.seq.toString()} className="rounded border bg-surface-sunken px-2 py-1 text-xs">
            <EntryLine line={line} />
          </li>
        ))}
      </ul>
    </TimelineItem>
  );
}

/** One movement, and what was available before and after it. */
function EntryLine({ line }: { line: LedgerLine }) {
  return (
    <Facts>
      <span className="figures">#{line.seq.toString()}</span>
      <span>
        {line.from} → {line.to} <Credits value={line.moved} className="font-medium text-text" />
      </span>
      <span>
        available <Credits value={line.availableAfter - line.amount} /> →{' '}
        <Credits value={line.availableAfter} className="font-medium text-text" />
      </span>
      {line.lot === null ? null : (
        <span className="inline-flex items-center gap-1">
          <Link to={`/admin/lots/${line.lot.id}`} prefetch="intent" className="prose-link">
            lot
          </Link>
          <CopyId id={line.lot.id} label="lot id" />
        </span>
      )}
    </Facts>
  );
}
