import { env } from '~/platform/env.server';

import { type StripeSettings } from './client.server';

/** The key of this process and the server that it is for. */
export function stripeSettings(): StripeSettings {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase } = env();
  return { secretKey, apiBase };
}
