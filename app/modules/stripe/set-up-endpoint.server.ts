import type Stripe from 'stripe';

import { seconds } from '~/platform/time';

import { stripeClient, type StripeSettings } from './client.server';
import { hasWebhookPath, isOnHost, missingEvents, PINNED_VERSION, superfluousEvents } from './endpoint-drift';
import { type EndpointView } from './look-at-account.server';
import { HANDLED_EVENT_TYPES } from './event-types';
import { secretMarkOf } from './realm.server';

/** What is to be done about the webhook endpoint. */
export type EndpointStep =
  /** `replaces`: it goes once the new one's secret is set. */
  | { step: 'make_endpoint'; url: string; replaces: string | undefined; why: string }
  | { step: 'change_endpoint'; id: string; changes: string[]; url: string }
  | { step: 'remove_endpoint'; id: string; why: string };

export interface EndpointWish {
  url: string;
  realmId: string | undefined;
  secrets: readonly string[];
  rotatesSecret: boolean;
}

/**
 * What leads from the account's endpoints to one that is as it should be. Ours are those at the address's host with a
 * path of ours, and those that setup made for this realm; all others are left alone. An endpoint's API version and secret
 * cannot be changed: another one takes its place, and it stays until the secret of its successor is set here.
 */
export function planEndpoint(endpoints: readonly EndpointView[], wish: EndpointWish): EndpointStep[] {
  const { url, realmId, secrets, rotatesSecret } = wish;
  const marks = secrets.map(secretMarkOf);
  const isSet = ({ secretMark }: EndpointView) => secretMark !== undefined && marks.includes(secretMark);
  const ours = endpoints.filter(
    (one) =>
      one.url === url ||
      (isOnHost(one.url, url) && hasWebhookPath(one.url)) ||
      (one.realm !== undefined && one.realm === realmId),
  );
  const right = ours.filter(({ apiVersion }) => apiVersion === PINNED_VERSION);
  const waiting = right.filter((one) => one.secretMark !== undefined && !isSet(one));
  const kept = right.find(isSet) ?? right.find((one) => !waiting.includes(one)) ?? waiting[0];
  const former = kept ?? ours[0];
  if (kept === undefined) {
    const why =
      former === undefined
        ? 'there is none'
        : `${former.id} speaks API ${former.apiVersion ?? 'of the default'}`;
    return [{ step: 'make_endpoint', url, replaces: former?.id, why }];
  }
  const steps: EndpointStep[] = [];
  const changes = changesOf(kept, url);
  if (changes.length > 0)
    steps.push({ step: 'change_endpoint', id: kept.id, changes, url: urlOf(kept, url) });
  // What a new one was made for, once that one's secret is in use.
  const done = ours.filter((one) => isSet(kept) && one.id === kept.replaces);
  for (const { id } of done) steps.push({ step: 'remove_endpoint', id, why: `${kept.id} took its place` });
  if (!rotatesSecret) return steps;
  for (const { id } of waiting.filter((one) => one !== kept))
    steps.push({ step: 'remove_endpoint', id, why: 'its secret was never set' });
  return [...steps, { step: 'make_endpoint', url, replaces: kept.id, why: 'a new secret' }];
}

/** A path of ours is as good as the other. */
const urlOf = (one: EndpointView, url: string): string =>
  isOnHost(one.url, url) && hasWebhookPath(one.url) ? one.url : url;

function changesOf(one: EndpointView, url: string): string[] {
  const changes: string[] = [];
  const [missing, superfluous] = [missingEvents(one.events), superfluousEvents(one.events)];
  if (urlOf(one, url) !== one.url) changes.push(`address ${one.url} → ${url}`);
  if (!one.isEnabled) changes.push('disabled → enabled');
  if (missing.length > 0) changes.push(`hears ${missing.join(', ')} too`);
  if (superfluous.length > 0) changes.push(`hears ${superfluous.join(', ')} no more`);
  return changes;
}

const TIMEOUT = { timeout: seconds(20) };
const events = () => [...HANDLED_EVENT_TYPES] as Stripe.WebhookEndpointCreateParams.EnabledEvent[];

/**
 * Makes an endpoint and hands its secret, which Stripe shows this once, to `keep` before anything else can fail.
 * @throws StripeError when Stripe refuses it or does not answer
 */
export async function makeEndpoint(
  settings: StripeSettings,
  input: { url: string; realmId: string; replaces: string | undefined; key: string },
  keep: (secret: string) => void,
): Promise<string> {
  const { url, realmId, replaces, key } = input;
  const stripe = stripeClient(settings);
  const { id, secret } = await stripe.webhookEndpoints.create(
    {
      url,
      enabled_events: events(),
      api_version: PINNED_VERSION,
      description: 'Credence',
      metadata: {
        credence_realm: realmId,
        ...(replaces === undefined ? {} : { credence_replaces: replaces }),
      },
    },
    { idempotencyKey: key, ...TIMEOUT },
  );
  if (secret === undefined) throw new Error(`Stripe did not show the secret of ${id}.`);
  keep(secret);
  const metadata = { credence_secret: secretMarkOf(secret) };
  await stripe.webhookEndpoints.update(id, { metadata }, { idempotencyKey: `${key}.mark`, ...TIMEOUT });
  return id;
}

/** Sets address, events and state of an endpoint. @throws StripeError */
export async function changeEndpoint(
  settings: StripeSettings,
  { id, url, realmId, key }: { id: string; url: string; realmId: string; key: string },
): Promise<void> {
  await stripeClient(settings).webhookEndpoints.update(
    id,
    { url, enabled_events: events(), disabled: false, metadata: { credence_realm: realmId } },
    { idempotencyKey: key, ...TIMEOUT },
  );
}

/** @throws StripeError */
export async function removeEndpoint(settings: StripeSettings, id: string): Promise<void> {
  await stripeClient(settings).webhookEndpoints.del(id, {}, TIMEOUT);
}
