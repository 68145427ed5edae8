import { Link } from '@remix-run/react';
import CircleDot from 'lucide-react/icons/circle-dot';
import Mail from 'lucide-react/icons/mail';
import Send from 'lucide-react/icons/send';
import { CopyId } from '~/components/ui/copy-id';
import { TimelineItem } from '~/components/ui/timeline';
import { type Tone } from '~/components/ui/tone';
import { type RealmRef, type TimelineEntry } from '~/modules/admin/shared';
import { PAYMENT_STATE_LABEL, PAYMENT_STATE_TONE } from '~/modules/payments/shared';
import { assertNever } from '~/platform/assert-never';
import { Cause } from './cause';
import { CALL_LABEL, CALL_TONE, inWords, startingLarge } from './state-badges';
import { StripeId } from './stripe-id';
import { ActRow, ApprovalLink, BackRow, NoteRow } from './timeline-staff-rows';
import { TransferRow } from './timeline-transfer-row';
import { AttemptRow, DeliveryRow, EventRow } from './timeline-webhook-rows';
import { type Entry, Told } from './timeline-words';

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
    case 'back':
      return <BackRow entry={entry} realm={realm} />;
    case 'act':
      return <ActRow entry={entry} />;
    case 'note':
      return <NoteRow entry={entry} />;
    default:
      return assertNever(entry);
  }
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
        {entry.approvalId === null ? null : <ApprovalLink id={entry.approvalId} />}
        <CopyId id={entry.id} label="mail id" />
      </Told>
      {entry.fault === null || entry.state === 'sent' ? null : (
        <p className="text-bad [overflow-wrap:anywhere]">{entry.fault}</p>
      )}
    </TimelineItem>
  );
}
