import { parseUrl } from './parse-url';

export interface HeaderSettings {
  nonce: string;
  requestId: string;
  /** Whether browsers reach the app by https. */
  isHttps: boolean;
  /** Origins, besides our own, that a form may be sent on to by a redirect: the hosted payment pages. */
  formTargets: readonly string[];
  /** `remix dev` reloads the page over a WebSocket. */
  isDevelopment: boolean;
}

const STRIPE_HOSTED = [
  'https://checkout.stripe.com',
  'https://billing.stripe.com',
  'https://invoice.stripe.com',
];

/** Where Stripe's hosted pages live: Stripe itself, or the origin of the server that stands in for it. */
export function hostedPageOrigins(apiBase: string | undefined): readonly string[] {
  return apiBase === undefined ? STRIPE_HOSTED : [new URL(apiBase).origin];
}

/** Headers of every answer: pages, data, resource routes, files and refusals alike. */
export function securityHeaders(settings: HeaderSettings): Readonly<Record<string, string>> {
  const { nonce, requestId, isHttps, formTargets, isDevelopment } = settings;
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? ' ws:' : ''}`,
    "manifest-src 'self'",
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    'X-Request-Id': requestId,
    ...(isHttps ? { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

/**
 * The address a request came from. Each trusted proxy appends one entry to X-Forwarded-For, so only the entries that
 * those proxies wrote are believed; what the client wrote before them is not.
 */
export function addressOf(
  socketAddress: string,
  forwardedFor: string | undefined,
  trustedProxies: number,
): string {
  const claimed = (forwardedFor ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const hops = [...claimed, socketAddress];
  const address = hops[Math.max(0, hops.length - 1 - trustedProxies)] ?? socketAddress;
  return address.replace(/^::ffff:/, '');
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a browser's Origin is ours. Names of this very machine count as one, for they reach the same server. */
export function isOwnOrigin(origin: string, appUrl: string): boolean {
  const [theirs, ours] = [parseUrl(origin), new URL(appUrl)];
  if (theirs === undefined) return false;
  if (theirs.origin === ours.origin) return true;
  return (
    LOOPBACK.has(theirs.hostname) &&
    LOOPBACK.has(ours.hostname) &&
    theirs.protocol === ours.protocol &&
    theirs.port === ours.port
  );
}

/** Methods that no Request of fetch's can have: a server built on it would answer them as its own fault. */
const UNSPEAKABLE = new Set(['CONNECT', 'TRACE', 'TRACK']);

/** The method as our routes can refuse it. */
export const speakableMethod = (method: string): string =>
  UNSPEAKABLE.has(method.toUpperCase()) ? 'OPTIONS' : method;

/** The target as our routes can read it: one whose escapes are no UTF-8 is taken letter by letter, and names nothing. */
export function readableTarget(target: string): string {
  try {
    decodeURIComponent(target.split('?', 1)[0] ?? '');
    return target;
  } catch {
    return target.replaceAll('%', '%25');
  }
}

/**
 * For what a page asks for in the background, whose values only single fetch carries: opened by hand, it leads to its page.
 * @throws 302 to that page
 */
export function leadToPage(request: Request, page: string): void {
  if (request.headers.get('sec-fetch-mode') !== 'navigate') return;
  throw new Response(null, { status: 302, headers: { Location: page } });
}
