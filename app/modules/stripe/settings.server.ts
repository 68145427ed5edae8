import { env } from '~/platform/env.server';

import { type StripeSettings } from './client.server';

/** The key of this process, the server that it is for, and how it sells. */
export function stripeSettings(): StripeSettings {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase, STRIPE_TAX } = env();
  return { secretKey, apiBase, automaticTax: STRIPE_TAX === 'on' };
}
