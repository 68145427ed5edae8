import * as z from 'zod';

import { type Keep, keepFields } from './keep-fields';

const envelope = z.object({
  id: z.string(),
  object: z.literal('event'),
  type: z.string(),
  api_version: z.string().nullish(),
  account: z.string().optional(),
  created: z.int(),
  livemode: z.boolean(),
  data: z.object({ object: z.object({ id: z.string().optional(), object: z.string().optional() }) }),
});

/** What is left of an event's payload: which event it was and which object it tells of, so that this can be read again. */
export const redactPayload = (payload: string): string =>
  JSON.stringify(envelope.parse(JSON.parse(payload)), null, 2);

const told = envelope.extend({
  data: z.object({
    object: z.record(z.string(), z.unknown()),
    previous_attributes: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** An event without what names people, as a test realm's account would have sent it. */
export interface NamelessEvent {
  [field: string]: unknown;
  id: string;
  type: string;
  api_version: string | null;
  /** Seconds since 1970. */
  created: number;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
}

/**
 * The same with all that can be told of its object without naming anybody: what a test plays again.
 * @throws ZodError when it is no event
 */
export function namelessEvent(payload: string, keep: Keep): NamelessEvent {
  const event = told.parse(JSON.parse(payload));
  const { object, previous_attributes: previous } = event.data;
  const type = z
    .string()
    .regex(/^[a-z0-9_.]{1,80}$/)
    .parse(event.type);
  return {
    id: keep.names.id(event.id),
    object: 'event',
    api_version: API_VERSION.safeParse(event.api_version).data ?? null,
    created: event.created + keep.shiftSeconds,
    data: {
      object: keepFields(object, keep),
      ...(previous === undefined ? {} : { previous_attributes: keepFields(previous, keep) }),
    },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
}

const API_VERSION = z.string().regex(/^\d{4}-\d\d-\d\d(\.[a-z]{1,30})?$/);
