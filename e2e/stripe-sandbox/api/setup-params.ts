import * as z from 'zod';
import { methodChoiceShape, tryShape } from './intent-params';
import { methodDataParams } from './method-params';
import { bool, clearable, ignored, list, metadata, metadataPatch, nullableText, oneOf, text } from './params';

const { automatic_payment_methods: automatic, ...typesShape } = methodChoiceShape;
const unplayedShape = {
  attach_to_self: ignored,
  customer_account: ignored,
  flow_directions: ignored,
  on_behalf_of: ignored,
  payment_method_configuration: ignored,
};

export const createSetupParams = z.strictObject({
  ...tryShape,
  ...typesShape,
  ...unplayedShape,
  automatic_payment_methods: automatic,
  confirm: bool().default(false),
  customer: text().optional(),
  description: nullableText(),
  metadata: metadata().default({}),
  single_use: ignored,
  usage: oneOf(['off_session', 'on_session']).default('off_session'),
});
export type CreateSetupParams = z.output<typeof createSetupParams>;

export const confirmSetupParams = z.strictObject({
  ...tryShape,
  allowed_payment_method_types: list(text()).optional(),
});
export type ConfirmSetupParams = z.output<typeof confirmSetupParams>;

export const updateSetupParams = z.strictObject({
  ...unplayedShape,
  allowed_payment_method_types: clearable(list(text())).optional(),
  customer: text().optional(),
  description: clearable(text()).optional(),
  excluded_payment_method_types: clearable(list(text())).optional(),
  metadata: metadataPatch().optional(),
  payment_method: clearable(text()).optional(),
  payment_method_data: methodDataParams.optional(),
  payment_method_options: tryShape.payment_method_options,
  payment_method_types: list(text()).optional(),
});

export const cancelSetupParams = z.strictObject({
  cancellation_reason: oneOf(['abandoned', 'duplicate', 'requested_by_customer']).optional(),
});

/** Known to Stripe, not played here, and not to be passed over in silence. */
export const UNPLAYED_BY_SETUPS = [
  'attach_to_self',
  'confirmation_token',
  'customer_account',
  'flow_directions',
  'on_behalf_of',
  'payment_method_configuration',
  'single_use',
] as const;
