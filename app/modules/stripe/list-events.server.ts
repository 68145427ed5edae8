import * as z from 'zod';

import { log } from '~/platform/log.server';
import { seconds, toUnix } from '~/platform/time';

import { stripeClient, type StripeSettings } from './client.server';
import { deliveredEvent, type DeliveredEvent } from './delivered-event.server';
import { HANDLED_EVENT_TYPES } from './event-types';
import { type Pacer } from './pace.server';
import { isMissing } from './stripe-faults.server';

export interface ListedEvent {
  event: DeliveredEvent;
  /** As JSON, in the API version that the event was made in. */
  text: string;
}

export interface ListedWithin {
  from: Date;
  /** Up to now when absent. */
  before?: Date;
}

/** Stripe takes at most twenty types in one question. */
const TYPES_PER_LIST = 20;
const PAGE = 100;

const TIMEOUT = { timeout: seconds(20) };

const listed = z.object({ id: z.string() });
const listPage = z.object({ data: z.array(z.json()), has_more: z.boolean() });

/**
 * Whether this account has an event.
 * @throws StripeError when Stripe does not answer
 */
export async function hasEvent(settings: StripeSettings, id: string): Promise<boolean> {
  try {
    await stripeClient(settings).rawRequest(
      'GET',
      `/v1/events/${encodeURIComponent(id)}`,
      undefined,
      TIMEOUT,
    );
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * The events of the types that we handle which Stripe created within that time, in pages, newest first. Stripe keeps
 * them for 30 days. Each page is asked for by `ask`, at once and a single time when there is none.
 * @throws StripeError when Stripe does not answer
 */
export async function* listEvents(
  settings: StripeSettings,
  within: ListedWithin,
  ask: Pacer['ask'] = (question) => question(),
): AsyncGenerator<ListedEvent[], void> {
  const types = [...HANDLED_EVENT_TYPES];
  for (let first = 0; first < types.length; first += TYPES_PER_LIST)
    yield* pagesOf(settings, within, types.slice(first, first + TYPES_PER_LIST), ask);
}

async function* pagesOf(
  settings: StripeSettings,
  within: ListedWithin,
  types: string[],
  ask: Pacer['ask'],
): AsyncGenerator<ListedEvent[], void> {
  const query = new URLSearchParams({ limit: String(PAGE), 'created[gte]': String(toUnix(within.from)) });
  if (within.before) query.set('created[lt]', String(toUnix(within.before)));
  for (const type of types) query.append('types[]', type);
  for (;;) {
    // Raw, for the SDK's own resource turns some fields into objects that are not what Stripe said.
    const path = `/v1/events?${query.toString()}`;
    const answer = await ask(() => stripeClient(settings).rawRequest('GET', path, undefined, TIMEOUT));
    const page = listPage.parse(answer);
    const events = page.data.flatMap(readListed);
    if (events.length > 0) yield events;
    const last = listed.safeParse(page.data.at(-1));
    if (!page.has_more || !last.success) return;
    query.set('starting_after', last.data.id);
  }
}

/** One that cannot be read must not keep the others from being found. */
function readListed(json: unknown): ListedEvent[] {
  const event = deliveredEvent.safeParse(json);
  if (event.success) return [{ event: event.data, text: JSON.stringify(json) }];
  log.error('listed event not readable', { error: z.prettifyError(event.error) });
  return [];
}
