import type Stripe from 'stripe';
import * as z from 'zod';
import {
  addressParams,
  clearable,
  ignored,
  integer,
  list,
  metadataPatch,
  oneOf,
  shippingParams,
  text,
  unplayed,
} from './params';
import { invalid } from './refusal';

const LARGEST_BALANCE = 99_999_999_999;

const shape = {
  address: clearable(addressParams).optional(),
  balance: integer().optional(),
  business_name: clearable(text(150)).optional(),
  cash_balance: unplayed('cash_balance'),
  description: clearable(text()).optional(),
  email: clearable(text(512)).optional(),
  individual_name: clearable(text(150)).optional(),
  invoice_prefix: text().optional(),
  invoice_settings: z
    .strictObject({
      custom_fields: list(z.strictObject({ name: text(40), value: text(140) })).optional(),
      default_payment_method: clearable(text()).optional(),
      footer: clearable(text()).optional(),
      rendering_options: clearable(
        z.strictObject({
          amount_tax_display: clearable(oneOf(['exclude_tax', 'include_inclusive_tax'])).optional(),
          template: clearable(text()).optional(),
        }),
      ).optional(),
    })
    .optional(),
  metadata: metadataPatch().optional(),
  name: clearable(text(256)).optional(),
  next_invoice_sequence: integer().optional(),
  phone: clearable(text()).optional(),
  preferred_locales: list(text()).optional(),
  shipping: clearable(shippingParams).optional(),
  source: unplayed('source'),
  tax: z
    .strictObject({
      ip_address: clearable(text()).optional(),
      validate_location: oneOf(['deferred', 'immediately', 'auto']).optional(),
    })
    .optional(),
  tax_exempt: clearable(oneOf(['exempt', 'none', 'reverse'])).optional(),
  validate: ignored,
};

export const updateCustomerParams = z.strictObject({ ...shape, default_source: unplayed('default_source') });
export const createCustomerParams = z.strictObject({
  ...shape,
  payment_method: text().optional(),
  tax_id_data: unplayed('tax_id_data'),
  test_clock: text().optional(),
});
export type CustomerParams = Omit<
  z.output<typeof updateCustomerParams>,
  'default_source' | 'source' | 'cash_balance' | 'validate'
>;

export function checkCustomer(params: CustomerParams): void {
  const { balance, email, invoice_prefix: prefix, next_invoice_sequence: sequence } = params;
  if (email && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw invalid(`Invalid email address: ${email}`, { code: 'email_invalid', param: 'email' });
  }
  if (balance !== undefined && Math.abs(balance) > LARGEST_BALANCE) {
    throw invalid(`Invalid balance: must be at most ${LARGEST_BALANCE}`, { param: 'balance' });
  }
  if (prefix !== undefined && !/^[A-Z0-9]{1,12}$/.test(prefix)) {
    const message = 'Invalid invoice_prefix: must be 1–12 uppercase letters or numbers.';
    throw invalid(message, { param: 'invoice_prefix' });
  }
  if (sequence !== undefined && sequence < 1) {
    throw invalid('Invalid next_invoice_sequence: must be at least 1.', { param: 'next_invoice_sequence' });
  }
  const fields = params.invoice_settings?.custom_fields ?? [];
  if (fields.length > 4) {
    throw invalid('You can have at most 4 custom fields.', { param: 'invoice_settings[custom_fields]' });
  }
}

/** The settings with what a request says of them; the default method has its own checks. */
export function invoiceSettingsWith(
  before: Stripe.Customer.InvoiceSettings,
  given: CustomerParams['invoice_settings'],
  defaultMethod: string | null | undefined,
): Stripe.Customer.InvoiceSettings {
  const { custom_fields: fields, footer, rendering_options: rendering } = given ?? {};
  return {
    custom_fields: fields === undefined ? before.custom_fields : fields.length === 0 ? null : fields,
    default_payment_method: defaultMethod === undefined ? before.default_payment_method : defaultMethod,
    footer: footer === undefined ? before.footer : footer,
    rendering_options:
      rendering === undefined
        ? before.rendering_options
        : rendering && {
            amount_tax_display: rendering.amount_tax_display ?? null,
            template: rendering.template ?? null,
          },
  };
}
