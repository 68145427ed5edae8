/** What follows /v1/ in the addresses that Stripe has and the sandbox has not. */
const FAMILIES = new Set([
  ...['account_links', 'account_sessions', 'accounts', 'apple_pay', 'application_fees', 'apps'],
  ...['balance_settings', 'billing', 'climate', 'confirmation_tokens', 'country_specs', 'credit_notes'],
  ...['customer_sessions', 'entitlements', 'ephemeral_keys', 'exchange_rates', 'file_links', 'files'],
  ...['financial_connections', 'forwarding', 'identity', 'invoice_rendering_templates', 'issuing'],
  ...['payment_attempt_records', 'payment_links', 'payment_method_configurations', 'payment_method_domains'],
  ...['payment_records', 'payouts', 'product_catalog', 'quotes', 'radar', 'reporting', 'reviews'],
  ...['setup_attempts', 'shipping_rates', 'sigma', 'sources', 'subscription_schedules', 'tax', 'tax_codes'],
  ...['tax_ids', 'tax_rates', 'terminal', 'tokens', 'topups', 'transfers', 'treasury'],
]);

/** Acts that Stripe has on what the sandbox plays: `family/act`, where the act follows an id. */
const ACTS = new Set([
  ...['customers/balance_transactions', 'customers/cash_balance', 'customers/cash_balance_transactions'],
  ...['customers/funding_instructions', 'customers/sources', 'customers/tax_ids'],
  ...['invoices/attach_payment', 'invoices/lines', 'invoices/remove_lines', 'invoices/update_lines'],
  ...['payment_intents/apply_customer_balance', 'products/features', 'setup_intents/verify_microdeposits'],
  'subscriptions/migrate',
]);

/** Whether Stripe would know this path, as far as its first parts tell. */
export function isPathOfStripe(path: string): boolean {
  const [, , family = '', , act = ''] = path.split('/');
  return FAMILIES.has(family) || ACTS.has(`${family}/${act}`);
}
