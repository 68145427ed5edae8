import * as z from 'zod';
import {
  bool,
  clearable,
  ignored,
  integer,
  list,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  shippingParams,
  text,
} from './params';
import { currency } from './resources/prices';

const confirmShape = {
  payment_method: text().optional(),
  payment_method_options: ignored,
  off_session: bool().default(false),
  return_url: text().optional(),
  error_on_requires_action: bool().default(false),
  use_stripe_sdk: ignored,
  mandate_data: ignored,
  radar_options: ignored,
};

export const createIntentParams = z.strictObject({
  ...confirmShape,
  amount: integer(),
  currency,
  allowed_payment_method_types: ignored,
  excluded_payment_method_types: ignored,
  amount_details: ignored,
  automatic_payment_methods: z
    .strictObject({ enabled: bool(), allow_redirects: oneOf(['always', 'never']).default('always') })
    .optional(),
  capture_method: oneOf(['automatic', 'automatic_async', 'manual']).default('automatic_async'),
  confirm: bool().default(false),
  confirmation_method: oneOf(['automatic', 'manual']).default('automatic'),
  customer: text().optional(),
  description: nullableText(),
  metadata: metadata().default({}),
  payment_details: ignored,
  payment_method_types: list(text()).optional(),
  receipt_email: nullableText(),
  setup_future_usage: oneOf(['off_session', 'on_session']).optional(),
  shipping: shippingParams.optional(),
  statement_descriptor: nullableText(22),
  statement_descriptor_suffix: nullableText(22),
  transfer_group: nullableText(),
});
export type CreateIntentParams = z.output<typeof createIntentParams>;

export const confirmIntentParams = z.strictObject({
  ...confirmShape,
  receipt_email: ignored,
  shipping: ignored,
});

export const cancelIntentParams = z.strictObject({
  cancellation_reason: oneOf(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']).optional(),
});

export const updateIntentParams = z.strictObject({
  amount: integer().optional(),
  currency: currency.optional(),
  customer: text().optional(),
  description: clearable(text()).optional(),
  metadata: metadataPatch().optional(),
  payment_method: text().optional(),
  receipt_email: clearable(text()).optional(),
  shipping: clearable(shippingParams).optional(),
  transfer_group: text().optional(),
});
