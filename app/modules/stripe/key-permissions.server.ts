import { seconds } from '~/platform/time';

import { askStripe } from './ask-stripe.server';
import { stripeClient, type StripeSettings } from './client.server';

/**
 * What a key must be allowed, in the words of Stripe's page for restricted keys, and a request that only an allowed key
 * gets past. None changes anything: reads list one object; writes are incomplete or name an object that does not exist.
 * Webhook endpoints are read by the doctor and by setup alone: without that permission their checks are skipped.
 */
const NEEDED: readonly { permission: string; method: 'GET' | 'POST'; path: string }[] = [
  { permission: 'Charges and Refunds: Write', method: 'POST', path: '/v1/refunds' },
  { permission: 'Charges and Refunds: Read', method: 'GET', path: '/v1/charges?limit=1' },
  { permission: 'Customers: Write', method: 'POST', path: '/v1/customers/cus_credence_doctor' },
  { permission: 'Disputes: Read', method: 'GET', path: '/v1/disputes?limit=1' },
  { permission: 'Events: Read', method: 'GET', path: '/v1/events?limit=1' },
  { permission: 'PaymentIntents: Write', method: 'POST', path: '/v1/payment_intents' },
  {
    permission: 'PaymentMethods: Write',
    method: 'POST',
    path: '/v1/payment_methods/pm_credence_doctor/detach',
  },
  { permission: 'SetupIntents: Read', method: 'GET', path: '/v1/setup_intents?limit=1' },
  { permission: 'Products: Write', method: 'POST', path: '/v1/products' },
  { permission: 'Prices: Write', method: 'POST', path: '/v1/prices' },
  { permission: 'Checkout Sessions: Write', method: 'POST', path: '/v1/checkout/sessions' },
  { permission: 'Customer portal: Write', method: 'POST', path: '/v1/billing_portal/sessions' },
  { permission: 'Invoices: Read', method: 'GET', path: '/v1/invoices?limit=1' },
  { permission: 'Subscriptions: Write', method: 'POST', path: '/v1/subscriptions/sub_credence_doctor' },
];

const TIMEOUT = { timeout: seconds(8) };

/** The permissions that a restricted key lacks, in Stripe's names; a secret key may do everything and is not asked. */
export async function findMissingPermissions(settings: StripeSettings): Promise<string[]> {
  if (!settings.secretKey.startsWith('rk_')) return [];
  const stripe = stripeClient(settings);
  const lacks: string[] = [];
  for (const { permission, method, path } of NEEDED) {
    const answer = await askStripe(() => stripe.rawRequest(method, path, undefined, TIMEOUT));
    if (answer.outcome === 'forbidden') lacks.push(permission);
  }
  return lacks;
}
