import * as z from 'zod';
import { methodChoiceShape, tryShape } from './intent-params';
import { methodDataParams } from './method-params';
import {
  bool,
  clearable,
  list,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  text,
  unplayed,
} from './params';

const { automatic_payment_methods: automatic, ...typesShape } = methodChoiceShape;
const unplayedShape = {
  attach_to_self: unplayed('attach_to_self'),
  customer_account: unplayed('customer_account'),
  flow_directions: unplayed('flow_directions'),
  on_behalf_of: unplayed('on_behalf_of'),
  payment_method_configuration: unplayed('payment_method_configuration'),
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
  single_use: unplayed('single_use'),
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
