import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';

import { observe } from './metrics.server';

/** The pattern of the route that answers a path: `/admin/payments/:paymentId`. Undefined when none does. */
export type RouteOf = (path: string) => string | undefined;

const START = 'http.server.request.start';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

declare global {
  var credenceRequestMeter: ((message: unknown) => void) | undefined;
}

/** Notes how long each request of this process took, to the end of its answer; a rebuilt app takes the former one’s place. */
export function measureEveryRequest(routeOf: RouteOf): void {
  const former = globalThis.credenceRequestMeter;
  if (former !== undefined) unsubscribe(START, former);
  const meter = (message: unknown) => measure(message, routeOf);
  globalThis.credenceRequestMeter = meter;
  subscribe(START, meter);
}

function measure(message: unknown, routeOf: RouteOf): void {
  if (typeof message !== 'object' || message === null || !('request' in message) || !('response' in message))
    return;
  const { request, response } = message;
  if (!(request instanceof IncomingMessage) || !(response instanceof ServerResponse)) return;
  const startedAt = performance.now();
  // Taken now: routers cut what they have matched from the address.
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'other';
  response.once('close', () => {
    const status = response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'left';
    observe(
      'credence_http_request_seconds',
      { route: labelOf(path, routeOf), method, status },
      (performance.now() - startedAt) / 1000,
    );
  });
}

function labelOf(path: string, routeOf: RouteOf): string {
  if (path.startsWith('/build/')) return '/build/*';
  return routeOf(path === '/_root.data' ? '/' : path.replace(/\.data$/, '')) ?? 'unmatched';
}
