import * as z from 'zod';
import type { CardOptions, Request3ds } from '../engine/methods/method-options';
import type { Acceptance } from '../engine/methods/mandates';
import { methodDataParams } from './method-params';
import { optionsParams } from './method-option-params';
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
  unplayed,
} from './params';
import { currency } from './resources/prices';

const futureUsage = oneOf(['off_session', 'on_session']);
const captureMethod = oneOf(['automatic', 'automatic_async', 'manual']);

const acceptanceParams = z.strictObject({
  customer_acceptance: z.strictObject({
    accepted_at: integer().optional(),
    offline: ignored,
    online: z.strictObject({ ip_address: text().optional(), user_agent: text().optional() }).optional(),
    type: oneOf(['offline', 'online']),
  }),
});

/** `null`: the request says nothing of a mandate. */
const mandateData = clearable(acceptanceParams)
  .optional()
  .transform((given): Acceptance | null => {
    const acceptance = given?.customer_acceptance;
    if (!acceptance) return null;
    const { accepted_at: at = null, online, type } = acceptance;
    if (type === 'offline') return { accepted_at: at, offline: {}, type };
    const { ip_address: address = null, user_agent: agent = null } = online ?? {};
    return { accepted_at: at, online: { ip_address: address, user_agent: agent }, type };
  });

/** What the options that a request gives of cards say in their place; absent: as before. */
export function cardOptionsOf(options: z.output<typeof optionsParams>): CardOptions {
  const { request_three_d_secure: request3ds, setup_future_usage: usage } = options?.card ?? {};
  return {
    ...(request3ds !== undefined && { request_three_d_secure: request3ds }),
    ...(usage !== undefined && usage !== null && { setup_future_usage: usage }),
  };
}

export function requested3ds(options: z.output<typeof optionsParams>): Request3ds {
  return options?.card?.request_three_d_secure ?? 'automatic';
}

/** What tells an intent its methods. */
export const methodChoiceShape = {
  allowed_payment_method_types: list(text()).optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: bool(), allow_redirects: oneOf(['always', 'never']).default('always') })
    .optional(),
  excluded_payment_method_types: list(text()).optional(),
  payment_method_types: list(text()).optional(),
};

/** Parameters of a payment's and a setup's confirmation. */
export const tryShape = {
  confirmation_token: unplayed('confirmation_token'),
  mandate_data: mandateData,
  payment_method: text().optional(),
  payment_method_data: methodDataParams.optional(),
  payment_method_options: optionsParams,
  return_url: text().optional(),
  use_stripe_sdk: bool().default(false),
};

const confirmShape = {
  ...tryShape,
  capture_method: captureMethod.optional(),
  error_on_requires_action: bool().default(false),
  mandate: text().optional(),
  off_session: z.union([oneOf(['one_off', 'recurring']).transform(() => true), bool()]).default(false),
  radar_options: ignored,
  receipt_email: clearable(text()).optional(),
  setup_future_usage: clearable(futureUsage).optional(),
  shipping: clearable(shippingParams).optional(),
};

const connectShape = {
  application_fee_amount: unplayed('application_fee_amount'),
  customer_account: unplayed('customer_account'),
  hooks: unplayed('hooks'),
  on_behalf_of: unplayed('on_behalf_of'),
  payment_method_configuration: unplayed('payment_method_configuration'),
  transfer_data: unplayed('transfer_data'),
};

export const createIntentParams = z.strictObject({
  ...confirmShape,
  ...connectShape,
  ...methodChoiceShape,
  amount: integer(),
  amount_details: unplayed('amount_details'),
  confirm: bool().default(false),
  confirmation_method: oneOf(['automatic', 'manual']).default('automatic'),
  currency,
  customer: text().optional(),
  description: nullableText(),
  metadata: metadata().default({}),
  payment_details: unplayed('payment_details'),
  statement_descriptor: nullableText(22),
  statement_descriptor_suffix: nullableText(22),
  transfer_group: nullableText(),
});
export type CreateIntentParams = z.output<typeof createIntentParams>;

export const confirmIntentParams = z.strictObject({
  ...confirmShape,
  allowed_payment_method_types: unplayed('allowed_payment_method_types of a confirmation'),
  amount_to_confirm: unplayed('amount_to_confirm'),
  excluded_payment_method_types: unplayed('excluded_payment_method_types of a confirmation'),
  amount_details: unplayed('amount_details'),
  hooks: unplayed('hooks'),
  payment_details: unplayed('payment_details'),
});
export type ConfirmIntentParams = z.output<typeof confirmIntentParams>;

export const captureIntentParams = z.strictObject({
  amount_details: unplayed('amount_details'),
  amount_to_capture: integer().optional(),
  application_fee_amount: unplayed('application_fee_amount'),
  final_capture: bool().optional(),
  hooks: unplayed('hooks'),
  metadata: metadataPatch().optional(),
  payment_details: unplayed('payment_details'),
  statement_descriptor: text(22).optional(),
  statement_descriptor_suffix: text(22).optional(),
  transfer_data: unplayed('transfer_data'),
});

export const cancelIntentParams = z.strictObject({
  cancellation_reason: oneOf(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']).optional(),
});

export const updateIntentParams = z.strictObject({
  ...connectShape,
  allowed_payment_method_types: clearable(list(text())).optional(),
  amount: integer().optional(),
  amount_details: unplayed('amount_details'),
  capture_method: captureMethod.optional(),
  currency: currency.optional(),
  customer: text().optional(),
  description: clearable(text()).optional(),
  excluded_payment_method_types: clearable(list(text())).optional(),
  metadata: metadataPatch().optional(),
  payment_details: unplayed('payment_details'),
  payment_method: text().optional(),
  payment_method_data: methodDataParams.optional(),
  payment_method_options: optionsParams,
  payment_method_types: list(text()).optional(),
  receipt_email: clearable(text()).optional(),
  setup_future_usage: clearable(futureUsage).optional(),
  shipping: clearable(shippingParams).optional(),
  statement_descriptor: clearable(text(22)).optional(),
  statement_descriptor_suffix: clearable(text(22)).optional(),
  transfer_group: text().optional(),
});
export type UpdateIntentParams = z.output<typeof updateIntentParams>;
