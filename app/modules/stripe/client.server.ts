import Stripe from 'stripe';

import { seconds } from '~/platform/time';

import { measuredHttpClient } from './measured-client.server';

export interface StripeSettings {
  secretKey: string;
  /** Another server that speaks Stripe's API; Stripe itself when absent. */
  apiBase: string | undefined;
  /** Stripe Tax adds the tax to what is sold. */
  automaticTax?: boolean;
}

const clients = new Map<string, Stripe>();

/**
 * The SDK's client for one key, at the SDK's own API version. It sends each request once, and once more under the
 * same key when the connection was cut: what else is sent again is decided by the `stripe_call` row.
 */
export function stripeClient(settings: StripeSettings): Stripe {
  const name = `${settings.apiBase ?? ''} ${settings.secretKey}`;
  const known = clients.get(name);
  if (known) return known;
  const client = new Stripe(settings.secretKey, {
    maxNetworkRetries: 0,
    timeout: seconds(20),
    telemetry: false,
    httpClient: measuredHttpClient(),
    ...(settings.apiBase === undefined ? {} : hostOf(settings.apiBase)),
  });
  clients.set(name, client);
  return client;
}

function hostOf(apiBase: string): { host: string; port: string; protocol: 'http' | 'https' } {
  const url = new URL(apiBase);
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return { host: url.hostname, port: url.port || (protocol === 'https' ? '443' : '80'), protocol };
}
