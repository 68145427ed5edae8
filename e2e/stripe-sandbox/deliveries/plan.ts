import type Stripe from 'stripe';
import { Dice, shuffledAt, type Struck } from '../chaos/dice';
import type { EventFault } from '../chaos/mix';
import type { Faults, Settings } from '../settings';
import type { DeliveryRecord } from '../store/records';
import { planCopies, type Mischief } from './plan-copies';

/** One event of an act, in logical order. */
export interface PlannableEvent {
  id: string;
  type: Stripe.Event.Type;
}

export interface PlannableEndpoint extends Pick<
  Stripe.WebhookEndpoint,
  'id' | 'url' | 'status' | 'enabled_events'
> {
  /** A session of `stripe listen`, which is never down: what fails on its way there is never tried again. */
  isListener?: boolean;
}

/** One delivery to make. */
export interface PlannedDelivery {
  eventId: string;
  eventType: string;
  endpointId: string;
  url: string;
  /** The first attempt leaves this long after the act … */
  delayMs: number;
  /** … and, to the same endpoint, not before those of the place before were answered. null: it waits for none. */
  place: number | null;
  nature: DeliveryRecord['nature'];
  faults: EventFault[];
  apiVersion: string | null;
  refusals: number;
  /** Listed, and never sent. */
  isDropped: boolean;
}

interface Circumstances {
  faults: Pick<Faults, 'duplicate' | 'drop' | 'chaos'>;
  /** How many acts of the run were planned before this one; with the seed it decides every random choice. */
  turn: number;
  /** How often each fault struck before, for those that strike a number of times. */
  struck: Struck;
}

export interface PlanInput extends Circumstances {
  events: PlannableEvent[];
  /** The order in which Stripe is seen to send these types; empty: as they happened. */
  typical: readonly Stripe.Event.Type[];
  endpoints: PlannableEndpoint[];
  settings: Pick<Settings, 'order' | 'seed' | 'eventSpacingMs' | 'explicitEvents'>;
}

export interface Plan {
  deliveries: PlannedDelivery[];
  mischief: Mischief[];
}

/** Which of an act's happenings become events at all. */
export function planEvents(
  types: readonly Stripe.Event.Type[],
  { faults: { chaos }, turn, struck }: Circumstances,
): { isGenerated: boolean[]; mischief: Mischief[] } {
  if (!chaos) return { isGenerated: types.map(() => true), mischief: [] };
  const dice = new Dice(chaos, turn, struck);
  const isGenerated = types.map((_type, place) => !dice.strikes('never_generated', place));
  const missing = types.filter((_type, place) => !isGenerated[place]);
  const mischief = missing.map((eventType) => ({ fault: 'never_generated' as const, eventType }));
  return { isGenerated, mischief };
}

/**
 * Decides what is sent where, when and how often: with `planEvents` the one place where order and faults are made.
 * Both are pure, so the same seed and the same acts give the same plan.
 */
export function planDeliveries(input: PlanInput): Plan {
  const plan: Plan = { deliveries: [], mischief: [] };
  const { chaos, drop, duplicate } = input.faults;
  if (drop) return plan;
  const dice = chaos && new Dice(chaos, input.turn, input.struck);
  const arranged = arrange(input);
  const isReordered = dice !== null && arranged.length > 1 && dice.strikes('reorder');
  if (isReordered) plan.mischief.push({ fault: 'reorder', detail: `${arranged.length} events` });
  for (const [place, event] of (isReordered ? dice.shuffled(arranged) : arranged).entries()) {
    for (const [index, endpoint] of input.endpoints.entries()) {
      if (!wants(endpoint, event.type, input.settings.explicitEvents)) continue;
      const one: PlannedDelivery = {
        eventId: event.id,
        eventType: event.type,
        endpointId: endpoint.id,
        url: endpoint.url,
        delayMs: place * input.settings.eventSpacingMs,
        place,
        nature: 'genuine',
        faults: isReordered ? ['reorder'] : [],
        apiVersion: null,
        refusals: 0,
        isDropped: false,
      };
      const copies = dice
        ? planCopies(one, {
            chaos,
            dice,
            turn: input.turn,
            index,
            mayBeDown: endpoint.isListener !== true,
            mischief: plan.mischief,
          })
        : [one];
      for (const copy of copies) {
        const times = copy.nature === 'genuine' && !copy.isDropped ? duplicate : 1;
        for (let time = 0; time < times; time += 1) plan.deliveries.push(copy);
      }
    }
  }
  return plan;
}

/** `*` is every type but those that an endpoint must name to get them. */
export function wants(endpoint: PlannableEndpoint, type: string, explicitEvents: readonly string[]): boolean {
  if (endpoint.status !== 'enabled') return false;
  const isCovered = endpoint.enabled_events.includes('*') && !explicitEvents.includes(type);
  return isCovered || endpoint.enabled_events.includes(type);
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
    case 'shuffle':
      return shuffledAt(events, settings.seed, turn);
  }
}
