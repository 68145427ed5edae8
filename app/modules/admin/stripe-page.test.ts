import { expect, it } from 'vitest';

import { type StripeDesk, stripePageOf } from './stripe-page';

const here = { id: 'rlm_1', name: 'Shop', mode: 'test', account: 'acct_1' } as const;
const former = { id: 'rlm_2', name: 'Old shop', mode: 'live', account: 'acct_2' } as const;
const dashboard: StripeDesk = { realmId: 'rlm_1', at: 'dashboard' };
const sandbox: StripeDesk = { realmId: 'rlm_1', at: 'sandbox', panel: 'http://127.0.0.1:4700/panel' };

it.each([
  [dashboard, here, 'pi_1', 'https://dashboard.stripe.com/acct_1/test/payments/pi_1'],
  [
    dashboard,
    { ...here, mode: 'live' as const },
    'pi_1',
    'https://dashboard.stripe.com/acct_1/payments/pi_1',
  ],
  [dashboard, former, 'cus_1', 'https://dashboard.stripe.com/acct_2/customers/cus_1'],
  [dashboard, here, 'cs_test_1', 'https://dashboard.stripe.com/acct_1/test/search?query=cs_test_1'],
  [sandbox, here, 'cs_test_1', 'http://127.0.0.1:4700/panel/sessions/cs_test_1'],
  [sandbox, here, 'evt_1', 'http://127.0.0.1:4700/panel/events/evt_1'],
  [sandbox, here, 'cus_1', undefined],
  [sandbox, former, 'pi_1', undefined],
  [{ ...sandbox, panel: undefined }, here, 'pi_1', undefined],
])('%o shows %o %s at %s', (desk, realm, id, page) => {
  expect(stripePageOf(desk, realm, id)).toBe(page);
});
