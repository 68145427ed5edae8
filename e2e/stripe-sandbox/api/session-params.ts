import * as z from 'zod';
import {
  bool,
  clearable,
  ignored,
  integer,
  list,
  metadata,
  nullableText,
  oneOf,
  shippingParams,
  text,
} from './params';
import { currency, inlineProduct } from './resources/prices';

const enabled = z.strictObject({ enabled: bool() });

const lineItem = z.strictObject({
  adjustable_quantity: z.strictObject({ enabled: bool(), maximum: ignored, minimum: ignored }).optional(),
  metadata: metadata().optional(),
  price: text().optional(),
  price_data: z
    .strictObject({
      currency,
      product: text().optional(),
      product_data: inlineProduct.optional(),
      recurring: ignored,
      tax_behavior: oneOf(['exclusive', 'inclusive', 'unspecified']).optional(),
      unit_amount: integer(),
    })
    .optional(),
  quantity: integer().optional(),
  tax_rates: ignored,
});
export type LineItemParams = z.output<typeof lineItem>;

const intentData = z.strictObject({
  capture_method: oneOf(['automatic', 'automatic_async', 'manual']).optional(),
  description: nullableText(),
  metadata: metadata().default({}),
  receipt_email: nullableText(),
  setup_future_usage: oneOf(['off_session', 'on_session']).optional(),
  shipping: shippingParams.optional(),
  statement_descriptor: nullableText(22),
  statement_descriptor_suffix: nullableText(22),
  transfer_group: nullableText(),
});

const invoiceCreation = z.strictObject({
  enabled: bool(),
  invoice_data: z
    .strictObject({
      account_tax_ids: ignored,
      custom_fields: list(z.strictObject({ name: text(40), value: text(140) })).optional(),
      description: nullableText(),
      footer: nullableText(),
      issuer: ignored,
      metadata: metadata().default({}),
      rendering_options: ignored,
    })
    .optional(),
});

const customMessage = clearable(z.strictObject({ message: text(1200) }))
  .optional()
  .transform((value) => value ?? null);

const LOCALES = [
  'auto', 'bg', 'cs', 'da', 'de', 'el', 'en', 'en-GB', 'es', 'es-419', 'et', 'fi', 'fil', 'fr', 'fr-CA', 'hi-IN',
  'hr', 'hu', 'id', 'it', 'ja', 'ko', 'lt', 'lv', 'ms', 'mt', 'nb', 'nl', 'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sk',
  'sl', 'sv', 'th', 'tr', 'vi', 'zh', 'zh-HK', 'zh-TW',
] as const; // prettier-ignore

/** Parameters of POST /v1/checkout/sessions. */
export const createSessionParams = z.strictObject({
  adaptive_pricing: enabled.optional(),
  after_expiration: ignored,
  allow_promotion_codes: bool().optional(),
  allowed_payment_method_types: list(text()).optional(),
  automatic_tax: z.strictObject({ enabled: bool(), liability: ignored }).optional(),
  billing_address_collection: oneOf(['auto', 'required']).optional(),
  branding_settings: ignored,
  cancel_url: nullableText(),
  client_reference_id: nullableText(200),
  consent_collection: z
    .strictObject({
      payment_method_reuse_agreement: ignored,
      promotions: oneOf(['auto', 'none']).optional(),
      terms_of_service: oneOf(['none', 'required']).optional(),
    })
    .optional(),
  currency: currency.optional(),
  custom_fields: ignored,
  custom_text: z
    .strictObject({
      after_submit: customMessage,
      shipping_address: customMessage,
      submit: customMessage,
      terms_of_service_acceptance: customMessage,
    })
    .optional(),
  customer: text().optional(),
  customer_creation: oneOf(['always', 'if_required']).optional(),
  customer_email: text(800).optional(),
  customer_update: ignored,
  discounts: ignored,
  excluded_payment_method_types: ignored,
  expires_at: integer().optional(),
  integration_identifier: nullableText(),
  invoice_creation: invoiceCreation.optional(),
  line_items: list(lineItem),
  locale: oneOf(LOCALES).optional(),
  metadata: metadata().default({}),
  mode: oneOf(['payment', 'setup', 'subscription']),
  name_collection: ignored,
  optional_items: ignored,
  origin_context: oneOf(['mobile_app', 'web']).optional(),
  payment_intent_data: intentData.optional(),
  payment_method_collection: ignored,
  payment_method_configuration: ignored,
  payment_method_data: ignored,
  payment_method_options: ignored,
  payment_method_types: list(text()).optional(),
  phone_number_collection: enabled.optional(),
  redirect_on_completion: ignored,
  return_url: text().optional(),
  saved_payment_method_options: ignored,
  shipping_address_collection: ignored,
  shipping_options: ignored,
  submit_type: oneOf(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
  success_url: text().optional(),
  tax_id_collection: ignored,
  ui_mode: oneOf(['elements', 'embedded_page', 'form', 'hosted_page']).default('hosted_page'),
  wallet_options: ignored,
});
export type CreateSessionParams = z.output<typeof createSessionParams>;
