import { parseUrl } from '~/platform/parse-url';

import { HANDLED_EVENT_TYPES } from './event-types';

/** The API version whose objects are parsed here; the SDK's own. */
export const PINNED_VERSION = '2026-10-28.endive';

/** Where Stripe's deliveries are taken; the first is what setup registers. */
const WEBHOOK_PATHS = [
  '/webhooks/stripe',
  '/stripe/webhook',
  '/stripe/subscription-webhook',
  '/api/webhooks/stripe',
  '/payments-webhook',
] as const;

const ALL = '*';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Handled types that an endpoint does not hear, in their order; `*` hears all. */
export const missingEvents = (events: readonly string[]): string[] =>
  events.includes(ALL) ? [] : [...HANDLED_EVENT_TYPES].filter((type) => !events.includes(type));

/** Types that an endpoint hears in vain. */
export const superfluousEvents = (events: readonly string[]): string[] =>
  events.filter((type) => !HANDLED_EVENT_TYPES.has(type));

/** Whether an endpoint's address is this installation's, its path apart. All names of this machine are one. */
export function isOnHost(url: string, appUrl: string): boolean {
  const [one, other] = [parseUrl(url), parseUrl(appUrl)];
  if (one === undefined || other === undefined) return false;
  const isSameName =
    one.hostname === other.hostname || (LOOPBACK.has(one.hostname) && LOOPBACK.has(other.hostname));
  return isSameName && one.port === other.port;
}

/** Whether a path of an address takes deliveries. */
export function hasWebhookPath(url: string): boolean {
  const paths: readonly string[] = WEBHOOK_PATHS;
  return paths.includes(parseUrl(url)?.pathname ?? '');
}
