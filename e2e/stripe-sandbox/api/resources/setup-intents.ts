import type Stripe from 'stripe';
import * as z from 'zod';
import { happening } from '../../engine/happening';
import { cancelSetupIntent, confirmSetupIntent, createSetupIntent } from '../../engine/methods/setup-intents';
import { idIn, type Cause, type World } from '../../engine/world';
import { setupRefusal } from '../card-refusal';
import { checkMandate, checkMethod } from '../intent-checks';
import { checkTakes, chooseMethods } from '../intent-methods';
import { requested3ds } from '../intent-params';
import { listPage } from '../lists';
import { createMethod } from '../method-params';
import { customerAccount, ignored, parseParams, text, unplayed } from '../params';
import { conflict, missingObject, missingReference } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import {
  cancelSetupParams,
  confirmSetupParams,
  createSetupParams,
  type ConfirmSetupParams,
} from '../setup-params';
import { OPEN_SETUPS, updatedSetup } from '../setup-update';
import { resolveMethod } from './payment-methods';

function create({ world, form, version, cause }: ApiRequest): object {
  const params = parseParams(createSetupParams, form);
  const choice = chooseMethods(params, null, version);
  checkCustomer(world, params.customer);
  const method = methodOf(world, params, null);
  if (method) checkFits(world, method, choice.types, params.customer ?? null);
  if (params.confirm && !method) throw missingMethod(undefined);
  if (params.confirm && method) checkAgreed(world, method, params);
  const built = createSetupIntent(world, {
    customer: params.customer ?? null,
    description: params.description,
    metadata: params.metadata,
    usage: params.usage,
    automaticMethods: choice.automatic,
    methodTypes: choice.types,
    allowedTypes: choice.allowed,
    excludedTypes: choice.excluded,
    request3ds: requested3ds(params.payment_method_options),
  });
  if (params.confirm && method)
    return confirmNow(world, cause, { intent: built, method, params, isNew: true });
  const intent = world.store.setupIntents.put({
    ...built,
    ...(method && { payment_method: method.id, status: 'requires_confirmation' }),
  });
  world.publish(cause, [happening('setup_intent.created', intent)]);
  return intent;
}

function checkCustomer(world: World, customer: string | undefined): void {
  if (customer !== undefined && !world.store.customers.get(customer)) {
    throw missingReference('customer', customer, 'customer');
  }
}

function checkFits(
  world: World,
  method: Stripe.PaymentMethod,
  types: string[],
  customer: string | null,
): void {
  checkTakes('SetupIntent', types, method);
  checkMethod(world, method, customer);
}

function checkAgreed(
  world: World,
  method: Stripe.PaymentMethod,
  { mandate_data: acceptance }: Pick<ConfirmSetupParams, 'mandate_data'>,
): void {
  checkMandate(world, 'SetupIntent', method, { acceptance, futureUsage: null });
}

function methodOf(
  world: World,
  params: Pick<ConfirmSetupParams, 'payment_method' | 'payment_method_data'>,
  intent: Stripe.SetupIntent | null,
): Stripe.PaymentMethod | null {
  if (params.payment_method_data) {
    return createMethod(world, params.payment_method_data, 'payment_method_data');
  }
  const chosen = params.payment_method ?? idIn(intent?.payment_method);
  return chosen === null ? null : resolveMethod(world, chosen, 'payment_method');
}

function missingMethod(intent: Stripe.SetupIntent | undefined) {
  return conflict(
    "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a payment method and then confirm it again.",
    'setup_intent_unexpected_state',
    intent ? { setup_intent: intent } : {},
  );
}

interface Confirmation {
  intent: Stripe.SetupIntent;
  method: Stripe.PaymentMethod;
  params: Pick<ConfirmSetupParams, 'mandate_data' | 'return_url' | 'use_stripe_sdk'>;
  isNew: boolean;
}

/** Confirms and answers: the intent, or the card error that carries it. */
function confirmNow(world: World, cause: Cause, confirmation: Confirmation): Stripe.SetupIntent {
  const { intent, isNew, method, params } = confirmation;
  const { happenings, order, ...outcome } = confirmSetupIntent(world, {
    intent,
    method,
    owner: idIn(intent.customer),
    isNew,
    returnUrl: params.use_stripe_sdk ? null : (params.return_url ?? null),
    acceptance: params.mandate_data,
  });
  world.publish(cause, happenings, order);
  if (outcome.outcome === 'declined') throw setupRefusal(outcome, method);
  return outcome.intent;
}

function find(world: World, id: string): Stripe.SetupIntent {
  const intent = world.store.setupIntents.get(id);
  if (!intent) throw missingObject('setupintent', id);
  return intent;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({ client_secret: ignored }), form);
  return find(world, id);
}

function confirm({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(confirmSetupParams, form);
  const intent = find(world, id);
  if (!OPEN_SETUPS.includes(intent.status)) {
    const why =
      intent.status === 'succeeded' ? 'it has already succeeded' : `it has a status of ${intent.status}`;
    const message = `You cannot confirm this SetupIntent because ${why}.`;
    throw conflict(message, 'setup_intent_unexpected_state', { setup_intent: intent });
  }
  const method = methodOf(world, params, intent);
  if (!method) throw missingMethod(intent);
  checkFits(world, method, intent.payment_method_types, idIn(intent.customer));
  checkAgreed(world, method, params);
  return confirmNow(world, cause, { intent, method, params, isNew: false });
}

function cancel({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(cancelSetupParams, form);
  const before = find(world, id);
  if (!OPEN_SETUPS.includes(before.status)) {
    const message = `You cannot cancel this SetupIntent because it has a status of ${before.status}. Only a SetupIntent with one of the following statuses may be canceled: ${OPEN_SETUPS.join(', ')}.`;
    throw conflict(message, 'setup_intent_unexpected_state', { setup_intent: before });
  }
  const { intent, happenings } = cancelSetupIntent(world, before, params.cancellation_reason ?? null);
  world.publish(cause, happenings);
  return intent;
}

/** Stripe sends no event for an update. */
function update({ world, path: [id = ''], form, version }: ApiRequest): object {
  return world.store.setupIntents.put(updatedSetup(world, find(world, id), form, version));
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.setupIntents, {
    noun: 'setupintent',
    url: '/v1/setup_intents',
    filters: {
      attach_to_self: unplayed('attach_to_self'),
      customer: text().optional(),
      customer_account: customerAccount,
      payment_method: text().optional(),
    },
    select: ({ customer, payment_method: method }) => ({
      index: customer === undefined ? undefined : { name: 'customer', key: customer },
      where: (intent) => method === undefined || intent.payment_method === method,
    }),
  });
}

export const setupIntentRoutes: Routes = {
  'GET /v1/setup_intents': { resource: 'setup_intent', isList: true, run: listAll },
  'POST /v1/setup_intents': { resource: 'setup_intent', run: create },
  'GET /v1/setup_intents/:id': { resource: 'setup_intent', run: retrieve },
  'POST /v1/setup_intents/:id': { resource: 'setup_intent', run: update },
  'POST /v1/setup_intents/:id/confirm': { resource: 'setup_intent', run: confirm },
  'POST /v1/setup_intents/:id/cancel': { resource: 'setup_intent', run: cancel },
};
