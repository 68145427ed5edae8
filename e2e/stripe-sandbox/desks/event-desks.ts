import { renderEvent } from '../deliveries/render';
import type { World } from '../engine/world';
import type { DeliveryDesk, DeliveryRow, EndpointRow, EventDesk, EventRow } from '../sandbox';
import type { DeliveryRecord, EventRecord } from '../store/records';
import { deskPage } from './pages';

export function eventDesk(world: World): EventDesk {
  return {
    list(query) {
      const { type } = query ?? {};
      const index = type === undefined ? undefined : { name: 'type', key: type };
      return deskPage(world.store.events, query, (event) => eventRow(world, event), index);
    },
    types() {
      const counted = world.store.events.countsBy('type').map(({ key, count }) => ({ type: key, count }));
      return counted.sort((left, right) => (left.type < right.type ? -1 : 1));
    },
    find(eventId) {
      const event = world.store.events.get(eventId);
      if (!event) return undefined;
      const rendered = renderEvent(world.store, event, {
        livemode: world.livemode,
        apiVersion: event.apiVersion,
        pendingWebhooks: world.pendingWebhooks(eventId),
      });
      return { ...eventRow(world, event), body: JSON.stringify(rendered, null, 2) };
    },
    about(objectIds) {
      const ids = objectIds.filter((id) => id !== null);
      const events = world.store.events.whereAny('object', ids).reverse();
      return events.map((event) => eventRow(world, event));
    },
    resend(eventId) {
      if (!world.store.events.get(eventId)) return { outcome: 'unknown_event' };
      const deliveries = world.resend(eventId, 'everyone');
      world.store.save();
      return { outcome: 'queued', deliveries };
    },
  };
}

export function deliveryDesk(world: World): DeliveryDesk {
  return {
    list(query) {
      const { eventId } = query ?? {};
      const index = eventId === undefined ? undefined : { name: 'event', key: eventId };
      return deskPage(world.store.deliveries, query, deliveryRow, index);
    },
  };
}

export function endpointDesk(world: World): { list(): EndpointRow[] } {
  return {
    list: () =>
      [...world.store.endpoints.all()].reverse().map((endpoint) => ({
        id: endpoint.id,
        url: endpoint.url,
        status: endpoint.status === 'enabled' ? 'enabled' : 'disabled',
        enabledEvents: endpoint.enabled_events,
        apiVersion: endpoint.api_version,
        description: endpoint.description,
      })),
  };
}

function eventRow(world: World, event: EventRecord): EventRow {
  return {
    id: event.id,
    type: event.type,
    created: event.created,
    objectId: event.object.id ?? '',
    objectType: event.object.object,
    pendingWebhooks: world.pendingWebhooks(event.id),
  };
}

function deliveryRow(delivery: DeliveryRecord): DeliveryRow {
  const last = delivery.attempts[delivery.attempts.length - 1];
  return {
    id: delivery.id,
    eventId: delivery.eventId,
    eventType: delivery.eventType,
    endpointId: delivery.endpointId,
    url: delivery.url,
    attempt: delivery.attempts.length,
    status: delivery.status,
    nature: delivery.nature,
    faults: delivery.faults,
    ...(last && last.responseStatus !== null && { responseStatus: last.responseStatus }),
    ...(last && last.responseBody !== null && { responseBody: last.responseBody }),
    ...(last && last.error !== null && { error: last.error }),
    atMs: last?.atMs ?? delivery.createdMs,
    ...(delivery.nextAttemptAtMs !== null && { nextAttemptAtMs: delivery.nextAttemptAtMs }),
  };
}
