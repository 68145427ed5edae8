import { ACCOUNT_VERSION } from '../versions/versions';
import type { World } from '../engine/world';
import type {
  AttemptRow,
  DeliveryDesk,
  DeliveryDetail,
  DeliveryQuery,
  DeliveryRow,
  WaitingOutcome,
} from '../sandbox-webhooks';
import type { PageRequest } from '../store/collection';
import type { DeliveryRecord } from '../store/records';
import { eventText } from './event-desks';
import { deskPage } from './pages';

/** Every delivery, and what a developer does to those that wait or have failed. */
export function deliveryDesk(world: World): DeliveryDesk {
  const { deliveries } = world.store;
  const onWaiting = (id: string, act: 'sendNow' | 'drop'): WaitingOutcome => {
    const before = deliveries.get(id);
    if (!before) return { outcome: 'unknown_delivery' };
    const outcome = world.outbox[act](id);
    world.store.save();
    return outcome === 'settled' ? { outcome, status: before.status } : { outcome };
  };
  return {
    list: (query = {}) => deskPage(deliveries, query, deliveryRow, selectionOf(query)),
    counts() {
      const counts = { pending: 0, succeeded: 0, failed: 0, dropped: 0 };
      return {
        ...counts,
        ...Object.fromEntries(deliveries.countsBy('status').map(({ key, count }) => [key, count])),
      };
    },
    find(id) {
      const delivery = deliveries.get(id);
      return delivery && deliveryDetail(world, delivery);
    },
    sendNow: (id) => onWaiting(id, 'sendNow'),
    drop: (id) => onWaiting(id, 'drop'),
    resend(id) {
      const delivery = deliveries.get(id);
      if (!delivery) return { outcome: 'unknown_delivery' };
      const { endpointId, eventId } = delivery;
      if (!world.store.events.get(eventId)) return { outcome: 'unknown_event' };
      if (!world.store.endpoints.get(endpointId)) return { outcome: 'unknown_endpoint' };
      const queued = world.resend(eventId, { endpointId });
      world.store.save();
      return { outcome: 'queued', deliveries: queued };
    },
  };
}

/** By the index that leaves the fewest rows; the rest is looked through. */
function selectionOf(query: DeliveryQuery): Pick<PageRequest<DeliveryRecord>, 'index' | 'where'> {
  const { endpointId, eventId, eventType, status } = query;
  const named = [
    { name: 'event', key: eventId },
    { name: 'endpoint', key: endpointId },
    { name: 'status', key: status },
  ];
  const [index] = named.flatMap(({ name, key }) => (key === undefined ? [] : [{ name, key }]));
  return {
    index,
    where: (row) =>
      (endpointId === undefined || row.endpointId === endpointId) &&
      (eventType === undefined || row.eventType === eventType) &&
      (status === undefined || row.status === status),
  };
}

function deliveryDetail(world: World, delivery: DeliveryRecord): DeliveryDetail {
  const letters = world.sentLetters.of(delivery.id);
  return {
    ...deliveryRow(delivery),
    createdMs: delivery.createdMs,
    attempts: delivery.attempts.map((attempt, place): AttemptRow => {
      const letter = letters.find((one) => one.attempt === place + 1);
      return { ...attempt, request: letter ? { headers: letter.headers, body: letter.body } : null };
    }),
    body: delivery.body ?? bodyNow(world, delivery),
  };
}

function bodyNow(world: World, { apiVersion, endpointId, eventId }: DeliveryRecord): string | null {
  const event = world.store.events.get(eventId);
  const version = apiVersion ?? world.store.endpoints.get(endpointId)?.api_version ?? ACCOUNT_VERSION;
  return event ? eventText(world, event, version) : null;
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
