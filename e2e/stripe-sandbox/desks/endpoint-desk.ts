import type Stripe from 'stripe';
import { wants } from '../deliveries/plan';
import { removeEndpoint, rollSecret } from '../engine/webhook-endpoints';
import type { World } from '../engine/world';
import { Ids } from '../ids';
import type { EndpointDesk, EndpointHealth, EndpointOutcome, EndpointRow } from '../sandbox-webhooks';

/** How many deliveries an endpoint's health is told by. */
const LOOKED_AT = 100;

/** The webhook endpoints and the sessions of `stripe listen`, and what a developer does to them. */
export function endpointDesk(world: World): EndpointDesk {
  const { endpoints, endpointSecrets } = world.store;
  const onEndpoint = (id: string, act: (endpoint: Stripe.WebhookEndpoint) => void): EndpointOutcome => {
    const endpoint = endpoints.get(id);
    if (!endpoint) return { outcome: 'unknown_endpoint' };
    act(endpoint);
    world.store.save();
    return { outcome: 'done' };
  };
  return {
    list: () => [...endpoints.all()].reverse().map(rowOf),
    find(id) {
      const endpoint = endpoints.get(id);
      if (!endpoint) return undefined;
      const secrets = endpointSecrets.must(id).secrets;
      return {
        ...rowOf(endpoint),
        created: endpoint.created,
        secrets: secrets.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > world.nowMs()),
        health: healthOf(world, id),
      };
    },
    listeners: () =>
      world.listeners.targets().map(({ id, url }) => ({
        id,
        url,
        secret: world.listeners.secretOf(id) ?? '',
        health: healthOf(world, id),
      })),
    enable: (id) =>
      onEndpoint(id, (endpoint) => {
        world.store.endpointHealth.delete(id);
        endpoints.put({ ...endpoint, status: 'enabled' });
      }),
    disable: (id) => onEndpoint(id, (endpoint) => endpoints.put({ ...endpoint, status: 'disabled' })),
    roll: (id, keepOldForSeconds) =>
      onEndpoint(id, () => rollSecret(world, id, Ids.signingSecret(), keepOldForSeconds)),
    remove: (id) => onEndpoint(id, () => removeEndpoint(world, id)),
    test(id, type) {
      const endpoint = endpoints.get(id);
      if (!endpoint) return { outcome: 'unknown_endpoint' };
      if (endpoint.status !== 'enabled') return { outcome: 'disabled' };
      const event = newestFor(world, endpoint, type);
      if (!event) return { outcome: 'no_event' };
      world.resend(event.id, { endpointId: id });
      world.store.save();
      return { outcome: 'sent', eventId: event.id, eventType: event.type };
    },
  };
}

function newestFor(world: World, endpoint: Stripe.WebhookEndpoint, type: string | null) {
  const { explicitEvents } = world.settings();
  const found = world.store.events.page({
    limit: 1,
    index: type === null ? undefined : { name: 'type', key: type },
    where: (event) => wants(endpoint, event.type, explicitEvents),
  });
  return found.outcome === 'page' ? found.rows[0] : undefined;
}

function rowOf(endpoint: Stripe.WebhookEndpoint): EndpointRow {
  return {
    id: endpoint.id,
    url: endpoint.url,
    status: endpoint.status === 'enabled' ? 'enabled' : 'disabled',
    enabledEvents: endpoint.enabled_events,
    apiVersion: endpoint.api_version,
    description: endpoint.description,
  };
}

/** Forged and stale letters are to be refused, so their answers tell nothing of an endpoint. */
function healthOf(world: World, endpointId: string): EndpointHealth {
  const found = world.store.deliveries.page({
    limit: LOOKED_AT,
    index: { name: 'endpoint', key: endpointId },
    where: ({ nature }) => nature === 'genuine',
  });
  const rows = found.outcome === 'page' ? found.rows : [];
  const tried = rows.filter(({ attempts }) => attempts.length > 0);
  const failures = tried.flatMap(({ id, attempts }) =>
    attempts
      .filter(({ responseStatus: status }) => status === null || status < 200 || status >= 300)
      .map(({ atMs, error, responseStatus }) => ({
        deliveryId: id,
        atMs,
        told: error ?? `HTTP ${responseStatus}`,
      })),
  );
  const [lastFailure = null] = failures.sort((left, right) => right.atMs - left.atMs);
  return {
    tried: tried.length,
    succeeded: tried.filter(({ status }) => status === 'succeeded').length,
    waiting: rows.filter(({ status }) => status === 'pending').length,
    lastFailure,
    failingSinceMs: world.store.endpointHealth.get(endpointId)?.failingSinceMs ?? null,
  };
}
