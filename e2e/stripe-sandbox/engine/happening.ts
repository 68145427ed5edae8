import type Stripe from 'stripe';

type EventOfType<T extends Stripe.Event.Type> = Extract<Stripe.Event, { type: T }>;

/** Something that becomes an event. */
export interface Happening {
  type: Stripe.Event.Type;
  object: { id?: string; object: string };
  previous: Record<string, unknown> | null;
}

/** Ties an event type to the object that the SDK says it carries. `previous` holds only what changed. */
export function happening<T extends Stripe.Event.Type>(
  type: T,
  object: EventOfType<T>['data']['object'],
  previous: Partial<EventOfType<T>['data']['object']> | null = null,
): Happening {
  return { type, object, previous: previous && { ...previous } };
}
