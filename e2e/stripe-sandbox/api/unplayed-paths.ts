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

/** Whether Stripe would know this path, as far as its first part tells. */
export function isPathOfStripe(path: string): boolean {
  const [, , family = ''] = path.split('/');
  return FAMILIES.has(family);
}
