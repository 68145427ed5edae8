import { Badge } from '~/components/ui/badge';
import { type Tone } from '~/components/ui/tone';
import { type EventDecision, type StripeCallState } from '~/modules/admin/shared';
import { PAYMENT_STATE_LABEL, PAYMENT_STATE_TONE, type PaymentState } from '~/modules/payments/shared';
import {
  type DeliveryVerdict,
  EVENT_STATUS,
  type EventStatus,
  REPLAY_STATE,
  VERDICT,
} from '~/modules/webhooks/shared';

export function PaymentStateBadge({ state }: { state: PaymentState }) {
  return <Badge tone={PAYMENT_STATE_TONE[state]}>{PAYMENT_STATE_LABEL[state]}</Badge>;
}

export function EventStatusBadge({ status }: { status: EventStatus }) {
  return <Badge tone={EVENT_STATUS[status].tone}>{EVENT_STATUS[status].label}</Badge>;
}

export function VerdictBadge({ verdict }: { verdict: DeliveryVerdict }) {
  return <Badge tone={VERDICT[verdict].tone}>{VERDICT[verdict].label}</Badge>;
}

export const CALL_LABEL: Record<StripeCallState, string> = {
  open: 'Outcome unknown',
  succeeded: 'Succeeded',
  refused: 'Refused',
  lost: 'Lost since',
  absent: 'Did not happen',
};

export const CALL_TONE: Record<StripeCallState, Tone> = {
  open: 'warn',
  succeeded: 'ok',
  refused: 'bad',
  lost: 'warn',
  absent: 'idle',
};

export function CallStateBadge({ state }: { state: StripeCallState }) {
  return <Badge tone={CALL_TONE[state]}>{CALL_LABEL[state]}</Badge>;
}

/** What was decided of a done event. */
export const DECISION_LABEL: Record<EventDecision, string> = {
  applied: 'Applied',
  duplicate: 'Duplicate',
  stale: 'Stale',
  noop: 'No-op',
  ignored: 'Ignored',
};

/** `already_granted` as people read it; sentences and ids stay as they are. */
export const inWords = (code: string): string => (/^[a-z_]+$/.test(code) ? code.replaceAll('_', ' ') : code);

/** Where words of a row start a line or stand alone; an id stays an id. */
export const startingLarge = (words: string): string =>
  /^[a-z]+_/.test(words) ? words : words.slice(0, 1).toUpperCase() + words.slice(1);

/** "3 ms", "1.2 s", "14 min" */
export function tookWords(ms: number): string {
  if (ms >= 600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 1 ? '< 1 ms' : `${Math.round(ms)} ms`;
}

export function ReplayStateBadge({ state }: { state: keyof typeof REPLAY_STATE }) {
  return <Badge tone={REPLAY_STATE[state].tone}>{REPLAY_STATE[state].label}</Badge>;
}
