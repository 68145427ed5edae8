import type Stripe from 'stripe';
import * as z from 'zod';
import { confirmIntent } from '../../engine/confirm-intent';
import { cancelIntent } from '../../engine/expire-session';
import { happening } from '../../engine/happening';
import { buildIntent } from '../../engine/payment-intents';
import { idIn, type Cause, type World } from '../../engine/world';
import { cardRefusal } from '../card-refusal';
import {
  CHANGEABLE,
  checkAmount,
  checkMethodTypes,
  checkOwner,
  missingMethod,
  unexpectedState,
} from '../intent-checks';
import {
  cancelIntentParams,
  confirmIntentParams,
  createIntentParams,
  updateIntentParams,
  type CreateIntentParams,
} from '../intent-params';
import { listPage } from '../lists';
import { ignored, mergeMetadata, parseParams, text } from '../params';
import { conflict, missingObject, missingReference, notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { searchPage } from '../search';
import { resolveMethod } from './payment-methods';

function create({ world, form, version, cause }: ApiRequest): object {
  const params = parseParams(createIntentParams, form);
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
  if (params.confirm && !method) throw missingMethod(undefined);
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

function buildFrom(world: World, params: CreateIntentParams): Stripe.PaymentIntent {
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

function find(world: World, id: string): Stripe.PaymentIntent {
  const intent = world.store.paymentIntents.get(id);
  if (!intent) throw missingObject('payment_intent', id);
  return intent;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({ client_secret: ignored }), form);
  return find(world, id);
}

function confirm({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(confirmIntentParams, form);
  const intent = find(world, id);
  if (!CHANGEABLE.has(intent.status)) {
    const message = `This PaymentIntent's status is ${intent.status}, so it cannot be confirmed again.`;
    throw conflict(message, 'payment_intent_unexpected_state', { payment_intent: intent });
  }
  const chosen = params.payment_method ?? idIn(intent.payment_method);
  if (chosen === null) throw missingMethod(intent);
  const method = resolveMethod(world, chosen, 'payment_method');
  checkOwner(method, idIn(intent.customer));
  return confirmNow(world, cause, { intent, method, params, isNew: false });
}

function cancel({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(cancelIntentParams, form);
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

/** Stripe sends no event for an update. */
function update({ world, path: [id = ''], form }: ApiRequest): object {
  const params = parseParams(updateIntentParams, form);
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

function search(request: ApiRequest): object {
  return searchPage(request, request.world.store.paymentIntents, {
    resource: 'payment_intents',
    fields: {
      amount: ({ amount }) => amount,
      created: ({ created }) => created,
      currency: ({ currency }) => currency,
      customer: ({ customer }) => idIn(customer),
      status: ({ status }) => status,
    },
  });
}

export const paymentIntentRoutes: Routes = {
  'GET /v1/payment_intents': { resource: 'payment_intent', isList: true, run: listAll },
  'POST /v1/payment_intents': { resource: 'payment_intent', run: create },
  'GET /v1/payment_intents/search': { resource: 'payment_intent', isList: true, run: search },
  'GET /v1/payment_intents/:id': { resource: 'payment_intent', run: retrieve },
  'POST /v1/payment_intents/:id': { resource: 'payment_intent', run: update },
  'POST /v1/payment_intents/:id/confirm': { resource: 'payment_intent', run: confirm },
  'POST /v1/payment_intents/:id/cancel': { resource: 'payment_intent', run: cancel },
};
