import { Link } from '@remix-run/react';
import { ArrowLeftRight, CircleDot, Coins, Inbox, RotateCw, Send } from 'lucide-react';
import { type ReactNode } from 'react';
import { Credits } from '~/components/money/credits';
import { CopyId } from '~/components/ui/copy-id';
import { TimelineItem } from '~/components/ui/timeline';
import { type Tone } from '~/components/ui/tone';
import { type TimelineEntry } from '~/modules/admin/shared';
import { type LedgerLine, TRANSFER_KIND_LABEL } from '~/modules/ledger/shared';
import { PAYMENT_STATE_LABEL, PAYMENT_STATE_TONE } from '~/modules/payments/shared';
import { EVENT_STATUS, VERDICT } from '~/modules/webhooks/shared';
import { assertNever } from '~/platform/assert-never';
import { DECISION_LABEL, inWords, startingLarge, tookWords } from './state-badges';

type Entry<Kind extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: Kind }>;

export function TimelineRow({ entry, customerId }: { entry: TimelineEntry; customerId: string }) {
  switch (entry.kind) {
    case 'state':
      return <StateRow entry={entry} />;
    case 'call':
      return <CallRow entry={entry} />;
    case 'event':
      return <EventRow entry={entry} />;
    case 'delivery':
      return <DeliveryRow entry={entry} />;
    case 'attempt':
      return <AttemptRow entry={entry} />;
    case 'transfer':
      return <TransferRow entry={entry} customerId={customerId} />;
    default:
      return assertNever(entry);
  }
}

/** Small facts on one line that wraps. */
function Facts({ children }: { children: ReactNode }) {
  return <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5">{children}</p>;
}

function EventLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Link to={`/admin/webhooks/events/${id}`} prefetch="intent" className="prose-link">
      {children}
    </Link>
  );
}

/** `event:evt_…` leads to the event; other causes name who acted. */
function Cause({ cause }: { cause: string }) {
  const at = cause.indexOf(':');
  if (at === -1) return <span>{cause}</span>;
  const [who, id] = [cause.slice(0, at), cause.slice(at + 1)];
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      {who === 'event' ? <EventLink id={id}>event</EventLink> : who}
      <CopyId id={id} label={`${who} id`} />
    </span>
  );
}

function StateRow({ entry }: { entry: Entry<'state'> }) {
  const to = PAYMENT_STATE_LABEL[entry.to];
  return (
    <TimelineItem
      title={entry.from === null ? to : `${PAYMENT_STATE_LABEL[entry.from]} → ${to}`}
      at={entry.at}
      tone={PAYMENT_STATE_TONE[entry.to]}
      icon={CircleDot}
    >
      <Facts>
        <span className="[overflow-wrap:anywhere]">{startingLarge(inWords(entry.reason))}</span>
        <Cause cause={entry.cause} />
      </Facts>
    </TimelineItem>
  );
}

const CALL: Record<Entry<'call'>['state'], { tone: Tone; label: string }> = {
  open: { tone: 'warn', label: 'outcome not known yet' },
  succeeded: { tone: 'ok', label: 'succeeded' },
  refused: { tone: 'bad', label: 'refused' },
  lost: { tone: 'warn', label: 'succeeded; Stripe no longer has what it made' },
};

function CallRow({ entry }: { entry: Entry<'call'> }) {
  return (
    <TimelineItem
      title={`Stripe call ${entry.call}: ${CALL[entry.state].label}`}
      at={entry.at}
      tone={CALL[entry.state].tone}
      icon={Send}
    >
      <Facts>
        <CopyId id={entry.id} label="call id" />
        {entry.objectId === null ? null : <CopyId id={entry.objectId} label="made object" />}
        <span className="figures">
          sent {entry.sends === 1 ? 'once' : `${entry.sends} times`}
          {entry.httpStatus === null ? '' : `, answered ${entry.httpStatus}`}
        </span>
        {entry.requestId === null ? null : <CopyId id={entry.requestId} label="Stripe request id" />}
      </Facts>
      {entry.errorCode === null && entry.errorMessage === null ? null : (
        <p className="text-bad [overflow-wrap:anywhere]">
          {[entry.errorCode, entry.errorMessage].filter((part) => part !== null).join(': ')}
        </p>
      )}
    </TimelineItem>
  );
}

function EventRow({ entry }: { entry: Entry<'event'> }) {
  const stand = entry.decision === null ? EVENT_STATUS[entry.status].label : DECISION_LABEL[entry.decision];
  return (
    <TimelineItem
      title={<EventLink id={entry.id}>{entry.type}</EventLink>}
      at={entry.at}
      tone={
        entry.decision === 'applied'
          ? 'ok'
          : entry.status === 'done'
            ? 'idle'
            : EVENT_STATUS[entry.status].tone
      }
      icon={Inbox}
    >
      <Facts>
        <span>
          {stand}
          {entry.reason === null ? '' : `: ${inWords(entry.reason)}`}
        </span>
        <CopyId id={entry.id} label="event id" />
        {entry.objectId === null ? null : <CopyId id={entry.objectId} label="object id" />}
      </Facts>
    </TimelineItem>
  );
}

function DeliveryRow({ entry }: { entry: Entry<'delivery'> }) {
  const { label, tone } = VERDICT[entry.verdict];
  return (
    <TimelineItem
      title={<span className="font-normal">Delivery of {entry.type}</span>}
      at={entry.at}
      tone={tone === 'ok' ? 'idle' : tone}
      icon={ArrowLeftRight}
    >
      <span className="figures">
        {label}, answered {entry.status} in {tookWords(entry.ms)}
      </span>
    </TimelineItem>
  );
}

const ATTEMPT_TONE: Readonly<Record<string, Tone>> = {
  done: 'idle',
  dead: 'bad',
  quarantined: 'warn',
  waiting: 'info',
};

function AttemptRow({ entry }: { entry: Entry<'attempt'> }) {
  return (
    <TimelineItem
      title={<span className="font-normal">Processing of {entry.type}</span>}
      at={entry.at}
      tone={ATTEMPT_TONE[entry.outcome] ?? 'idle'}
      icon={RotateCw}
    >
      <span className="figures [overflow-wrap:anywhere]">
        {entry.run > 1 ? `Run ${entry.run}, try` : 'Try'} {entry.n}: {entry.outcome} in {tookWords(entry.ms)}
        {entry.code === null ? '' : ` · ${inWords(entry.code)}`}
        {entry.detail === null ? '' : ` · ${inWords(entry.detail)}`}
      </span>
    </TimelineItem>
  );
}

function TransferRow({ entry, customerId }: { entry: Entry<'transfer'>; customerId: string }) {
  const change = entry.lines.reduce((sum, line) => sum + line.amount, 0n);
  return (
    <TimelineItem
      title={
        <>
          {TRANSFER_KIND_LABEL[entry.transfer]} <Credits value={change} signed />
        </>
      }
      at={entry.at}
      tone={change < 0n ? 'warn' : 'ok'}
      icon={Coins}
    >
      <Facts>
        <CopyId id={entry.id} label="transfer id" />
        <Cause cause={entry.actor} />
        <Link to={`/admin/customers/${customerId}#ledger`} className="prose-link">
          Ledger
        </Link>
      </Facts>
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
      {line.lot === null ? null : <CopyId id={line.lot.id} label="lot id" />}
    </Facts>
  );
}
