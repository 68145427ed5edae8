import { measuresOf } from '../chaos/mix';
import type { Listeners } from '../listen/listeners';
import type { Faults, Settings } from '../settings';
import type { DeliveryRecord } from '../store/records';
import type { Store } from '../store/store';
import { PINNED_VERSION } from '../versions/versions';
import { writeLetter, type Letter } from './letter';
import { wants } from './plan';
import { renderEvent } from './render';
import { retryScheduleOf } from './retries';
import { headersOf, type Sender, type SendOutcome } from './send';
import type { SentLetters } from './sent-letters';

export interface CarrierOptions {
  store: Store;
  sender: Sender;
  sentLetters: SentLetters;
  listeners: Listeners;
  settings: () => Settings;
  faults: () => Faults;
  nowMs: () => number;
  accountVersion: string;
  livemode: boolean;
  pendingWebhooks: (eventId: string) => number;
}

export type CarryOutcome =
  | SendOutcome
  /** The endpoint or the session is gone, disabled or takes the type no longer: no further tries. */
  | { outcome: 'unwanted' };

/** One attempt of a delivery, over HTTP or through `stripe listen`. */
export async function carry(options: CarrierOptions, delivery: DeliveryRecord): Promise<CarryOutcome> {
  const settings = options.settings();
  const schedule = retryScheduleOf(settings, options.livemode);
  const endpoint = options.store.endpoints.get(delivery.endpointId);
  const isHeld = delivery.attempts.length < Math.min(delivery.refusals, schedule.length);
  if (!endpoint) return carryToListener(options, delivery);
  if (!wants({ ...endpoint, enabled_events: [delivery.eventType] }, delivery.eventType, [])) {
    return { outcome: 'unwanted' };
  }
  if (isHeld) {
    return { outcome: 'unreachable', error: `connect ECONNREFUSED ${new URL(endpoint.url).host} (by chaos)` };
  }
  const version = delivery.apiVersion ?? endpoint.api_version ?? options.accountVersion;
  const letter = letterFor(options, delivery, version, secretsOf(options, endpoint.id));
  if (!letter) return { outcome: 'unwanted' };
  noteLetter(options, delivery, letter);
  const timeoutMs = settings.deliveryTimeoutMs;
  return options.sender.send({ url: endpoint.url, ...letter, timeoutMs });
}

/** A listen session gets the event twice, and its CLI drops one: the account's version and the latest one. */
async function carryToListener(options: CarrierOptions, delivery: DeliveryRecord): Promise<CarryOutcome> {
  const { listeners } = options;
  const secret = listeners.secretOf(delivery.endpointId);
  if (secret === undefined) return { outcome: 'unwanted' };
  const plain = letterFor(options, delivery, delivery.apiVersion ?? options.accountVersion, [secret]);
  const latest = letterFor(options, delivery, delivery.apiVersion ?? PINNED_VERSION, [secret]);
  if (!plain || !latest) return { outcome: 'unwanted' };
  noteLetter(options, delivery, plain);
  return listeners.send(delivery.endpointId, {
    copies: [
      { ...plain, apiVersion: null },
      { ...latest, apiVersion: PINNED_VERSION },
    ],
    timeoutMs: options.settings().deliveryTimeoutMs,
  });
}

function noteLetter({ sentLetters }: CarrierOptions, delivery: DeliveryRecord, letter: Letter): void {
  const attempt = delivery.attempts.length + 1;
  sentLetters.note(delivery.id, { attempt, headers: headersOf(letter), body: letter.body });
}

function letterFor(
  { store, livemode, faults, pendingWebhooks }: CarrierOptions,
  { body: fixed, eventId, nature }: DeliveryRecord,
  apiVersion: string,
  secrets: readonly string[],
): Letter | undefined {
  const event = store.events.get(eventId);
  if (!event && fixed === null) return undefined;
  const view = { livemode, apiVersion, pendingWebhooks: Math.max(1, pendingWebhooks(eventId)) };
  const body = fixed ?? (event && JSON.stringify(renderEvent(store, event, view), null, 2));
  if (body === undefined) return undefined;
  const timestamp = Math.floor(Date.now() / 1000);
  const staleSeconds = measuresOf(faults().chaos ?? {}).staleSeconds;
  return writeLetter({ nature, body, secrets, livemode, timestamp, staleSeconds });
}

function secretsOf({ store, nowMs }: CarrierOptions, endpointId: string): string[] {
  return store.endpointSecrets
    .must(endpointId)
    .secrets.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs())
    .map(({ value }) => value);
}
