import type Stripe from 'stripe';
import type { Faults, Settings } from '../settings';

/** One event of an act, in logical order. */
interface PlannableEvent {
  id: string;
  type: Stripe.Event.Type;
}

export type PlannableEndpoint = Pick<Stripe.WebhookEndpoint, 'id' | 'url' | 'status' | 'enabled_events'>;

/** One delivery to make. */
export interface PlannedDelivery {
  eventId: string;
  eventType: string;
  endpointId: string;
  url: string;
  /** The first attempt leaves this long after the act … */
  delayMs: number;
  /** … and, to the same endpoint, not before those of the place before were answered. */
  place: number;
}

export interface PlanInput {
  events: PlannableEvent[];
  /** The order in which Stripe is seen to send these types; empty: as they happened. */
  typical: readonly Stripe.Event.Type[];
  endpoints: PlannableEndpoint[];
  settings: Pick<Settings, 'order' | 'seed' | 'eventSpacingMs'>;
  faults: Pick<Faults, 'duplicate' | 'drop'>;
  /** How many acts were planned before this one; with the seed it decides every random choice. */
  turn: number;
}

/**
 * Decides what is sent where, when and how often: the one place where order and faults are made. It is pure, so
 * the same seed and the same acts give the same plan.
 */
export function planDeliveries(input: PlanInput): PlannedDelivery[] {
  if (input.faults.drop) return [];
  const planned: PlannedDelivery[] = [];
  for (const [place, event] of arrange(input).entries()) {
    for (const endpoint of input.endpoints) {
      if (!wants(endpoint, event.type)) continue;
      for (let copy = 0; copy < input.faults.duplicate; copy += 1) {
        planned.push({
          eventId: event.id,
          eventType: event.type,
          endpointId: endpoint.id,
          url: endpoint.url,
          delayMs: place * input.settings.eventSpacingMs,
          place,
        });
      }
    }
  }
  return planned;
}

export function wants(endpoint: PlannableEndpoint, type: string): boolean {
  if (endpoint.status !== 'enabled') return false;
  return endpoint.enabled_events.some((wanted) => wanted === '*' || wanted === type);
}

function arrange({ events, typical, settings, turn }: PlanInput): PlannableEvent[] {
  switch (settings.order) {
    case 'creation':
      return events;
    case 'reverse':
      return [...events].reverse();
    case 'typical': {
      const rank = (event: PlannableEvent): number => {
        const place = typical.indexOf(event.type);
        return place === -1 ? typical.length : place;
      };
      return [...events].sort((left, right) => rank(left) - rank(right));
    }
    case 'shuffle': {
      const random = randomOf(settings.seed, turn);
      return events
        .map((event) => ({ event, key: random() }))
        .sort((left, right) => left.key - right.key)
        .map(({ event }) => event);
    }
  }
}

/** mulberry32 over the seed and the turn: small, and the same everywhere. */
function randomOf(seed: number, turn: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) + turn) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
