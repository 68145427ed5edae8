import type { Sandbox } from '../../sandbox';
import type { DeliveryRow, ResendOutcome, WaitingOutcome } from '../../sandbox-webhooks';
import type { ActResult } from './flash';
import type { ActForm } from './form-token';

/** The buttons of a delivery. */
export function deliveryActs({ id, nature, status }: DeliveryRow): ActForm[] {
  const path = `/panel/deliveries/${id}`;
  if (status === 'pending') {
    return [
      { action: `${path}/send`, label: 'Send now', tone: 'primary' },
      { action: `${path}/drop`, label: 'Drop', tone: 'danger' },
    ];
  }
  return nature === 'genuine' ? [{ action: `${path}/resend`, label: 'Resend' }] : [];
}

/** What a button of a delivery asks; undefined: there is no such delivery or act. */
export function actOnDelivery(
  { deliveries }: Pick<Sandbox, 'deliveries'>,
  id: string,
  act: string,
): ActResult | undefined {
  switch (act) {
    case 'send':
      return waited(deliveries.sendNow(id), 'It leaves now.');
    case 'drop':
      return waited(deliveries.drop(id), 'It is dropped: it will not be sent.');
    case 'resend': {
      const outcome = deliveries.resend(id);
      return outcome.outcome === 'unknown_delivery' ? undefined : resent(outcome);
    }
    default:
      return undefined;
  }
}

function waited(outcome: WaitingOutcome, done: string): ActResult | undefined {
  switch (outcome.outcome) {
    case 'done':
      return { tone: 'ok', text: done };
    case 'under_way':
      return { tone: 'bad', text: 'It is on its way already: an attempt is being made.' };
    case 'settled':
      return { tone: 'bad', text: `It waits no more: it has ${PAST[outcome.status]}.` };
    case 'unknown_delivery':
      return undefined;
  }
}

const PAST = {
  pending: 'not been sent',
  succeeded: 'been delivered',
  failed: 'failed; resend it instead',
  dropped: 'been dropped; resend it instead',
} as const;

/** What a resend came to. */
function resent(outcome: ResendOutcome): ActResult | undefined {
  switch (outcome.outcome) {
    case 'queued':
      return outcome.deliveries > 0
        ? { tone: 'ok', text: 'The event is being sent again.' }
        : { tone: 'bad', text: 'No enabled endpoint takes this event, so nothing was sent.' };
    case 'unknown_endpoint':
      return { tone: 'bad', text: 'The endpoint is gone, so nothing was sent.' };
    case 'unknown_event':
      return undefined;
  }
}

/** What a button of an event asks; undefined: there is no such event or act. */
export function actOnEvent(
  { events }: Pick<Sandbox, 'events'>,
  id: string,
  act: string,
  form: URLSearchParams,
): ActResult | undefined {
  if (act === 'resend') return resent(events.resend(id, form.get('endpoint') || undefined));
  if (act !== 'drop') return undefined;
  const outcome = events.drop(id);
  switch (outcome.outcome) {
    case 'dropped':
      return outcome.deliveries > 0
        ? { tone: 'ok', text: `Dropped: ${outcome.deliveries} of its deliveries will not be sent.` }
        : { tone: 'bad', text: 'None of its deliveries waits.' };
    case 'unknown_event':
      return undefined;
  }
}
