import type Stripe from 'stripe';
import { paymentOptions } from '../engine/methods/method-options';
import { idIn, type World } from '../engine/world';
import type { FormHash } from './form';
import { checkAmount, checkChangeable, checkMethod } from './intent-checks';
import { checkTakes, chooseMethods } from './intent-methods';
import { cardOptionsOf, updateIntentParams, type UpdateIntentParams } from './intent-params';
import { createMethod } from './method-params';
import { mergeMetadata, parseParams } from './params';
import { invalid, missingReference } from './refusal';
import { resolveMethod } from './resources/payment-methods';

/** Only before a payment is on its way. */
const EARLY_FIELDS = [
  'amount',
  'currency',
  'customer',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'payment_method_types',
  'allowed_payment_method_types',
  'excluded_payment_method_types',
  'setup_future_usage',
  'capture_method',
];

/** What an update makes of an intent. */
export function updatedIntent(
  world: World,
  before: Stripe.PaymentIntent,
  form: FormHash,
  version: string,
): Stripe.PaymentIntent {
  const params = parseParams(updateIntentParams, form);
  for (const field of EARLY_FIELDS) if (field in form) checkChangeable(before, field);
  const currency = params.currency ?? before.currency;
  if (params.amount !== undefined || params.currency !== undefined) {
    checkAmount(params.amount ?? before.amount, currency);
  }
  const customer = customerOf(world, before, params);
  const methods = methodsOf(before, params, currency, version);
  const method = methodOf(world, params);
  if (method) {
    checkTakes('PaymentIntent', methods.payment_method_types, method);
    checkMethod(world, method, customer);
  }
  return {
    ...before,
    ...methods,
    ...(params.amount !== undefined && { amount: params.amount }),
    ...(params.capture_method !== undefined && { capture_method: params.capture_method }),
    currency,
    customer,
    ...(params.description !== undefined && { description: params.description }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...(params.receipt_email !== undefined && { receipt_email: params.receipt_email }),
    ...(params.setup_future_usage !== undefined && { setup_future_usage: params.setup_future_usage }),
    ...(params.shipping !== undefined && { shipping: params.shipping }),
    ...(params.statement_descriptor !== undefined && { statement_descriptor: params.statement_descriptor }),
    ...(params.statement_descriptor_suffix !== undefined && {
      statement_descriptor_suffix: params.statement_descriptor_suffix,
    }),
    ...(params.transfer_group !== undefined && { transfer_group: params.transfer_group }),
    ...restarted(before, method, 'amount' in form || 'currency' in form),
  };
}

/** A customer, once set, stays. */
function customerOf(world: World, before: Stripe.PaymentIntent, params: UpdateIntentParams): string | null {
  const known = idIn(before.customer);
  if (params.customer === undefined) return known;
  if (known !== null && known !== params.customer) {
    const message =
      'You cannot modify `customer` on a PaymentIntent once it already has been set. To fulfill a payment with a different Customer, cancel this PaymentIntent and create a new one.';
    throw invalid(message, { param: 'customer' });
  }
  if (!world.store.customers.get(params.customer)) {
    throw missingReference('customer', params.customer, 'customer');
  }
  return params.customer;
}

function methodOf(world: World, params: UpdateIntentParams): Stripe.PaymentMethod | null {
  if (params.payment_method_data) {
    return createMethod(world, params.payment_method_data, 'payment_method_data');
  }
  return params.payment_method === undefined
    ? null
    : resolveMethod(world, params.payment_method, 'payment_method');
}

/** The types that the intent takes after the update, and what it says of each. */
function methodsOf(
  before: Stripe.PaymentIntent,
  params: UpdateIntentParams,
  currency: string,
  version: string,
): Pick<
  Stripe.PaymentIntent,
  | 'allowed_payment_method_types'
  | 'automatic_payment_methods'
  | 'excluded_payment_method_types'
  | 'payment_method_options'
  | 'payment_method_types'
> {
  const isNamed = before.automatic_payment_methods === null;
  const {
    allowed_payment_method_types: allowed = before.allowed_payment_method_types,
    excluded_payment_method_types: excluded = before.excluded_payment_method_types,
    payment_method_types: named,
  } = params;
  const isSame =
    named === undefined &&
    params.allowed_payment_method_types === undefined &&
    params.excluded_payment_method_types === undefined &&
    (isNamed || currency === before.currency);
  const choice = isSame
    ? { types: before.payment_method_types, allowed, excluded, automatic: before.automatic_payment_methods }
    : chooseMethods(
        {
          allowed_payment_method_types: allowed,
          excluded_payment_method_types: excluded,
          payment_method_types: named,
        },
        currency,
        version,
      );
  const { request_three_d_secure: request3ds, setup_future_usage: usage } =
    before.payment_method_options?.card ?? {};
  const known = {
    ...(request3ds && { request_three_d_secure: request3ds }),
    ...(usage !== undefined && { setup_future_usage: usage }),
  };
  return {
    allowed_payment_method_types: choice.allowed,
    automatic_payment_methods: choice.automatic,
    excluded_payment_method_types: choice.excluded,
    payment_method_options: paymentOptions(choice.types, {
      ...known,
      ...cardOptionsOf(params.payment_method_options),
    }),
    payment_method_types: choice.types,
  };
}

/** A new method or amount waits for a confirmation of its own. */
function restarted(
  before: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod | null,
  isNewAmount: boolean,
): Partial<Stripe.PaymentIntent> {
  if (method) return { next_action: null, payment_method: method.id, status: 'requires_confirmation' };
  return isNewAmount && before.status === 'requires_action'
    ? { next_action: null, status: 'requires_confirmation' }
    : {};
}
