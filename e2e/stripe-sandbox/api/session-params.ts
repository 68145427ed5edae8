import * as z from 'zod';
import {
  addressParams,
  automaticTaxParams,
  bool,
  clearable,
  customerAccount,
  ignored,
  integer,
  list,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  shippingParams,
  text,
  unplayed,
} from './params';
import { recurringParams, taxBehavior } from './catalog-params';
import { sessionOptionsParams } from './method-option-params';
import { redisplayParam } from './method-params';
import { currency, inlineProduct } from './resources/prices';
import { brandingParams } from './session-page-params';
import { billingModeParams } from './subscription-params';

const enabled = z.strictObject({ enabled: bool() });

const adjustableQuantity = z.strictObject({
  enabled: bool(),
  maximum: integer().optional(),
  minimum: integer().optional(),
});

const lineItem = z.strictObject({
  adjustable_quantity: adjustableQuantity.optional(),
  metadata: metadata().optional(),
  price: text().optional(),
  price_data: z
    .strictObject({
      currency,
      product: text().optional(),
      product_data: inlineProduct.optional(),
      recurring: recurringParams.optional(),
      tax_behavior: taxBehavior.optional(),
      unit_amount: integer().optional(),
      unit_amount_decimal: text().optional(),
    })
    .optional(),
  quantity: integer().optional(),
  tax_rates: unplayed('tax rates'),
});
export type LineItemParams = z.output<typeof lineItem>;

const intentData = z.strictObject({
  capture_method: oneOf(['automatic', 'automatic_async', 'manual']).optional(),
  application_fee_amount: unplayed('application_fee_amount'),
  description: nullableText(),
  metadata: metadata().default({}),
  on_behalf_of: unplayed('on_behalf_of'),
  receipt_email: nullableText(),
  setup_future_usage: oneOf(['off_session', 'on_session']).optional(),
  shipping: shippingParams.optional(),
  statement_descriptor: nullableText(22),
  statement_descriptor_suffix: nullableText(22),
  transfer_data: unplayed('transfer_data'),
  transfer_group: nullableText(),
});

const subscriptionData = z.strictObject({
  application_fee_percent: unplayed('application_fee_percent'),
  billing_cycle_anchor: unplayed('billing_cycle_anchor'),
  billing_cycle_anchor_config: unplayed('billing_cycle_anchor_config'),
  billing_mode: billingModeParams.optional(),
  default_tax_rates: unplayed('tax rates'),
  description: nullableText(500),
  invoice_settings: unplayed('invoice_settings'),
  metadata: metadata().default({}),
  on_behalf_of: unplayed('on_behalf_of'),
  pending_invoice_item_interval: unplayed('pending_invoice_item_interval'),
  proration_behavior: ignored,
  transfer_data: unplayed('transfer_data'),
  trial_end: integer().optional(),
  trial_period_days: integer().optional(),
  trial_settings: z
    .strictObject({
      end_behavior: z.strictObject({
        missing_payment_method: oneOf(['cancel', 'create_invoice', 'pause']),
      }),
    })
    .optional(),
});

const setupIntentData = z.strictObject({
  description: nullableText(),
  metadata: metadata().default({}),
  on_behalf_of: unplayed('on_behalf_of'),
});

const fieldLength = {
  default_value: text(255).optional(),
  maximum_length: integer().optional(),
  minimum_length: integer().optional(),
};

const customField = z.strictObject({
  dropdown: z
    .strictObject({
      default_value: text().optional(),
      options: list(z.strictObject({ label: text(100), value: text(100) })),
    })
    .optional(),
  key: text(200),
  label: z.strictObject({ custom: text(50), type: oneOf(['custom']) }),
  numeric: z.strictObject(fieldLength).optional(),
  optional: bool().default(false),
  text: z.strictObject(fieldLength).optional(),
  type: oneOf(['dropdown', 'numeric', 'text']),
});
export type CustomFieldParams = z.output<typeof customField>;

const autoOrNever = oneOf(['auto', 'never']).default('never');

const invoiceCreation = z.strictObject({
  enabled: bool(),
  invoice_data: z
    .strictObject({
      account_tax_ids: unplayed('account_tax_ids'),
      custom_fields: list(z.strictObject({ name: text(40), value: text(140) })).optional(),
      description: nullableText(),
      footer: nullableText(),
      issuer: unplayed('issuer'),
      metadata: metadata().default({}),
      rendering_options: unplayed('rendering_options'),
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
  after_expiration: z
    .strictObject({
      recovery: z.strictObject({ enabled: bool(), allow_promotion_codes: bool().default(false) }).optional(),
    })
    .optional(),
  allow_promotion_codes: bool().optional(),
  allowed_payment_method_types: list(text()).optional(),
  automatic_tax: automaticTaxParams.optional(),
  billing_address_collection: oneOf(['auto', 'required']).optional(),
  branding_settings: brandingParams.optional(),
  cancel_url: nullableText(),
  client_reference_id: nullableText(200),
  consent_collection: z
    .strictObject({
      payment_method_reuse_agreement: z.strictObject({ position: oneOf(['auto', 'hidden']) }).optional(),
      promotions: oneOf(['auto', 'none']).optional(),
      terms_of_service: oneOf(['none', 'required']).optional(),
    })
    .optional(),
  currency: currency.optional(),
  custom_fields: list(customField).default([]),
  custom_text: z
    .strictObject({
      after_submit: customMessage,
      shipping_address: customMessage,
      submit: customMessage,
      terms_of_service_acceptance: customMessage,
    })
    .optional(),
  customer: text().optional(),
  customer_account: customerAccount,
  customer_creation: oneOf(['always', 'if_required']).optional(),
  customer_email: text(800).optional(),
  customer_update: z
    .strictObject({ address: autoOrNever, name: autoOrNever, shipping: autoOrNever })
    .optional(),
  discounts: list(z.strictObject({ coupon: text().optional(), promotion_code: text().optional() })).default(
    [],
  ),
  excluded_payment_method_types: list(text()).optional(),
  expires_at: integer().optional(),
  integration_identifier: nullableText(),
  invoice_creation: invoiceCreation.optional(),
  line_items: list(lineItem).default([]),
  locale: oneOf(LOCALES).optional(),
  managed_payments: unplayed('managed_payments'),
  metadata: metadata().default({}),
  mode: oneOf(['payment', 'setup', 'subscription']),
  name_collection: unplayed('name_collection'),
  optional_items: unplayed('optional_items'),
  origin_context: oneOf(['mobile_app', 'web']).optional(),
  payment_intent_data: intentData.optional(),
  payment_method_collection: oneOf(['always', 'if_required']).optional(),
  payment_method_configuration: unplayed('payment_method_configuration'),
  payment_method_data: z.strictObject({ allow_redisplay: redisplayParam.optional() }).optional(),
  payment_method_options: sessionOptionsParams,
  payment_method_types: list(text()).optional(),
  permissions: unplayed('permissions'),
  phone_number_collection: enabled.optional(),
  redirect_on_completion: ignored,
  return_url: text().optional(),
  saved_payment_method_options: z
    .strictObject({
      allow_redisplay_filters: list(oneOf(['always', 'limited', 'unspecified'])).optional(),
      payment_method_remove: oneOf(['disabled', 'enabled']).optional(),
      payment_method_save: oneOf(['disabled', 'enabled']).optional(),
    })
    .optional(),
  setup_intent_data: setupIntentData.optional(),
  shipping_address_collection: z.strictObject({ allowed_countries: list(text(2)) }).optional(),
  shipping_options: unplayed('shipping_options'),
  submit_type: oneOf(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
  success_url: text().optional(),
  subscription_data: subscriptionData.optional(),
  tax_id_collection: z
    .strictObject({ enabled: bool(), required: oneOf(['if_supported', 'never']).default('never') })
    .optional(),
  ui_mode: oneOf(['elements', 'embedded_page', 'form', 'hosted_page']).default('hosted_page'),
  wallet_options: z
    .strictObject({ link: z.strictObject({ display: oneOf(['auto', 'never']).optional() }).optional() })
    .optional(),
});
export type CreateSessionParams = z.output<typeof createSessionParams>;

/** Parameters of POST /v1/checkout/sessions/:id. */
export const updateSessionParams = z.strictObject({
  collected_information: z
    .strictObject({
      shipping_details: z.strictObject({ address: addressParams, name: text() }).optional(),
    })
    .optional(),
  line_items: list(
    z.strictObject({
      ...lineItem.shape,
      id: text().optional(),
    }),
  ).optional(),
  metadata: metadataPatch().optional(),
  payment_intent_data: z
    .strictObject({
      description: clearable(text()).optional(),
      metadata: metadataPatch().optional(),
      setup_future_usage: clearable(oneOf(['off_session', 'on_session'])).optional(),
      statement_descriptor: clearable(text(22)).optional(),
      statement_descriptor_suffix: clearable(text(22)).optional(),
    })
    .optional(),
  shipping_options: unplayed('shipping_options'),
});
