import * as z from 'zod';
import { taxBehavior } from './catalog-params';
import {
  automaticTaxParams,
  bool,
  clearable,
  customerAccount,
  ignored,
  integer,
  issuerParams,
  list,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  text,
  unplayed,
} from './params';
import { invoicePaymentParams } from './payment-settings';
import { currency } from './resources/prices';
import { changedItem, discountParams, prorationBehavior } from './subscription-params';

const customFields = clearable(list(z.strictObject({ name: text(40), value: text(140) })));
const collectionMethod = oneOf(['charge_automatically', 'send_invoice']);

const unplayedShape = {
  account_tax_ids: unplayed('account_tax_ids'),
  application_fee_amount: unplayed('application_fee_amount'),
  automatically_finalizes_at: unplayed('automatically_finalizes_at'),
  customer_account: customerAccount,
  default_source: unplayed('default_source'),
  default_tax_rates: unplayed('default_tax_rates'),
  effective_at: unplayed('effective_at'),
  from_invoice: unplayed('from_invoice'),
  on_behalf_of: unplayed('on_behalf_of'),
  payment_settings: invoicePaymentParams.optional(),
  rendering: unplayed('rendering'),
  shipping_cost: unplayed('shipping_cost'),
  shipping_details: unplayed('shipping_details'),
  transfer_data: unplayed('transfer_data'),
};

export const createInvoiceParams = z.strictObject({
  ...unplayedShape,
  auto_advance: bool().default(false),
  automatic_tax: automaticTaxParams.optional(),
  collection_method: collectionMethod.default('charge_automatically'),
  currency: currency.optional(),
  custom_fields: customFields.optional(),
  customer: text(),
  days_until_due: integer().optional(),
  default_payment_method: text().optional(),
  description: nullableText(),
  discounts: discountParams.default([]),
  due_date: integer().optional(),
  footer: nullableText(),
  issuer: issuerParams,
  metadata: metadata().default({}),
  number: text(26).optional(),
  pending_invoice_items_behavior: oneOf(['exclude', 'include']).default('exclude'),
  statement_descriptor: nullableText(22),
  subscription: text().optional(),
});
export type CreateInvoiceParams = z.output<typeof createInvoiceParams>;

export const updateInvoiceParams = z.strictObject({
  ...unplayedShape,
  auto_advance: bool().optional(),
  automatic_tax: automaticTaxParams.optional(),
  collection_method: collectionMethod.optional(),
  custom_fields: customFields.optional(),
  days_until_due: integer().optional(),
  default_payment_method: clearable(text()).optional(),
  description: clearable(text()).optional(),
  discounts: discountParams.optional(),
  due_date: integer().optional(),
  footer: clearable(text()).optional(),
  issuer: issuerParams,
  metadata: metadataPatch().optional(),
  number: clearable(text(26)).optional(),
  statement_descriptor: clearable(text(22)).optional(),
});
export type UpdateInvoiceParams = z.output<typeof updateInvoiceParams>;

export const payInvoiceParams = z.strictObject({
  forgive: unplayed('forgiven differences'),
  mandate: ignored,
  off_session: ignored,
  paid_out_of_band: bool().default(false),
  payment_method: text().optional(),
  source: unplayed('sources'),
});

const priceData = z.strictObject({
  currency,
  product: text(),
  tax_behavior: taxBehavior.optional(),
  unit_amount: integer().optional(),
  unit_amount_decimal: text().optional(),
});

const itemShape = {
  amount: integer().optional(),
  description: nullableText(),
  discountable: bool().optional(),
  discounts: unplayed('discounts of one item'),
  metadata: metadata().default({}),
  period: z.strictObject({ end: integer(), start: integer() }).optional(),
  price: text().optional(),
  price_data: priceData.optional(),
  pricing: z.strictObject({ price: text().optional() }).optional(),
  quantity: integer().optional(),
  quantity_decimal: unplayed('quantities in fractions'),
  tax_behavior: unplayed('tax_behavior of one item'),
  tax_code: ignored,
  tax_rates: unplayed('tax_rates'),
  unit_amount: integer().optional(),
  unit_amount_decimal: text().optional(),
};

export const createInvoiceItemParams = z.strictObject({
  ...itemShape,
  currency: currency.optional(),
  customer: text(),
  customer_account: customerAccount,
  invoice: text().optional(),
  subscription: text().optional(),
});
export type CreateInvoiceItemParams = z.output<typeof createInvoiceItemParams>;

export const updateInvoiceItemParams = z.strictObject({
  amount: integer().optional(),
  description: clearable(text()).optional(),
  discountable: bool().optional(),
  discounts: unplayed('discounts of one item'),
  invoicing_rules: unplayed('invoicing_rules'),
  metadata: metadataPatch().optional(),
  period: z.strictObject({ end: integer(), start: integer() }).optional(),
  price_data: unplayed('another price for an invoice item'),
  pricing: unplayed('another price for an invoice item'),
  quantity: integer().optional(),
  quantity_decimal: unplayed('quantities in fractions'),
  tax_behavior: unplayed('tax_behavior of one item'),
  tax_code: ignored,
  tax_rates: unplayed('tax_rates'),
  unit_amount_decimal: text().optional(),
});

export const addLinesParams = z.strictObject({
  invoice_metadata: metadataPatch().optional(),
  lines: list(
    z.strictObject({
      ...itemShape,
      invoice_item: text().optional(),
      price_data: z
        .strictObject({ product_data: unplayed('products made by a line'), ...priceData.shape })
        .optional(),
      tax_amounts: unplayed('taxes of one line by hand'),
    }),
  ),
});

const previewEnd = 'previews of an end';

export const previewParams = z.strictObject({
  automatic_tax: automaticTaxParams.optional(),
  currency: currency.optional(),
  customer: text().optional(),
  customer_account: customerAccount,
  customer_details: unplayed('customer_details'),
  discounts: discountParams.optional(),
  invoice_items: list(
    z.strictObject({
      ...itemShape,
      currency: currency.optional(),
      invoiceitem: unplayed('previews of changed invoice items'),
    }),
  ).default([]),
  issuer: issuerParams,
  on_behalf_of: unplayed('on_behalf_of'),
  preview_mode: oneOf(['next', 'recurring']).default('next'),
  schedule: unplayed('schedule'),
  schedule_details: unplayed('schedule_details'),
  subscription: text().optional(),
  subscription_details: z
    .strictObject({
      billing_cycle_anchor: unplayed('previews of another billing_cycle_anchor'),
      billing_mode: ignored,
      billing_schedules: unplayed('billing_schedules'),
      cancel_at: unplayed(previewEnd),
      cancel_at_period_end: unplayed(previewEnd),
      cancel_now: unplayed(previewEnd),
      default_tax_rates: unplayed('tax rates'),
      items: list(changedItem).default([]),
      metadata: unplayed('metadata of a preview'),
      pause: unplayed('previews of a pause'),
      proration_behavior: prorationBehavior.default('create_prorations'),
      proration_date: integer().optional(),
      resume_at: unplayed('previews of a resumption'),
      start_date: unplayed('previews of another start'),
      trial_end: unplayed('previews of another trial_end'),
    })
    .optional(),
});
export type PreviewParams = z.output<typeof previewParams>;
