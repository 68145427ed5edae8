import type Stripe from 'stripe';
import * as z from 'zod';
import { confirmIntent } from '../../engine/confirm-intent';
import { cancelIntent } from '../../engine/expire-session';
import { happening } from '../../engine/happening';
import { buildIntent } from '../../engine/payment-intents';
import { idIn, type Cause, type World } from '../../engine/world';
import { acceptsPaymentMethodTypes } from '../../versions';
import { cardRefusal } from '../card-refusal';
import { listPage } from '../lists';
import {
  bool,
  clearable,
  ignored,
  integer,
  list,
  mergeMetadata,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  parseParams,
  shippingParams,
  text,
} from '../params';
import { conflict, invalid, missingObject, missingReference, notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { resolveMethod } from './payment-methods';
import { currency } from './prices';

const SMALLEST_AMOUNT = 50;

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

const createParams = z.strictObject({
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
type CreateParams = z.output<typeof createParams>;

function create({ world, form, version, cause }: ApiRequest): object {
  const params = parseParams(createParams, form);
  checkMethodTypes(params.payment_method_types, version);
  checkAmount(params.amount, params.currency);
  if (params.capture_method === 'manual') throw notPlayed('capture_method=manual', 'capture_method');
  if (params.confirmation_method === 'manual')
    throw notPlayed('confirmation_method=manual', 'confirmation_method');
  if (params.customer !== undefined && !world.store.customers.get(params.customer)) {
    throw missingReference('customer', params.customer, 'customer');
  }
  const method =
    params.payment_method === undefined
      ? null
      : resolveMethod(world, params.payment_method, 'payment_method');
  if (method) checkOwner(method, params.customer ?? null);
  if (params.confirm && !method) throw noMethod(undefined);
  const built = world.store.paymentIntents.put(buildFrom(world, params));
  if (params.confirm && method)
    return confirmNow(world, cause, { intent: built, method, params, isNew: true });
  const intent = world.store.paymentIntents.put({
    ...built,
    ...(method && { payment_method: method.id, status: 'requires_confirmation' }),
  });
  world.publish(cause, [happening('payment_intent.created', intent)]);
  return intent;
}

function buildFrom(world: World, params: CreateParams): Stripe.PaymentIntent {
  return buildIntent(world, {
    amount: params.amount,
    currency: params.currency,
    customer: params.customer ?? null,
    description: params.description,
    metadata: params.metadata,
    receiptEmail: params.receipt_email,
    setupFutureUsage: params.setup_future_usage ?? null,
    shipping: params.shipping ?? null,
    statementDescriptor: params.statement_descriptor,
    statementDescriptorSuffix: params.statement_descriptor_suffix,
    transferGroup: params.transfer_group,
    automaticMethods:
      params.automatic_payment_methods ??
      (params.payment_method_types ? null : { allow_redirects: 'always', enabled: true }),
  });
}

interface Confirmation {
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  params: { off_session: boolean; return_url?: string | undefined; error_on_requires_action: boolean };
  isNew: boolean;
}

/** Confirms and answers: the intent, or the card error that carries it. */
function confirmNow(world: World, cause: Cause, confirmation: Confirmation): Stripe.PaymentIntent {
  const { intent, method, params, isNew } = confirmation;
  const { happenings, order, ...outcome } = confirmIntent(world, {
    intent,
    method,
    owner: idIn(intent.customer),
    isNew,
    isOffSession: params.off_session || params.error_on_requires_action,
    returnUrl: params.return_url ?? null,
  });
  world.publish(cause, happenings, order);
  if (outcome.outcome === 'declined') throw cardRefusal(outcome, method);
  return outcome.intent;
}

export function checkMethodTypes(types: string[] | undefined, version: string): void {
  if (types === undefined) return;
  if (!acceptsPaymentMethodTypes(version)) {
    throw invalid(
      'The `payment_method_types` parameter is no longer supported in this API version. Use `allowed_payment_method_types` or dynamic payment methods instead.',
      { code: 'payment_method_types_no_longer_supported', param: 'payment_method_types' },
    );
  }
  const other = types.find((type) => type !== 'card' && type !== 'link');
  if (other !== undefined) throw notPlayed(`payments by ${other}`, 'payment_method_types');
}

function checkAmount(amount: number, currencyCode: string): void {
  if (amount < 1) {
    throw invalid('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  }
  if (amount < SMALLEST_AMOUNT) {
    throw invalid(`Amount must be at least 50 ${currencyCode} in the smallest unit.`, {
      code: 'amount_too_small',
      param: 'amount',
    });
  }
}

function checkOwner(method: Stripe.PaymentMethod, customer: string | null): void {
  const owner = idIn(method.customer);
  if (owner === null || owner === customer) return;
  const message =
    customer === null
      ? `The provided PaymentMethod cannot be attached. To reuse a PaymentMethod, you must attach it to a Customer first. This PaymentMethod belongs to the Customer ${owner}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`
      : `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`;
  throw conflict(message, 'payment_method_unexpected_state', { param: 'payment_method' });
}

function noMethod(intent: Stripe.PaymentIntent | undefined) {
  const message =
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.";
  return conflict(message, 'payment_intent_unexpected_state', intent ? { payment_intent: intent } : {});
}

function find(world: World, id: string): Stripe.PaymentIntent {
  const intent = world.store.paymentIntents.get(id);
  if (!intent) throw missingObject('payment_intent', id);
  return intent;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({ client_secret: ignored }), form);
  return find(world, id);
}

const CHANGEABLE = new Set<Stripe.PaymentIntent.Status>([
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
]);

function unexpectedState(intent: Stripe.PaymentIntent, act: string) {
  const message = `This PaymentIntent's ${act} because it has a status of ${intent.status}.`;
  return conflict(message, 'payment_intent_unexpected_state', { payment_intent: intent });
}

function confirm({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(
    z.strictObject({ ...confirmShape, receipt_email: ignored, shipping: ignored }),
    form,
  );
  const intent = find(world, id);
  if (!CHANGEABLE.has(intent.status)) {
    const message = `This PaymentIntent's status is ${intent.status}, so it cannot be confirmed again.`;
    throw conflict(message, 'payment_intent_unexpected_state', { payment_intent: intent });
  }
  const chosen = params.payment_method ?? idIn(intent.payment_method);
  if (chosen === null) throw noMethod(intent);
  const method = resolveMethod(world, chosen, 'payment_method');
  checkOwner(method, idIn(intent.customer));
  return confirmNow(world, cause, { intent, method, params, isNew: false });
}

const cancelParams = z.strictObject({
  cancellation_reason: oneOf(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']).optional(),
});

function cancel({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(cancelParams, form);
  const intent = find(world, id);
  if (!CHANGEABLE.has(intent.status)) throw unexpectedState(intent, 'cannot be canceled');
  const canceled = cancelIntent(world, intent, params.cancellation_reason ?? 'requested_by_customer');
  const stored = world.store.paymentIntents.put({
    ...canceled,
    cancellation_reason: params.cancellation_reason ?? null,
  });
  world.publish(cause, [happening('payment_intent.canceled', stored)]);
  return stored;
}

const updateParams = z.strictObject({
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

/** Stripe sends no event for an update. */
function update({ world, path: [id = ''], form }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = find(world, id);
  if (params.amount !== undefined && !CHANGEABLE.has(before.status)) {
    throw unexpectedState(before, 'amount could not be updated');
  }
  if (params.amount !== undefined) checkAmount(params.amount, params.currency ?? before.currency);
  if (params.customer !== undefined && !world.store.customers.get(params.customer)) {
    throw missingReference('customer', params.customer, 'customer');
  }
  const method =
    params.payment_method === undefined
      ? null
      : resolveMethod(world, params.payment_method, 'payment_method');
  return world.store.paymentIntents.put({
    ...before,
    ...(params.amount !== undefined && { amount: params.amount }),
    ...(params.currency !== undefined && { currency: params.currency }),
    ...(params.customer !== undefined && { customer: params.customer }),
    ...(params.description !== undefined && { description: params.description }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...(method && { payment_method: method.id, status: 'requires_confirmation' }),
    ...(params.receipt_email !== undefined && { receipt_email: params.receipt_email }),
    ...(params.shipping !== undefined && { shipping: params.shipping }),
    ...(params.transfer_group !== undefined && { transfer_group: params.transfer_group }),
  });
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.paymentIntents, {
    noun: 'payment_intent',
    url: '/v1/payment_intents',
    filters: { customer: text().optional() },
    select: ({ customer }) => ({
      index: customer === undefined ? undefined : { name: 'customer', key: customer },
    }),
  });
}

export const paymentIntentRoutes: Routes = {
  'GET /v1/payment_intents': { resource: 'payment_intent', isList: true, run: listAll },
  'POST /v1/payment_intents': { resource: 'payment_intent', run: create },
  'GET /v1/payment_intents/:id': { resource: 'payment_intent', run: retrieve },
  'POST /v1/payment_intents/:id': { resource: 'payment_intent', run: update },
  'POST /v1/payment_intents/:id/confirm': { resource: 'payment_intent', run: confirm },
  'POST /v1/payment_intents/:id/cancel': { resource: 'payment_intent', run: cancel },
};
