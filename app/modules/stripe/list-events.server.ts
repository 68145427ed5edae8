import * as z from 'zod';

import { seconds, toUnix } from '~/platform/time';

import { stripeClient, type StripeSettings } from './client.server';
import { deliveredEvent, type DeliveredEvent } from './delivered-event.server';
import { HANDLED_EVENT_TYPES } from './event-types';

export interface ListedEvent {
  event: DeliveredEvent;
  /** As JSON, in the API version that the event was made in. */
  text: string;
}

/** Stripe takes at most twenty types in one question. */
const TYPES_PER_LIST = 20;
const PAGE = 100;

const listPage = z.object({ data: z.array(z.json()), has_more: z.boolean() });

/**
 * The events of the types that we handle which Stripe created within that time, in pages, newest first. Stripe keeps
 * them for 30 days.
 * @throws StripeError when Stripe does not answer
 */
export async function* listEvents(
  settings: StripeSettings,
  within: { from: Date; until: Date },
): AsyncGenerator<ListedEvent[], void> {
  const types = [...HANDLED_EVENT_TYPES];
  for (let first = 0; first < types.length; first += TYPES_PER_LIST)
    yield* pagesOf(settings, within, types.slice(first, first + TYPES_PER_LIST));
}

async function* pagesOf(
  settings: StripeSettings,
  within: { from: Date; until: Date },
  types: string[],
): AsyncGenerator<ListedEvent[], void> {
  const query = new URLSearchParams({
    limit: String(PAGE),
    'created[gte]': String(toUnix(within.from)),
    'created[lte]': String(toUnix(within.until)),
  });
  for (const type of types) query.append('types[]', type);
  for (;;) {
    // Raw, for the SDK's own resource turns some fields into objects that are not what Stripe said.
    const answer = await stripeClient(settings).rawRequest(
      'GET',
      `/v1/events?${query.toString()}`,
      undefined,
      {
        timeout: seconds(20),
      },
    );
    const page = listPage.parse(answer);
    const events = page.data.map((json) => ({
      event: deliveredEvent.parse(json),
      text: JSON.stringify(json),
    }));
    if (events.length > 0) yield events;
    const last = events.at(-1);
    if (!page.has_more || last === undefined) return;
    query.set('starting_after', last.event.id);
  }
}
