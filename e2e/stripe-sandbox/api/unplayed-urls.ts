/** What Stripe answers and the sandbox does not: whole rooms of its API, and single methods of those that are played. */
const ROOMS = new Set(
  (
    'account_links account_sessions accounts apple_pay application_fees apps balance_settings billing climate ' +
    'confirmation_tokens country_specs credit_notes crypto customer_sessions entitlements ephemeral_keys ' +
    'exchange_rates external_accounts file_links files financial_connections forwarding identity ' +
    'invoice_rendering_templates issuing payment_attempt_records payment_links payment_method_configurations ' +
    'payment_method_domains payment_records payouts product_catalog quotes reporting reviews setup_attempts ' +
    'shipping_rates sigma sources subscription_schedules tax tax_codes tax_ids tax_rates terminal three_d_secure ' +
    'tokens topups transfers treasury'
  ).split(' '),
);
const CORNERS = new Set([
  'radar/payment_evaluations',
  'radar/value_list_items',
  'radar/value_lists',
  'test_helpers/confirmation_tokens',
  'test_helpers/issuing',
  'test_helpers/terminal',
  'test_helpers/treasury',
]);
const METHODS = new Set([
  'POST charges',
  'POST charges/:id/capture',
  'GET customers/:id/balance_transactions',
  'POST customers/:id/balance_transactions',
  'GET customers/:id/balance_transactions/:id',
  'POST customers/:id/balance_transactions/:id',
  'GET customers/:id/cash_balance',
  'POST customers/:id/cash_balance',
  'GET customers/:id/cash_balance_transactions',
  'GET customers/:id/cash_balance_transactions/:id',
  'POST customers/:id/funding_instructions',
  'GET customers/:id/sources',
  'POST customers/:id/sources',
  'GET customers/:id/sources/:id',
  'POST customers/:id/sources/:id',
  'DELETE customers/:id/sources/:id',
  'POST customers/:id/sources/:id/verify',
  'GET customers/:id/tax_ids',
  'POST customers/:id/tax_ids',
  'GET customers/:id/tax_ids/:id',
  'DELETE customers/:id/tax_ids/:id',
  'POST invoices/:id/attach_payment',
  'POST invoices/:id/lines/:id',
  'POST invoices/:id/remove_lines',
  'POST invoices/:id/update_lines',
  'GET payment_intents/:id/amount_details_line_items',
  'POST payment_intents/:id/apply_customer_balance',
  'POST payment_intents/:id/increment_authorization',
  'POST payment_intents/:id/verify_microdeposits',
  'GET products/:id/features',
  'POST products/:id/features',
  'GET products/:id/features/:id',
  'DELETE products/:id/features/:id',
  'POST setup_intents/:id/verify_microdeposits',
  'POST subscriptions/:id/migrate',
  'POST test_helpers/customers/:id/fund_cash_balance',
  'POST test_helpers/refunds/:id/expire',
]);

/** Whether Stripe knows the URL, of which no route of the sandbox is. */
export function isStripeUrl(method: string, path: string): boolean {
  const [, version, room = '', ...rest] = path.split('/');
  if (version !== 'v1' || rest.includes('')) return false;
  if (!['GET', 'POST', 'DELETE'].includes(method)) return false;
  if (ROOMS.has(room) || CORNERS.has(`${room}/${rest[0] ?? ''}`)) return true;
  const isHelper = room === 'test_helpers';
  // After the collection's name every second segment is an id.
  const shape = rest.map((segment, place) => ((place % 2 === 0) === isHelper ? segment : ':id'));
  return METHODS.has(`${method} ${[room, ...shape].join('/')}`);
}
