import type { PaymentRow, SessionRow } from '../../sandbox';
import type { DeliveryStatus, EndpointRow } from '../../sandbox-webhooks';
import { html, type Markup } from '../html';

type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';

interface Face {
  readonly tone: Tone;
  readonly word: string;
}

function badge({ tone, word }: Face): Markup {
  return html`<span class="badge ${tone}">${word}</span>`;
}

/** Stripe's states are open lists in the SDK: one without a face here shows its own word. */
type OpenFaces = Partial<Record<string, Face>>;

function openBadge(faces: OpenFaces, state: string): Markup {
  return badge(faces[state] ?? { tone: 'idle', word: state.replaceAll('_', ' ') });
}

const SESSION: OpenFaces = {
  open: { tone: 'info', word: 'open' },
  expired: { tone: 'idle', word: 'expired' },
};

export function sessionBadge({
  isChallenged,
  paymentStatus,
  status,
}: Pick<SessionRow, 'isChallenged' | 'paymentStatus' | 'status'>): Markup {
  if (isChallenged) return badge({ tone: 'warn', word: 'needs 3DS' });
  if (status !== 'complete') return openBadge(SESSION, status);
  return badge(COMPLETE[paymentStatus]);
}

const COMPLETE: Record<SessionRow['paymentStatus'], Face> = {
  paid: { tone: 'ok', word: 'paid' },
  unpaid: { tone: 'warn', word: 'awaiting funds' },
  no_payment_required: { tone: 'ok', word: 'complete' },
};

/** The states of all other objects; the same word means the same everywhere. */
const OBJECT: OpenFaces = {
  active: { tone: 'ok', word: 'active' },
  advancing: { tone: 'info', word: 'advancing' },
  available: { tone: 'ok', word: 'available' },
  canceled: { tone: 'idle', word: 'canceled' },
  complete: { tone: 'ok', word: 'complete' },
  disabled: { tone: 'idle', word: 'disabled' },
  enabled: { tone: 'ok', word: 'enabled' },
  internal_failure: { tone: 'bad', word: 'failed' },
  failed: { tone: 'bad', word: 'failed' },
  incomplete: { tone: 'warn', word: 'incomplete' },
  incomplete_expired: { tone: 'idle', word: 'incomplete, expired' },
  lost: { tone: 'bad', word: 'lost' },
  needs_response: { tone: 'warn', word: 'needs response' },
  open: { tone: 'info', word: 'open' },
  draft: { tone: 'idle', word: 'draft' },
  paid: { tone: 'ok', word: 'paid' },
  paused: { tone: 'idle', word: 'paused' },
  past_due: { tone: 'bad', word: 'past due' },
  pending: { tone: 'warn', word: 'pending' },
  ready: { tone: 'ok', word: 'ready' },
  succeeded: { tone: 'ok', word: 'succeeded' },
  trialing: { tone: 'info', word: 'trialing' },
  under_review: { tone: 'info', word: 'under review' },
  uncollectible: { tone: 'bad', word: 'uncollectible' },
  unpaid: { tone: 'bad', word: 'unpaid' },
  void: { tone: 'idle', word: 'void' },
  warning_closed: { tone: 'idle', word: 'inquiry closed' },
  warning_under_review: { tone: 'info', word: 'inquiry under review' },
  warning_needs_response: { tone: 'warn', word: 'inquiry' },
  won: { tone: 'ok', word: 'won' },
};

export function objectBadge(status: string): Markup {
  return openBadge(OBJECT, status);
}

const PAYMENT: OpenFaces = {
  canceled: { tone: 'idle', word: 'canceled' },
  processing: { tone: 'warn', word: 'processing' },
  requires_action: { tone: 'warn', word: 'needs 3DS' },
  requires_capture: { tone: 'warn', word: 'needs capture' },
  requires_confirmation: { tone: 'info', word: 'unconfirmed' },
  requires_payment_method: { tone: 'info', word: 'needs a card' },
  succeeded: { tone: 'ok', word: 'succeeded' },
};

export function paymentBadge({
  status,
  declineMessage,
}: Pick<PaymentRow, 'status' | 'declineMessage'>): Markup {
  const isDeclined = status === 'requires_payment_method' && declineMessage !== null;
  return isDeclined ? badge({ tone: 'bad', word: 'declined' }) : openBadge(PAYMENT, status);
}

const DELIVERY: Record<DeliveryStatus, Face> = {
  pending: { tone: 'info', word: 'pending' },
  succeeded: { tone: 'ok', word: 'delivered' },
  failed: { tone: 'bad', word: 'failed' },
  dropped: { tone: 'idle', word: 'dropped' },
};

export function deliveryBadge(status: DeliveryStatus, attempt: number): Markup {
  return badge(status === 'pending' && attempt > 0 ? { tone: 'warn', word: 'retrying' } : DELIVERY[status]);
}

const ENDPOINT: Record<EndpointRow['status'], Face> = {
  enabled: { tone: 'ok', word: 'enabled' },
  disabled: { tone: 'idle', word: 'disabled' },
};

/** How an API request was answered. */
export function statusBadge(status: number): Markup {
  const tone = status < 300 ? 'ok' : status < 500 ? 'warn' : 'bad';
  return badge({ tone, word: String(status) });
}

export function endpointBadge(status: EndpointRow['status']): Markup {
  return badge(ENDPOINT[status]);
}
