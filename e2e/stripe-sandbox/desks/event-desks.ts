import { renderEvent } from '../deliveries/render';
import type { World } from '../engine/world';
import type { EventDesk, EventRow, RequestDesk, RequestRow } from '../sandbox-webhooks';
import type { EventRecord } from '../store/records';
import type { NotedRequest } from '../store/request-book';
import { deskPage, pageOfRows } from './pages';
import * as z from 'zod';

export function eventDesk(world: World): EventDesk {
  const { deliveries, endpoints, events } = world.store;
  return {
    list(query) {
      const { type } = query ?? {};
      const index = type === undefined ? undefined : { name: 'type', key: type };
      return deskPage(events, query, (event) => eventRow(world, event), { index });
    },
    types() {
      const counted = events.countsBy('type').map(({ key, count }) => ({ type: key, count }));
      return counted.sort((left, right) => (left.type < right.type ? -1 : 1));
    },
    find(eventId) {
      const event = events.get(eventId);
      if (!event) return undefined;
      return {
        ...eventRow(world, event),
        apiVersion: event.apiVersion,
        body: eventText(world, event, event.apiVersion),
      };
    },
    about(objectIds) {
      const ids = objectIds.filter((id) => id !== null);
      const found = events.whereAny('object', ids).reverse();
      return found.map((event) => eventRow(world, event));
    },
    resend(eventId, endpointId) {
      if (!events.get(eventId)) return { outcome: 'unknown_event' };
      if (endpointId !== undefined && !endpoints.get(endpointId)) return { outcome: 'unknown_endpoint' };
      const queued = world.resend(eventId, endpointId === undefined ? 'everyone' : { endpointId });
      world.store.save();
      return { outcome: 'queued', deliveries: queued };
    },
    drop(eventId) {
      if (!events.get(eventId)) return { outcome: 'unknown_event' };
      const dropped = deliveries
        .where('event', eventId)
        .filter(({ id }) => world.outbox.drop(id) === 'done').length;
      world.store.save();
      return { outcome: 'dropped', deliveries: dropped };
    },
  };
}

/** The event as an endpoint of the version gets it, pretty-printed. */
export function eventText(world: World, event: EventRecord, apiVersion: string): string {
  const pendingWebhooks = world.pendingWebhooks(event.id);
  const view = { livemode: world.livemode, apiVersion, pendingWebhooks };
  return JSON.stringify(renderEvent(world.store, event, view), null, 2);
}

export function eventRow(world: World, event: EventRecord): EventRow {
  return {
    id: event.id,
    type: event.type,
    created: event.created,
    objectId: event.object.id ?? '',
    objectType: event.object.object,
    pendingWebhooks: world.pendingWebhooks(event.id),
    requestId: event.request.id,
    idempotencyKey: event.request.idempotency_key,
  };
}

export function requestDesk(world: World): RequestDesk {
  return {
    list(query) {
      const { only } = query ?? {};
      const kept = world.requests.newestFirst().filter(({ method, status }) => {
        if (only === 'failed') return status >= 400;
        return only !== 'changes' || method !== 'GET';
      });
      return pageOfRows(kept, query, requestRow);
    },
    find(requestId) {
      const request = world.requests.get(requestId);
      if (!request) return undefined;
      const { answer, body, query, userAgent } = request;
      const events = world.store.events.where('request', requestId).reverse();
      return {
        ...requestRow(request),
        query,
        body,
        answer,
        userAgent,
        errorCode: errorOf(request)?.code ?? null,
        events: events.map((event) => eventRow(world, event)),
      };
    },
  };
}

function requestRow(request: NotedRequest): RequestRow {
  const { atMs, durationMs, id, idempotencyKey, isLost, isReplay, method, path, status, version } = request;
  const error = errorOf(request)?.message ?? null;
  return { id, atMs, durationMs, method, path, status, idempotencyKey, version, isReplay, isLost, error };
}

const failureSchema = z.object({
  error: z.object({ message: z.string().nullish(), code: z.string().nullish() }),
});

/** An answer that was cut tells nothing. */
function errorOf({ answer, status }: NotedRequest): z.infer<typeof failureSchema>['error'] | undefined {
  if (status < 400) return undefined;
  try {
    return failureSchema.safeParse(JSON.parse(answer)).data?.error;
  } catch {
    return undefined;
  }
}
