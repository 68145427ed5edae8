/** The event types whose objects the fact translator knows. Others are stored as done: ignored. */
export const HANDLED_EVENT_TYPES: ReadonlySet<string> = new Set([
  'charge.failed',
  'charge.succeeded',
  'charge.updated',
  'checkout.session.async_payment_failed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.completed',
  'checkout.session.expired',
  'invoice.paid',
  'invoice.payment_succeeded',
  'payment_intent.canceled',
  'payment_intent.payment_failed',
  'payment_intent.processing',
  'payment_intent.succeeded',
]);

export const isHandledEventType = (type: string): boolean => HANDLED_EVENT_TYPES.has(type);
