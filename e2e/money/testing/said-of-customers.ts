import * as z from 'zod';

import { type SentEvent } from '../../../app/modules/payments/testing/driven-inbox';
import { isHandledEventType } from '../../../app/modules/stripe/index.server';
import { type Sandbox } from '../../stripe-sandbox/sandbox';
import { until } from '../../stripe-sandbox/testing/under-test';
import { PINNED_VERSION } from '../../stripe-sandbox/versions/versions';
import { bodyIn } from './sandbox-shop';

const named = z.object({
  data: z.object({
    object: z.object({ customer: z.string().nullish(), payment_intent: z.string().nullish() }),
  }),
});

interface Told {
  event: SentEvent;
  customer: string | undefined;
  intent: string | undefined;
}

/**
 * What Stripe says of customers and we handle, in Stripe's order; late events of their payments are waited for. A dispute
 * names no customer: it is of who paid its PaymentIntent.
 */
export async function saidOfCustomers(
  { events }: Pick<Sandbox, 'events'>,
  customers: readonly string[],
): Promise<Map<string, SentEvent[]>> {
  const ids = new Set(customers);
  const said = (): Told[] => toldBy(events).filter(({ customer }) => ids.has(customer ?? ''));
  const counted = (type: string) => said().filter(({ event }) => event.type === type).length;
  await until(() => counted('charge.updated') >= counted('charge.succeeded'));
  const byCustomer = new Map(customers.map((id): [string, SentEvent[]] => [id, []]));
  for (const { customer, event } of said())
    if (isHandledEventType(event.type)) byCustomer.get(customer ?? '')?.push(event);
  return byCustomer;
}

function toldBy(events: Sandbox['events']): Told[] {
  const all: Told[] = [];
  for (let cursor: string | null = null; ;) {
    const page = events.list({ limit: 100, ...(cursor === null ? {} : { cursor }) });
    for (const { id, type } of page.rows) {
      const event: unknown = JSON.parse(events.find(id)?.body ?? '');
      const names = named.safeParse(event).data?.data.object;
      const { customer, payment_intent: intent } = names ?? {};
      const sent = { id, type, body: bodyIn(event, PINNED_VERSION) };
      all.push({ event: sent, customer: customer ?? undefined, intent: intent ?? undefined });
    }
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  const payers = new Map(all.map(({ intent, customer }) => [customer && intent, customer]));
  return all.reverse().map((told) => ({ ...told, customer: told.customer ?? payers.get(told.intent) }));
}
