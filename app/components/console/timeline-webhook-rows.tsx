import { Link } from '@remix-run/react';
import ArrowLeftRight from 'lucide-react/icons/arrow-left-right';
import Inbox from 'lucide-react/icons/inbox';
import RotateCw from 'lucide-react/icons/rotate-cw';
import { TimelineItem } from '~/components/ui/timeline';
import { type Tone } from '~/components/ui/tone';
import { type RealmRef } from '~/modules/admin/shared';
import { EVENT_STATUS, VERDICT } from '~/modules/webhooks/shared';
import { explainStep } from './explain-step';
import { DECISION_LABEL, inWords, startingLarge, tookWords } from './state-badges';
import { StripeId } from './stripe-id';
import { type Entry, Facts, Quiet, Told } from './timeline-words';

export function EventRow({ entry, realm }: { entry: Entry<'event'>; realm: RealmRef }) {
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

export function DeliveryRow({ entry }: { entry: Entry<'delivery'> }) {
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

export function AttemptRow({ entry }: { entry: Entry<'attempt'> }) {
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
