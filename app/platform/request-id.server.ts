import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { randomBytes } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { env } from './env.server';
import {
  addressOf,
  hostedPageOrigins,
  readableTarget,
  securityHeaders,
  speakableMethod,
} from './http.server';
import { newId } from './ids.server';
import { enterRequestContext } from './request-context.server';
import { enterResponse } from './response-drain.server';

/**
 * Node announces each request before anything else sees it, static files and resource routes included. There it gets
 * its number, its security headers and the address it came from. These request headers are always ours: what a client
 * sends under their names is overwritten.
 */
const REQUEST_ID = 'x-request-id';
const NONCE = 'x-csp-nonce';
const ADDRESS = 'x-client-address';
const ORIGIN = 'x-browser-origin';

const CHANNEL = 'http.server.request.start';

export const requestIdOf = (request: Request): string => request.headers.get(REQUEST_ID) ?? '';
export const nonceOf = (request: Request): string => request.headers.get(NONCE) ?? '';
export const clientAddressOf = (request: Request): string => request.headers.get(ADDRESS) ?? '';

/** The origin that the browser named. The header itself is kept from Remix, whose own check answers 500. */
export const browserOriginOf = (headers: Headers): string | null =>
  headers.get(ORIGIN) ?? headers.get('origin');

function prepare(message: unknown): void {
  if (typeof message !== 'object' || message === null || !('request' in message) || !('response' in message))
    return;
  const { request, response } = message;
  if (!(request instanceof IncomingMessage) || !(response instanceof ServerResponse)) return;
  const settings = env();
  if (request.method !== undefined) request.method = speakableMethod(request.method);
  if (request.url !== undefined) request.url = readableTarget(request.url);
  const requestId = newId('req');
  const nonce = randomBytes(16).toString('base64');
  const forwardedFor = request.headers['x-forwarded-for'];
  const headers = securityHeaders({
    nonce,
    requestId,
    isHttps: settings.APP_URL.startsWith('https:'),
    formTargets: hostedPageOrigins(settings.STRIPE_API_BASE),
    isDevelopment: settings.NODE_ENV === 'development',
  });
  request.headers[REQUEST_ID] = requestId;
  request.headers[NONCE] = nonce;
  request.headers[ADDRESS] = addressOf(
    request.socket.remoteAddress ?? '',
    typeof forwardedFor === 'string' ? forwardedFor : undefined,
    settings.TRUSTED_PROXIES,
  );
  if (request.headers.origin === undefined) delete request.headers[ORIGIN];
  else request.headers[ORIGIN] = request.headers.origin;
  delete request.headers.origin;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  enterRequestContext({ requestId });
  enterResponse(response);
}

declare global {
  var credenceRequestListener: ((message: unknown) => void) | undefined;
}

/** Listens once per process; in development a rebuilt app takes the place of the former one. */
export function prepareEveryRequest(): void {
  const former = globalThis.credenceRequestListener;
  if (former !== undefined) unsubscribe(CHANNEL, former);
  globalThis.credenceRequestListener = prepare;
  subscribe(CHANNEL, prepare);
}
