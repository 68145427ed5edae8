import type Stripe from 'stripe';
import { DAY_SECONDS } from '../durations';
import type { World } from '../engine/world';
import { chooseMethods } from './intent-methods';
import { invalid, missingReference, notPlayed, type Refusal, missingParam } from './refusal';
import type { CreateSessionParams } from './session-params';

/** The page shows whose it is. */
export function checkBusinessName(world: World): void {
  if (world.settings().accountNamed) return;
  throw invalid(
    'In order to use Checkout, you must set an account or business name at https://dashboard.stripe.com/account.',
  );
}

const SHORTEST_TRIAL_DAYS = 2;

export function checkUiMode(params: CreateSessionParams): void {
  if (params.ui_mode !== 'hosted_page') throw notPlayed(`ui_mode=${params.ui_mode}`, 'ui_mode');
}

/** What each mode does not take. */
const FOREIGN = {
  payment: ['subscription_data', 'setup_intent_data', 'payment_method_collection'],
  subscription: ['payment_intent_data', 'setup_intent_data', 'customer_creation'],
  setup: [
    'payment_intent_data',
    'subscription_data',
    'line_items',
    'discounts',
    'allow_promotion_codes',
    'payment_method_collection',
  ],
} as const;

export function checkMode(params: CreateSessionParams, form: object): void {
  const { mode } = params;
  for (const name of FOREIGN[mode]) {
    if (name in form) throw invalid(`You can not pass \`${name}\` in \`${mode}\` mode.`, { param: name });
  }
  if (mode !== 'payment' && params.invoice_creation?.enabled) {
    const message =
      'You can only enable invoice creation when `mode` is set to `payment`. Invoices are created automatically when `mode` is set to `subscription`.';
    throw invalid(message, { param: 'invoice_creation' });
  }
  if (mode === 'setup' && params.currency === undefined && params.payment_method_types === undefined) {
    throw missingParam('currency');
  }
  if (params.success_url === undefined) {
    throw missingParam('success_url');
  }
}

export function checkRecurrence(mode: CreateSessionParams['mode'], prices: readonly Stripe.Price[]): void {
  const recurring = prices.filter((price) => price.recurring !== null);
  if (mode === 'payment' && recurring.length > 0) {
    const message =
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.';
    throw invalid(message, { param: 'line_items' });
  }
  if (mode === 'subscription' && recurring.length === 0) {
    const message = 'You must provide at least one recurring price in `subscription` mode when using prices.';
    throw invalid(message, { param: 'line_items' });
  }
  const cycles = new Set(
    recurring.map(({ recurring: cycle }) => `${cycle?.interval_count} ${cycle?.interval}`),
  );
  if (cycles.size > 1) {
    const message = 'Checkout does not support multiple prices with different billing intervals.';
    throw invalid(message, { param: 'line_items' });
  }
}

export function checkTrial(world: World, { subscription_data: data }: CreateSessionParams): void {
  const { trial_end: end, trial_period_days: days } = data ?? {};
  if (end !== undefined && days !== undefined) {
    throw onlyOne('trial_end', 'trial_period_days');
  }
  if (days !== undefined && days < 1) {
    throw invalid('The minimum number of trial period days is 1.', {
      code: 'parameter_invalid_integer',
      param: 'subscription_data[trial_period_days]',
    });
  }
  if (end !== undefined && end < world.now() + SHORTEST_TRIAL_DAYS * DAY_SECONDS) {
    throw invalid('The `trial_end` date has to be at least 2 days in the future.', {
      param: 'subscription_data[trial_end]',
    });
  }
}

export function checkCustomer(world: World, params: CreateSessionParams): void {
  const { customer, customer_update: update } = params;
  if (customer === undefined) {
    if (update === undefined) return;
    throw invalid('`customer_update` can only be used with `customer`.', { param: 'customer_update' });
  }
  if (params.customer_email !== undefined) throw onlyOne('customer', 'customer_email');
  if (params.customer_creation !== undefined) throw onlyOne('customer', 'customer_creation');
  const known = world.store.customers.get(customer);
  if (!known) throw missingReference('customer', customer, 'customer');
  if (params.tax_id_collection?.enabled && update?.name !== 'auto') {
    const message =
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.';
    throw invalid(message, { param: 'tax_id_collection' });
  }
  const hasAddress = (known.address?.country ?? known.shipping?.address?.country ?? null) !== null;
  if (
    params.automatic_tax?.enabled &&
    !hasAddress &&
    update?.address !== 'auto' &&
    update?.shipping !== 'auto'
  ) {
    const message =
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.";
    throw invalid(message, { code: 'customer_tax_location_invalid', param: 'automatic_tax' });
  }
}

/** The kinds of payment method that the page offers: what is switched on, unless the caller chooses. */
export function methodTypesOf(
  world: World,
  params: CreateSessionParams,
  currency: string | null,
  version: string,
): string[] {
  const { checkoutMethods: switchedOn } = world.settings();
  return chooseMethods({ ...params, switchedOn }, currency, version).types;
}

export function onlyOne(first: string, second: string): Refusal {
  return invalid(`You may only specify one of these parameters: ${first}, ${second}.`, { param: second });
}
