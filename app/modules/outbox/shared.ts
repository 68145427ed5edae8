/** What the product is told; the data of each stands in `messages`. */
export const MESSAGE_TYPES = [
  'payment.settled',
  'credits.granted',
  'credits.revoked',
  'credits.held_back',
  'credits.restored',
  'credits.adjusted',
  'credits.expired',
  'credits.expiring',
  'balance.low',
  'balance.depleted',
  'hold.expired',
  'refund.updated',
  'dispute.updated',
  'endpoint.ping',
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** Whether messages go there: off by a person, disabled by itself. A removed one is gone but for its log. */
export type EndpointState = 'on' | 'off' | 'disabled' | 'removed';

/** Why an endpoint was disabled: it answered 410, or every try of a day failed. */
export type DisableReason = 'gone' | 'failing';

/** Pending while it is tried; failed once it is given up; canceled when its endpoint stopped listening. */
export const SENDING_STATES = ['pending', 'sent', 'failed', 'canceled'] as const;
export type SendingState = (typeof SENDING_STATES)[number];

/** Why a request got no answer. */
export type PostError =
  | 'address_not_allowed'
  | 'name_not_found'
  | 'connection_refused'
  | 'connection_lost'
  | 'unreachable'
  | 'tls_failed'
  | 'timed_out'
  | 'bad_answer';

/** Why an address cannot be an endpoint's. */
export type AddressFault = 'not_a_url' | 'not_https' | 'has_credentials' | 'address_not_allowed';

/** How staff read where a sending stands. */
export const SENDING_STATE: Record<SendingState, { label: string; tone: 'ok' | 'bad' | 'info' | 'idle' }> = {
  pending: { label: 'On its way', tone: 'info' },
  sent: { label: 'Sent', tone: 'ok' },
  failed: { label: 'Given up', tone: 'bad' },
  canceled: { label: 'Canceled', tone: 'idle' },
};

/** Why staff have messages sent anew. */
export const RESEND_REASONS = ['product_asked', 'product_mended', 'other'] as const;
export const RESEND_REASON_LABEL: Record<(typeof RESEND_REASONS)[number], string> = {
  product_asked: 'The product asked for it',
  product_mended: 'The product answers again',
  other: 'Something else',
};
