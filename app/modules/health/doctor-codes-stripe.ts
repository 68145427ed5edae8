import { type CodeEntry } from './doctor-codes';

const SETUP = 'npm run credence -- stripe setup --apply';
const table = <Code extends string>(codes: Record<Code, CodeEntry>) => codes;

/** What the doctor asks of Stripe: key, account, endpoint, prices. */
export const STRIPE_CODES = table({
  key_refused: {
    ...{ family: 'stripe', severity: 'fault', stopsStart: true },
    holds: 'Stripe knows the key',
    fix: 'Copy a key that is in use from Dashboard, Developers, API keys, set STRIPE_SECRET_KEY to it and start again.',
  },
  key_lacks_permission: {
    ...{ family: 'stripe', severity: 'fault', stopsStart: true },
    holds: 'The key may do all that is asked of it',
    fix: 'Dashboard, Developers, API keys: edit the restricted key and allow {subject}.',
  },
  key_test_in_production: {
    ...{ family: 'stripe', severity: 'warning', stopsStart: false },
    holds: 'The key is of the mode that this installation is for',
    fix: 'Set STRIPE_SECRET_KEY to a live key, with the live endpoint’s STRIPE_WEBHOOK_SECRETS; keep this one where no real money should move.',
  },
  stripe_unreachable: {
    ...{ family: 'stripe', severity: 'fault', stopsStart: false },
    holds: 'Stripe answers',
    fix: 'Let this machine reach api.stripe.com on port 443, see https://status.stripe.com, and run the doctor again.',
  },
  account_unnamed: {
    ...{ family: 'stripe', severity: 'fault', stopsStart: false },
    holds: 'The account has a name for Checkout to show',
    fix: 'Set a business name: https://dashboard.stripe.com/settings/account.',
  },
  account_cannot_charge: {
    ...{ family: 'stripe', severity: 'fault', stopsStart: false },
    holds: 'The account may take payments',
    fix: 'Answer what Stripe still asks: https://dashboard.stripe.com/account/onboarding.',
  },
  tax_not_ready: {
    ...{ family: 'stripe', severity: 'fault', stopsStart: false },
    holds: 'Stripe Tax is off, or set up with a registration',
    fix: 'Add your address and a registration at https://dashboard.stripe.com/tax/registrations, or set STRIPE_TAX=off.',
  },
  portal_missing: {
    ...{ family: 'stripe', severity: 'warning', stopsStart: false },
    holds: 'The customer portal has its configuration',
    fix: SETUP,
  },
  portal_changed: {
    ...{ family: 'stripe', severity: 'fault', stopsStart: false },
    holds: 'The customer portal is configured without proration',
    fix: SETUP,
  },
  endpoint_none: {
    ...{ family: 'endpoint', severity: 'fault', stopsStart: false },
    holds: 'A webhook endpoint leads here',
    fix: SETUP,
  },
  endpoint_other_host: {
    ...{ family: 'endpoint', severity: 'fault', stopsStart: false },
    holds: 'No endpoint of this installation leads to another host',
    fix: `${SETUP}, then delete {subject} in Dashboard, Developers, Webhooks.`,
  },
  endpoint_wrong_path: {
    ...{ family: 'endpoint', severity: 'fault', stopsStart: false },
    holds: 'Endpoints at this host lead to a path that takes deliveries',
    fix: `${SETUP}, then delete {subject} in Dashboard, Developers, Webhooks, unless another product has it.`,
  },
  endpoint_disabled: {
    ...{ family: 'endpoint', severity: 'fault', stopsStart: false },
    holds: 'The endpoint is enabled',
    fix: SETUP,
  },
  endpoint_events_missing: {
    ...{ family: 'endpoint', severity: 'fault', stopsStart: false },
    holds: 'The endpoint hears every event that is handled',
    fix: SETUP,
  },
  endpoint_events_superfluous: {
    ...{ family: 'endpoint', severity: 'warning', stopsStart: false },
    holds: 'The endpoint hears nothing in vain',
    fix: SETUP,
  },
  endpoint_version: {
    ...{ family: 'endpoint', severity: 'warning', stopsStart: false },
    holds: 'The endpoint speaks the API version that is parsed here',
    fix: SETUP,
  },
  endpoint_duplicate: {
    ...{ family: 'endpoint', severity: 'warning', stopsStart: false },
    holds: 'One endpoint leads here, not several',
    fix: 'Delete {subject} in Dashboard, Developers, Webhooks, and take its secret out of STRIPE_WEBHOOK_SECRETS.',
  },
  nothing_for_sale: {
    ...{ family: 'prices', severity: 'warning', stopsStart: false },
    holds: 'Something is for sale',
    fix: 'Add a pack in the console, Settings, Catalogue.',
  },
  price_unmade: {
    ...{ family: 'prices', severity: 'warning', stopsStart: false },
    holds: 'Every price of the catalogue has its price at Stripe',
    fix: SETUP,
  },
  price_missing: {
    ...{ family: 'prices', severity: 'fault', stopsStart: false },
    holds: 'Stripe knows every price that sells',
    fix: SETUP,
  },
  price_of_other_mode: {
    ...{ family: 'prices', severity: 'fault', stopsStart: false },
    holds: 'Key and prices are of the same mode',
    fix: SETUP,
  },
  price_inactive: {
    ...{ family: 'prices', severity: 'fault', stopsStart: false },
    holds: 'Every price that sells is active',
    fix: SETUP,
  },
  price_changed: {
    ...{ family: 'prices', severity: 'fault', stopsStart: true },
    holds: 'Every price at Stripe costs what the catalogue says',
    fix: SETUP,
  },
});
