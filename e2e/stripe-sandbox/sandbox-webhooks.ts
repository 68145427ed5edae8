import type { Page, PageQuery } from './sandbox';

/** Events, their deliveries, the endpoints that get them and the API requests that caused them. */

export interface EventRow {
  id: string;
  type: string;
  created: number;
  objectId: string;
  objectType: string;
  pendingWebhooks: number;
  /** The API request that caused it; null: a visitor, a clock or the sandbox itself. */
  requestId: string | null;
  idempotencyKey: string | null;
}

export interface EventDetail extends EventRow {
  apiVersion: string;
  /** The event as delivered, pretty-printed. */
  body: string;
}

export interface EventDesk {
  list(query?: PageQuery & { type?: string }): Page<EventRow>;
  /** Every type that was sent so far, by name. */
  types(): Array<{ type: string; count: number }>;
  find(eventId: string): EventDetail | undefined;
  /** What was said of any of the objects, newest first. */
  about(objectIds: ReadonlyArray<string | null>): EventRow[];
  /** To everyone who takes its type, or to one endpoint in any case. */
  resend(eventId: string, endpointId?: string): ResendOutcome;
  /** Sends none of its deliveries that still wait. */
  drop(eventId: string): DropOutcome;
}

export type ResendOutcome =
  { outcome: 'queued'; deliveries: number } | { outcome: 'unknown_event' } | { outcome: 'unknown_endpoint' };

type DropOutcome = { outcome: 'dropped'; deliveries: number } | { outcome: 'unknown_event' };

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed' | 'dropped';

export interface DeliveryRow {
  id: string;
  eventId: string;
  eventType: string;
  endpointId: string;
  url: string;
  /** Attempts made so far; 0 while the first one waits. */
  attempt: number;
  /** `failed`: every retry is used up. `dropped`: it was never sent or will not be sent again on purpose. */
  status: DeliveryStatus;
  /** All but `genuine` are chaos's and must be refused by whoever gets them. */
  nature: 'genuine' | 'stale' | 'forged_signature' | 'forged_body' | 'forged_event';
  /** What chaos did to it. */
  faults: string[];
  responseStatus?: number;
  /** The first 2,000 characters. */
  responseBody?: string;
  error?: string;
  /** Unix milliseconds of the last attempt, or of the row's making. */
  atMs: number;
  nextAttemptAtMs?: number;
}

export interface DeliveryDetail extends DeliveryRow {
  createdMs: number;
  /** Oldest first. */
  attempts: AttemptRow[];
  /** What would leave now; null: its event is gone. */
  body: string | null;
}

export interface AttemptRow {
  /** Unix milliseconds of the answer. */
  atMs: number;
  responseStatus: number | null;
  responseBody: string | null;
  error: string | null;
  /** What left, to the byte; null: it is too long ago, or nothing left. */
  request: { headers: Record<string, string>; body: string } | null;
}

export type DeliveryQuery = PageQuery & {
  eventId?: string;
  endpointId?: string;
  status?: DeliveryStatus;
  eventType?: string;
};

export interface DeliveryDesk {
  list(query?: DeliveryQuery): Page<DeliveryRow>;
  counts(): Record<DeliveryStatus, number>;
  find(deliveryId: string): DeliveryDetail | undefined;
  /** Does not wait for its time or its turn. */
  sendNow(deliveryId: string): WaitingOutcome;
  drop(deliveryId: string): WaitingOutcome;
  /** Sends its event again to the same endpoint, as a delivery of its own. */
  resend(deliveryId: string): ResendOutcome | { outcome: 'unknown_delivery' };
}

/** What became of something that was to be still waiting. */
export type WaitingOutcome =
  | { outcome: 'done' }
  /** An attempt is being made. */
  | { outcome: 'under_way' }
  /** It waits no more. */
  | { outcome: 'settled'; status: DeliveryStatus }
  | { outcome: 'unknown_delivery' };

export interface EndpointRow {
  id: string;
  url: string;
  status: 'enabled' | 'disabled';
  enabledEvents: string[];
  apiVersion: string | null;
  description: string | null;
}

export interface EndpointHealth {
  /** Of the last genuine deliveries that were tried. */
  tried: number;
  succeeded: number;
  waiting: number;
  lastFailure: { deliveryId: string; atMs: number; told: string } | null;
  /** Unix milliseconds; null: the last answer was 2xx. */
  failingSinceMs: number | null;
}

export interface EndpointDetail extends EndpointRow {
  created: number;
  /** The newest first; all of them sign. `expiresAtMs` null: it holds. */
  secrets: Array<{ value: string; expiresAtMs: number | null }>;
  health: EndpointHealth;
}

export interface EndpointDesk {
  /** Newest first. */
  list(): EndpointRow[];
  find(endpointId: string): EndpointDetail | undefined;
  /** Those who run `stripe listen`. */
  listeners(): ListenerRow[];
  enable(endpointId: string): EndpointOutcome;
  disable(endpointId: string): EndpointOutcome;
  /** Seconds that the secrets so far go on signing. */
  roll(endpointId: string, keepOldForSeconds: number): EndpointOutcome;
  remove(endpointId: string): EndpointOutcome;
  /** Sends the newest event of a type, or of any that it takes, to this endpoint alone. */
  test(endpointId: string, type: string | null): TestOutcome;
}

export interface ListenerRow {
  id: string;
  /** Where it forwards to, or that it only prints. */
  url: string;
  secret: string;
  health: EndpointHealth;
}

export type EndpointOutcome = { outcome: 'done' } | { outcome: 'unknown_endpoint' };

type TestOutcome =
  | { outcome: 'sent'; eventId: string; eventType: string }
  /** Nothing that it takes has happened yet. */
  | { outcome: 'no_event' }
  | { outcome: 'disabled' }
  | { outcome: 'unknown_endpoint' };

/** An API request of late. */
export interface RequestRow {
  id: string;
  /** Unix milliseconds. */
  atMs: number;
  durationMs: number;
  method: string;
  path: string;
  status: number;
  /** null: the key was not given. */
  idempotencyKey: string | null;
  version: string;
  /** The saved answer of an earlier request with the same key. */
  isReplay: boolean;
  /** The connection was cut instead of answering. */
  isLost: boolean;
  /** The message of a refusal. */
  error: string | null;
}

export interface RequestDetail extends RequestRow {
  query: string;
  /** Of the error. */
  errorCode: string | null;
  userAgent: string | null;
  body: string;
  answer: string;
  /** Newest first. */
  events: EventRow[];
}

export interface RequestDesk {
  list(query?: PageQuery & { only?: 'failed' | 'changes' }): Page<RequestRow>;
  find(requestId: string): RequestDetail | undefined;
}
