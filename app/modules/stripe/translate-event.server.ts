import Stripe from 'stripe';
import * as z from 'zod';

import { factOfEvent } from './facts.server';
import { HANDLED_OBJECTS, type InvoiceFact, type ObjectRef, type StripeFact } from './shared';

export type TranslateOutcome =
  | { outcome: 'fact'; fact: StripeFact }
  /** An event of another API version: its object is read as it stands now, and `asTold` adds what its type says. */
  | { outcome: 'read'; ref: ObjectRef; type: string }
  /** About a kind of object that we do not use. */
  | { outcome: 'unused' };

const named = z.object({
  type: z.string(),
  data: z.object({ object: z.object({ object: z.string(), id: z.string() }) }),
});
const readable = z.object({ object: z.enum(HANDLED_OBJECTS), id: z.string() });

/**
 * What a stored event says. A shape is only trusted in the SDK's own API version.
 * @throws ZodError when it has not the shape of that version
 */
export function translateEvent(event: { apiVersion: string | undefined; payload: string }): TranslateOutcome {
  const payload: unknown = JSON.parse(event.payload);
  if (event.apiVersion === Stripe.API_VERSION) {
    const fact = factOfEvent(payload);
    return fact === undefined ? { outcome: 'unused' } : { outcome: 'fact', fact };
  }
  const { type, data } = named.parse(payload);
  const ref = readable.safeParse(data.object);
  if (!ref.success) return { outcome: 'unused' };
  const tellsOfRefunds = type === 'charge.refunded';
  return {
    ...{ outcome: 'read', type },
    ref: tellsOfRefunds ? { object: 'charge.refunds', id: ref.data.id } : ref.data,
  };
}

const KIND_OF_PREFIX: Readonly<Record<string, ObjectRef['object']>> = {
  cs: 'checkout.session',
  pi: 'payment_intent',
  ch: 'charge',
  py: 'charge',
  in: 'invoice',
  sub: 'subscription',
  re: 'refund',
  pyr: 'refund',
  du: 'dispute',
  dp: 'dispute',
  pm: 'payment_method',
  seti: 'setup_intent',
};

/** The ref behind a Stripe id; undefined when its prefix is of a kind that we do not read. */
export function refOfId(id: string): ObjectRef | undefined {
  const object = KIND_OF_PREFIX[id.slice(0, id.indexOf('_'))];
  return object === undefined ? undefined : { object, id };
}

/** The ids that a fact links together: once they are known, whatever waits on one of them can go on. */
export function idsOfFact(fact: StripeFact): string[] {
  switch (fact.kind) {
    case 'session':
      return [fact.id, fact.intentId, fact.invoiceId, fact.subscriptionId].filter((id) => id !== undefined);
    case 'intent':
      return [fact.id, fact.chargeId].filter((id) => id !== undefined);
    case 'charge':
      return [fact.id, fact.intentId].filter((id) => id !== undefined);
    case 'invoice':
      return [fact.id, fact.subscriptionId, ...intentsAndCharges(fact)].filter((id) => id !== undefined);
    case 'subscription':
    case 'refund':
    case 'dispute':
    case 'charge_refunds':
    case 'card':
    case 'card_setup':
      return [fact.id];
  }
}

const intentsAndCharges = ({ plan }: InvoiceFact) =>
  (plan?.payments ?? []).flatMap(({ intentId, chargeId }) => [intentId, chargeId]);
