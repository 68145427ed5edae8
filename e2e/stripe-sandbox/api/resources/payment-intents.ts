import type Stripe from 'stripe';
import * as z from 'zod';
import { withInvoice } from '../../engine/billing/follow-invoice';
import { asksFor3ds, confirmIntent } from '../../engine/confirm-intent';
import { happening } from '../../engine/happening';
import { behaviourOf } from '../../engine/methods/behaviours';
import { cancelPayment, captureIntent } from '../../engine/methods/capture-intent';
import { buildIntent } from '../../engine/payment-intents';
import { idIn, type Cause, type World } from '../../engine/world';
import { cardRefusal } from '../card-refusal';
import {
  checkAmount,
  checkCancelable,
  checkCapturable,
  checkConfirmable,
  checkMandate,
  checkMethod,
  missingMethod,
} from '../intent-checks';
import { checkTakes, chooseMethods, type MethodChoice } from '../intent-methods';
import {
  cancelIntentParams,
  captureIntentParams,
  cardOptionsOf,
  confirmIntentParams,
  createIntentParams,
  type ConfirmIntentParams,
  type CreateIntentParams,
} from '../intent-params';
import { updatedIntent } from '../intent-update';
import { listPage } from '../lists';
import { createMethod } from '../method-params';
import { customerAccount, ignored, mergeMetadata, parseParams, text } from '../params';
import { missingObject, missingReference, notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { searchPage } from '../search';
import { resolveMethod } from './payment-methods';

function create({ world, form, version, cause }: ApiRequest): object {
  const params = parseParams(createIntentParams, form);
  const choice = chooseMethods(params, params.currency, version);
  checkAmount(params.amount, params.currency);
  if (params.customer !== undefined && !world.store.customers.get(params.customer)) {
    throw missingReference('customer', params.customer, 'customer');
  }
  const method = methodOf(world, params, null);
  if (method) {
    checkTakes('PaymentIntent', choice.types, method);
    checkMethod(world, method, params.customer ?? null);
  }
  if (params.confirm && !method) throw missingMethod(undefined);
  if (params.confirm && method) checkAgreed(world, method, params, params.setup_future_usage ?? null);
  const built = buildFrom(world, params, choice);
  if (params.confirm && method) {
    checkManual(world, built, method, params.off_session);
    const intent = world.store.paymentIntents.put(built);
    return confirmNow(world, cause, { intent, method, params, isNew: true });
  }
  const intent = world.store.paymentIntents.put({
    ...built,
    ...(method && { payment_method: method.id, status: 'requires_confirmation' }),
  });
  world.publish(cause, [happening('payment_intent.created', intent)]);
  return intent;
}

function buildFrom(world: World, params: CreateIntentParams, choice: MethodChoice): Stripe.PaymentIntent {
  return buildIntent(world, {
    amount: params.amount,
    currency: params.currency,
    customer: params.customer ?? null,
    description: params.description,
    metadata: params.metadata,
    receiptEmail: params.receipt_email ?? null,
    setupFutureUsage: params.setup_future_usage ?? null,
    shipping: params.shipping ?? null,
    statementDescriptor: params.statement_descriptor,
    statementDescriptorSuffix: params.statement_descriptor_suffix,
    transferGroup: params.transfer_group,
    automaticMethods: choice.automatic,
    captureMethod:
      params.payment_method_options?.card?.capture_method ?? params.capture_method ?? 'automatic_async',
    confirmationMethod: params.confirmation_method,
    methodTypes: choice.types,
    allowedTypes: choice.allowed,
    excludedTypes: choice.excluded,
    cardOptions: cardOptionsOf(params.payment_method_options),
  });
}

type MethodParams = Pick<ConfirmIntentParams, 'payment_method' | 'payment_method_data'>;

/** The method that a request names or describes, else the intent's own. */
function methodOf(
  world: World,
  params: MethodParams,
  intent: Stripe.PaymentIntent | null,
): Stripe.PaymentMethod | null {
  if (params.payment_method_data) {
    return createMethod(world, params.payment_method_data, 'payment_method_data');
  }
  const chosen = params.payment_method ?? idIn(intent?.payment_method);
  return chosen === null ? null : resolveMethod(world, chosen, 'payment_method');
}

function checkAgreed(
  world: World,
  method: Stripe.PaymentMethod,
  params: Pick<ConfirmIntentParams, 'mandate' | 'mandate_data'>,
  futureUsage: string | null,
): void {
  const { mandate, mandate_data: acceptance } = params;
  checkMandate(world, 'PaymentIntent', method, { acceptance, mandate, futureUsage });
}

interface Confirmation {
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  params: Pick<
    ConfirmIntentParams,
    'off_session' | 'return_url' | 'error_on_requires_action' | 'use_stripe_sdk' | 'mandate_data'
  >;
  isNew: boolean;
}

/** Confirms and answers: the intent, or the card error that carries it. */
function confirmNow(world: World, cause: Cause, confirmation: Confirmation): Stripe.PaymentIntent {
  const { intent, method, params, isNew } = confirmation;
  const confirmed = confirmIntent(world, {
    intent,
    method,
    owner: idIn(intent.customer),
    isNew,
    isOffSession: params.off_session || params.error_on_requires_action,
    returnUrl: params.use_stripe_sdk ? null : (params.return_url ?? null),
    acceptance: params.mandate_data,
  });
  const { happenings, order, ...outcome } = withInvoice(world, confirmed, true);
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
  const before = find(world, id);
  checkConfirmable(before);
  const method = methodOf(world, params, before);
  if (!method) throw missingMethod(before);
  checkTakes('PaymentIntent', before.payment_method_types, method);
  checkMethod(world, method, idIn(before.customer));
  const intent = withLastWords(before, params);
  checkAgreed(world, method, params, intent.setup_future_usage);
  checkManual(world, intent, method, params.off_session);
  return confirmNow(world, cause, { intent, method, params, isNew: false });
}

/** Between the answer to a 3DS question and the payment such an intent waits for one more confirmation. */
function checkManual(
  world: World,
  { confirmation_method: confirmation, payment_method_options: options }: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  isOffSession: boolean,
): void {
  const wanted = options?.card?.request_three_d_secure;
  if (
    confirmation === 'manual' &&
    !isOffSession &&
    asksFor3ds(world, behaviourOf(world, method), method, wanted)
  )
    throw notPlayed('a 3DS question with confirmation_method=manual', 'confirmation_method');
}

/** What a confirmation may still change. */
function withLastWords(before: Stripe.PaymentIntent, params: ConfirmIntentParams): Stripe.PaymentIntent {
  const { payment_method_options: options } = before;
  const capture = params.payment_method_options?.card?.capture_method ?? params.capture_method;
  return {
    ...before,
    ...(capture !== undefined && { capture_method: capture }),
    ...(options?.card && {
      payment_method_options: {
        ...options,
        card: { ...options.card, ...cardOptionsOf(params.payment_method_options) },
      },
    }),
    ...(params.receipt_email !== undefined && { receipt_email: params.receipt_email }),
    ...(params.setup_future_usage !== undefined && { setup_future_usage: params.setup_future_usage }),
    ...(params.shipping !== undefined && { shipping: params.shipping }),
  };
}

function capture({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(captureIntentParams, form);
  const intent = find(world, id);
  const amount = params.amount_to_capture ?? intent.amount_capturable;
  checkCapturable(intent, amount);
  if (params.final_capture === false) throw notPlayed('several captures of one payment', 'final_capture');
  return captureIntent(world, cause, intent, {
    amount,
    metadata:
      params.metadata === undefined ? intent.metadata : mergeMetadata(intent.metadata, params.metadata),
    statementDescriptor: params.statement_descriptor ?? intent.statement_descriptor,
    statementDescriptorSuffix: params.statement_descriptor_suffix ?? intent.statement_descriptor_suffix,
  });
}

function cancel({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(cancelIntentParams, form);
  const intent = find(world, id);
  checkCancelable(intent);
  return cancelPayment(world, cause, intent, params.cancellation_reason ?? null);
}

/** Stripe sends no event for an update. */
function update({ world, path: [id = ''], form, version }: ApiRequest): object {
  return world.store.paymentIntents.put(updatedIntent(world, find(world, id), form, version));
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.paymentIntents, {
    noun: 'payment_intent',
    url: '/v1/payment_intents',
    filters: { customer: text().optional(), customer_account: customerAccount },
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
  'POST /v1/payment_intents/:id/capture': { resource: 'payment_intent', run: capture },
  'POST /v1/payment_intents/:id/cancel': { resource: 'payment_intent', run: cancel },
};
