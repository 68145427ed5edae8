import type Stripe from 'stripe';
import type * as z from 'zod';
import { setupOptions } from '../engine/methods/method-options';
import { idIn, type World } from '../engine/world';
import type { FormHash } from './form';
import { checkMethod } from './intent-checks';
import { checkTakes, chooseMethods } from './intent-methods';
import { requested3ds } from './intent-params';
import { createMethod } from './method-params';
import { mergeMetadata, parseParams } from './params';
import { conflict, invalid, missingReference } from './refusal';
import { resolveMethod } from './resources/payment-methods';
import { updateSetupParams } from './setup-params';

type UpdateParams = z.output<typeof updateSetupParams>;

/** An intent in one of these can still be confirmed, changed and canceled. */
export const OPEN_SETUPS = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

const EARLY_FIELDS = ['customer', 'payment_method', 'payment_method_data'];

/** What an update makes of an intent. */
export function updatedSetup(
  world: World,
  before: Stripe.SetupIntent,
  form: FormHash,
  version: string,
): Stripe.SetupIntent {
  const params = parseParams(updateSetupParams, form);
  if (!OPEN_SETUPS.includes(before.status) && EARLY_FIELDS.some((name) => name in form)) {
    const message = `You cannot update this SetupIntent because it has a status of ${before.status}.`;
    throw conflict(message, 'setup_intent_unexpected_state', { setup_intent: before });
  }
  const customer = customerOf(world, before, params);
  const retyped = { ...before, ...typesOf(before, params, version) };
  const method = methodOf(world, params);
  if (method) {
    checkTakes('SetupIntent', retyped.payment_method_types, method);
    checkMethod(world, method, customer);
  }
  return {
    ...retyped,
    customer,
    ...(params.description !== undefined && { description: params.description }),
    ...(params.metadata !== undefined && {
      metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    }),
    ...(params.payment_method_options && {
      payment_method_options: setupOptions(
        retyped.payment_method_types,
        requested3ds(params.payment_method_options),
      ),
    }),
    ...(params.payment_method === null && {
      next_action: null,
      payment_method: null,
      status: 'requires_payment_method',
    }),
    ...(method && { next_action: null, payment_method: method.id, status: 'requires_confirmation' }),
  };
}

/** A customer, once set, stays. */
function customerOf(world: World, before: Stripe.SetupIntent, params: UpdateParams): string | null {
  const known = idIn(before.customer);
  if (params.customer === undefined) return known;
  if (known !== null && known !== params.customer) {
    const message =
      'You cannot modify `customer` on a SetupIntent once it already has been set. To fulfill a setup with a different Customer, cancel this SetupIntent and create a new one.';
    throw invalid(message, { param: 'customer' });
  }
  if (!world.store.customers.get(params.customer)) {
    throw missingReference('customer', params.customer, 'customer');
  }
  return params.customer;
}

function typesOf(
  before: Stripe.SetupIntent,
  params: UpdateParams,
  version: string,
): Partial<Stripe.SetupIntent> {
  const {
    allowed_payment_method_types: allowed,
    excluded_payment_method_types: excluded,
    payment_method_types: named,
  } = params;
  if (allowed === undefined && excluded === undefined && named === undefined) return {};
  const choice = chooseMethods(
    {
      allowed_payment_method_types: allowed === undefined ? before.allowed_payment_method_types : allowed,
      excluded_payment_method_types: excluded === undefined ? before.excluded_payment_method_types : excluded,
      payment_method_types: named,
    },
    null,
    version,
  );
  return {
    allowed_payment_method_types: choice.allowed,
    automatic_payment_methods: choice.automatic,
    excluded_payment_method_types: choice.excluded,
    payment_method_options: setupOptions(
      choice.types,
      before.payment_method_options?.card?.request_three_d_secure ?? 'automatic',
    ),
    payment_method_types: choice.types,
  };
}

function methodOf(world: World, params: UpdateParams): Stripe.PaymentMethod | null {
  if (params.payment_method_data) {
    return createMethod(world, params.payment_method_data, 'payment_method_data');
  }
  const { payment_method: chosen } = params;
  return typeof chosen === 'string' ? resolveMethod(world, chosen, 'payment_method') : null;
}
