import type Stripe from 'stripe';
import type { World } from './world';

export interface EndpointInput {
  id: string;
  url: string;
  enabledEvents: string[];
  apiVersion: string | null;
  description: string | null;
  metadata: Stripe.Metadata;
  secret: string;
}

/** Stores an endpoint and its signing secret; under a known id it takes the place of the old one. */
export function registerEndpoint(world: World, input: EndpointInput): Stripe.WebhookEndpoint {
  const known = world.store.endpoints.get(input.id);
  world.store.endpointSecrets.put({ id: input.id, secrets: [{ value: input.secret, expiresAtMs: null }] });
  return world.store.endpoints.put({
    id: input.id,
    object: 'webhook_endpoint',
    api_version: input.apiVersion,
    application: null,
    created: known?.created ?? world.now(),
    description: input.description,
    enabled_events: input.enabledEvents,
    livemode: world.livemode,
    metadata: input.metadata,
    status: known?.status ?? 'enabled',
    url: input.url,
  });
}

/** A new secret signs beside the old ones, which stay valid for `keepOldForSeconds` at most. */
export function rollSecret(world: World, id: string, secret: string, keepOldForSeconds: number): void {
  const expiresAtMs = world.nowMs() + keepOldForSeconds * 1000;
  const old = world.store.endpointSecrets.must(id).secrets.map((before) => ({
    value: before.value,
    expiresAtMs: Math.min(expiresAtMs, before.expiresAtMs ?? Infinity),
  }));
  const kept = keepOldForSeconds > 0 ? old : [];
  world.store.endpointSecrets.put({ id, secrets: [{ value: secret, expiresAtMs: null }, ...kept] });
}

export function removeEndpoint({ store }: World, id: string): void {
  store.endpoints.delete(id);
  store.endpointSecrets.delete(id);
  store.endpointHealth.delete(id);
}
