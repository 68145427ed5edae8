import { Link } from '@remix-run/react';
import { ArrowLeftRight, CircleDot, Coins, Inbox, Mail, RotateCw, Send } from 'lucide-react';
import { type ReactNode } from 'react';
import { Credits } from '~/components/money/credits';
import { CopyId } from '~/components/ui/copy-id';
import { TimelineItem } from '~/components/ui/timeline';
import { type Tone } from '~/components/ui/tone';
import { type RealmRef, type TimelineEntry } from '~/modules/admin/shared';
import { type LedgerLine, TRANSFER_KIND_LABEL } from '~/modules/ledger/shared';
import { PAYMENT_STATE_LABEL, PAYMENT_STATE_TONE } from '~/modules/payments/shared';
import { EVENT_STATUS, VERDICT } from '~/modules/webhooks/shared';
import { assertNever } from '~/platform/assert-never';
import { Cause } from './cause';
import { explainStep } from './explain-step';
import { CALL_LABEL, CALL_TONE, DECISION_LABEL, inWords, startingLarge, tookWords } from './state-badges';
import { StripeId } from './stripe-id';

type Entry<Kind extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: Kind }>;

export interface TimelineRowProps {
  entry: TimelineEntry;
  /** The realm of the Stripe ids. */
  realm: RealmRef;
  /** Names the payment of each step where the page is about a customer. */
  withPayment?: boolean | undefined;
}

export function TimelineRow({ entry, realm, withPayment = false }: TimelineRowProps) {
  switch (entry.kind) {
    case 'state':
      return <StateRow entry={entry} withPayment={withPayment} />;
    case 'call':
      return <CallRow entry={entry} realm={realm} />;
    case 'event':
      return <EventRow entry={entry} realm={realm} />;
    case 'delivery':
      return <DeliveryRow entry={entry} />;
    case 'attempt':
      return <AttemptRow entry={entry} />;
    case 'transfer':
      return <TransferRow entry={entry} />;
    case 'mail':
      return <MailRow entry={entry} />;
    default:
      return assertNever(entry);
  }
}

/** What it means for somebody who answers customers, then the small facts on one line that wraps. */
function Told({ entry, children }: { entry: TimelineEntry; children: ReactNode }) {
  return (
    <>
      <p className="text-text [overflow-wrap:anywhere]">{explainStep(entry)}</p>
      <Facts>{children}</Facts>
    </>
  );
}

function Facts({ children }: { children: ReactNode }) {
  return <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs">{children}</p>;
}

/** A step behind another one: it stands back. */
function Quiet({ children }: { children: ReactNode }) {
  return <span className="font-normal text-text-muted">{children}</span>;
}

function StateRow({ entry, withPayment }: { entry: Entry<'state'>; withPayment: boolean }) {
  const to = PAYMENT_STATE_LABEL[entry.to];
  return (
    <TimelineItem
      id={entry.key}
      title={entry.from === null ? to : `${PAYMENT_STATE_LABEL[entry.from]} → ${to}`}
      at={entry.at}
      tone={PAYMENT_STATE_TONE[entry.to]}
      icon={CircleDot}
    >
      <Told entry={entry}>
        {withPayment ? <Cause cause={`payment:${entry.paymentId}`} /> : null}
        <span className="[overflow-wrap:anywhere]">{startingLarge(inWords(entry.reason))}</span>
        <Cause cause={entry.cause} label="by" />
      </Told>
    </TimelineItem>
  );
}

function CallRow({ entry, realm }: { entry: Entry<'call'>; realm: RealmRef }) {
  return (
    <TimelineItem
      id={entry.key}
      title={
        <>
          <Link to={`/admin/webhooks/calls/${entry.id}`} prefetch="intent" className="prose-link">
            {entry.call}
          </Link>{' '}
          <span className="font-normal">{CALL_LABEL[entry.state].toLowerCase()}</span>
        </>
      }
      at={entry.at}
      tone={CALL_TONE[entry.state]}
      icon={Send}
    >
      <Told entry={entry}>
        <span className="figures">
          {entry.sends === 0 ? 'not sent' : entry.sends === 1 ? 'sent once' : `sent ${entry.sends} times`}
          {entry.httpStatus === null ? '' : `, answered ${entry.httpStatus}`}
        </span>
        <CopyId id={entry.idempotencyKey} label="idempotency key" />
        {entry.objectId === null ? null : <StripeId id={entry.objectId} label="made object" realm={realm} />}
        {entry.requestId === null ? null : (
          <StripeId id={entry.requestId} label="Stripe request" realm={realm} />
        )}
      </Told>
      {entry.errorCode === null && entry.errorMessage === null ? null : (
        <p className="text-bad [overflow-wrap:anywhere]">
          {[entry.errorCode, entry.errorMessage].filter((part) => part !== null).join(': ')}
        </p>
      )}
    </TimelineItem>
  );
}

function EventRow({ entry, realm }: { entry: Entry<'event'>; realm: RealmRef }) {
  const stand = entry.decision === null ? EVENT_STATUS[entry.status].label : DECISION_LABEL[entry.decision];
  const done: Tone = entry.decision === 'applied' ? 'ok' : 'idle';
  return (
    <TimelineItem
      id={entry.key}
      title={
        <Link to={`/admin/webhooks/events/${entry.id}`} prefetch="intent" className="prose-link">
          {entry.type}
        </Link>
      }
      at={entry.at}
      tone={entry.status === 'done' ? done : EVENT_STATUS[entry.status].tone}
      icon={Inbox}
    >
      <Told entry={entry}>
        <span>
          {stand}
          {entry.reason === null ? '' : `: ${inWords(entry.reason)}`}
        </span>
        {entry.source === 'catch_up' ? (
          <span className="text-warn">no delivery came: read from Stripe’s list</span>
        ) : null}
        <StripeId id={entry.id} label="event" realm={realm} />
        {entry.objectId === null ? null : <StripeId id={entry.objectId} label="object" realm={realm} />}
      </Told>
    </TimelineItem>
  );
}

function DeliveryRow({ entry }: { entry: Entry<'delivery'> }) {
  const { label, tone } = VERDICT[entry.verdict];
  return (
    <TimelineItem
      id={entry.key}
      title={
        <Quiet>
          <Link to={`/admin/webhooks/deliveries/${entry.id}`} prefetch="intent" className="prose-link">
            Delivery
          </Link>{' '}
          of {entry.type}
        </Quiet>
      }
      at={entry.at}
      tone={tone === 'ok' ? 'idle' : tone}
      icon={ArrowLeftRight}
    >
      <Facts>
        <span className="figures">
          {label}: answered {entry.status} in {tookWords(entry.ms)}. {explainStep(entry)}
        </span>
      </Facts>
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
      id={entry.key}
      title={
        <Quiet>
          <Link
            to={`/admin/webhooks/events/${entry.eventId}#attempts`}
            prefetch="intent"
            className="prose-link"
          >
            Attempt
          </Link>{' '}
          at {entry.type}
        </Quiet>
      }
      at={entry.at}
      tone={ATTEMPT_TONE[entry.outcome] ?? 'idle'}
      icon={RotateCw}
    >
      <Facts>
        <span className="figures [overflow-wrap:anywhere]">
          {entry.run > 1 ? `Run ${entry.run}, try` : 'Try'} {entry.n}: {inWords(entry.outcome)} in{' '}
          {tookWords(entry.ms)}. {explainStep(entry)}
          {entry.detail === null ? '' : ` ${startingLarge(inWords(entry.detail))}.`}
        </span>
      </Facts>
    </TimelineItem>
  );
}

function TransferRow({ entry }: { entry: Entry<'transfer'> }) {
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

const MAIL_TONE: Record<Entry<'mail'>['state'], Tone> = { queued: 'info', sent: 'idle', failed: 'bad' };

function MailRow({ entry }: { entry: Entry<'mail'> }) {
  return (
    <TimelineItem
      id={entry.key}
      title={<span className="font-normal">Mail “{entry.subject}”</span>}
      at={entry.at}
      tone={MAIL_TONE[entry.state]}
      icon={Mail}
    >
      <Told entry={entry}>
        <span className="[overflow-wrap:anywhere]">to {entry.recipient}</span>
        <CopyId id={entry.id} label="mail id" />
      </Told>
      {entry.fault === null || entry.state === 'sent' ? null : (
        <p className="text-bad [overflow-wrap:anywhere]">{entry.fault}</p>
      )}
    </TimelineItem>
  );
}
