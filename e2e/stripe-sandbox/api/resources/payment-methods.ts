import type Stripe from 'stripe';
import * as z from 'zod';
import { findCardByAlias, type CardBehaviour } from '../../engine/cards';
import { judgeCard } from '../../engine/judge-card';
import {
  aliasExpiry,
  attachMethod,
  BLANK_BILLING,
  createCardMethod,
  detachMethod,
} from '../../engine/payment-methods';
import { idIn, type World } from '../../engine/world';
import { listPage } from '../lists';
import {
  addressParams,
  clearable,
  ignored,
  mergeMetadata,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  parseParams,
  text,
} from '../params';
import { conflict, invalid, missingObject, missingReference, notPlayed, Refusal } from '../refusal';
import type { ApiRequest, Routes } from '../request';

const billingParams = z.strictObject({
  address: clearable(addressParams).optional(),
  email: nullableText(),
  name: nullableText(),
  phone: nullableText(),
  tax_id: nullableText(),
});

function billingDetails(
  given: z.output<typeof billingParams> | undefined,
): Stripe.PaymentMethod.BillingDetails {
  return given ? { ...given, address: given.address ?? null } : BLANK_BILLING;
}

const createParams = z.strictObject({
  type: text(),
  allow_redisplay: ignored,
  billing_details: billingParams.optional(),
  card: z
    .strictObject({
      token: text().optional(),
      number: text().optional(),
      exp_month: text().optional(),
      exp_year: text().optional(),
      cvc: text().optional(),
      networks: ignored,
    })
    .optional(),
  metadata: metadata().default({}),
  radar_options: ignored,
});

/** A method of a request: `pm_card_visa` and its like become a new object, other ids must be known. */
export function resolveMethod(world: World, id: string, param: string): Stripe.PaymentMethod {
  const behaviour = findCardByAlias(id);
  if (behaviour) return fromAlias(world, behaviour, BLANK_BILLING, {});
  const method = world.store.paymentMethods.get(id);
  if (!method) throw missingReference('PaymentMethod', id, param);
  return method;
}

function fromAlias(
  world: World,
  behaviour: CardBehaviour,
  details: Stripe.PaymentMethod.BillingDetails,
  labels: Stripe.Metadata,
): Stripe.PaymentMethod {
  return createCardMethod(world, {
    behaviour,
    ...aliasExpiry(world),
    billingDetails: details,
    metadata: labels,
  });
}

function create({ world, form }: ApiRequest): object {
  const params = parseParams(createParams, form);
  if (params.type !== 'card') throw notPlayed(`payment methods of type ${params.type}`, 'type');
  const { card } = params;
  if (!card) throw invalid('Missing required param: card.', { code: 'parameter_missing', param: 'card' });
  const details = billingDetails(params.billing_details);
  if (card.token !== undefined) {
    const behaviour = findCardByAlias(card.token);
    if (!behaviour) throw missingReference('token', card.token, 'card[token]');
    return fromAlias(world, behaviour, details, params.metadata);
  }
  const judged = judgeCard(world, {
    number: card.number ?? '',
    expMonth: card.exp_month ?? '',
    expYear: card.exp_year ?? '',
    cvc: card.cvc ?? null,
  });
  if (judged.outcome === 'invalid') {
    const { code, message, param } = judged;
    throw new Refusal(402, { type: 'card_error', code, message, param });
  }
  if (judged.outcome === 'refused') {
    const { code, message, declineCode } = judged.refusal;
    const detail = declineCode === null ? {} : { decline_code: declineCode };
    throw new Refusal(402, { type: 'card_error', code, message, ...detail });
  }
  const { behaviour, expMonth, expYear } = judged;
  return createCardMethod(world, {
    behaviour,
    expMonth,
    expYear,
    billingDetails: details,
    metadata: params.metadata,
  });
}

function find(world: World, id: string): Stripe.PaymentMethod {
  const method = world.store.paymentMethods.get(id);
  if (!method) throw missingObject('PaymentMethod', id);
  return method;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return find(world, id);
}

const updateParams = z.strictObject({
  allow_redisplay: ignored,
  billing_details: billingParams.optional(),
  card: ignored,
  metadata: metadataPatch().optional(),
});

function update({ world, path: [id = ''], form }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = find(world, id);
  return world.store.paymentMethods.put({
    ...before,
    ...(params.billing_details && { billing_details: billingDetails(params.billing_details) }),
    ...(params.metadata !== undefined && {
      metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    }),
  });
}

function attach({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const { customer } = parseParams(z.strictObject({ customer: text() }), form);
  if (!world.store.customers.get(customer)) throw missingReference('customer', customer, 'customer');
  const method = findCardByAlias(id) ? resolveMethod(world, id, 'payment_method') : find(world, id);
  const owner = idIn(method.customer);
  if (owner !== null && owner !== customer) {
    throw conflict('The payment method you provided has already been attached to a customer.', undefined);
  }
  return attachMethod(world, cause, method, customer);
}

function detach({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const method = find(world, id);
  if (method.customer === null) {
    throw conflict(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      undefined,
    );
  }
  return detachMethod(world, cause, method);
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.paymentMethods, {
    noun: 'PaymentMethod',
    url: '/v1/payment_methods',
    filters: {
      allow_redisplay: ignored,
      customer: text().optional(),
      type: oneOf(['card', 'sepa_debit', 'us_bank_account']).optional(),
    },
    select: ({ customer, type }) => ({
      index: customer === undefined ? undefined : { name: 'customer', key: customer },
      where: (method) => type === undefined || method.type === type,
    }),
  });
}

export const paymentMethodRoutes: Routes = {
  'GET /v1/payment_methods': { resource: 'payment_method', isList: true, run: listAll },
  'POST /v1/payment_methods': { resource: 'payment_method', run: create },
  'GET /v1/payment_methods/:id': { resource: 'payment_method', run: retrieve },
  'POST /v1/payment_methods/:id': { resource: 'payment_method', run: update },
  'POST /v1/payment_methods/:id/attach': { resource: 'payment_method', run: attach },
  'POST /v1/payment_methods/:id/detach': { resource: 'payment_method', run: detach },
};
