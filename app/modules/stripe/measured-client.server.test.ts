import { expect, it } from 'vitest';

import { resourceOf } from './measured-client.server';

it.each([
  ['/v1/payment_intents/pi_123?expand[]=latest_charge', 'payment_intents'],
  ['/v1/checkout/sessions/cs_test_1/expire', 'checkout/sessions'],
  ['/v1/customers/cus_1', 'customers'],
  ['/v1/events?limit=100', 'events'],
  ['/v1/account', 'account'],
])('%s is counted as %s, without its id', (path, resource) => {
  expect(resourceOf(path)).toBe(resource);
});
