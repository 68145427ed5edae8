import type Stripe from 'stripe';
import * as z from 'zod';
import { changedKeys } from '../../engine/customers';
import { happening } from '../../engine/happening';
import { cardOfAlias } from '../../engine/methods/behaviours';
import { isSpent } from '../../engine/methods/method-states';
import {
  aliasExpiry,
  attachMethod,
  BLANK_BILLING,
  createCardMethod,
  detachMethod,
} from '../../engine/payment-methods';
import { idIn, type World } from '../../engine/world';
import { checkAttaches } from '../card-refusal';
import { listPage } from '../lists';
import {
  accountTypeParam,
  billingParams,
  billingWith,
  createMethod,
  holderTypeParam,
  methodDataParams,
  redisplayParam,
} from '../method-params';
import {
  customerAccount,
  integer,
  mergeMetadata,
  metadataPatch,
  parseParams,
  text,
  unplayed,
} from '../params';
import { conflict, invalid, missingObject, missingReference } from '../refusal';
import type { ApiRequest, Routes } from '../request';

/** A method of a request: `pm_card_visa` and its like become a new object, other ids must be known. */
export function resolveMethod(world: World, id: string, param: string): Stripe.PaymentMethod {
  const behaviour = cardOfAlias(world, id);
  if (behaviour) {
    const details = { billingDetails: BLANK_BILLING, metadata: {} };
    return createCardMethod(world, { behaviour, ...aliasExpiry(world), ...details });
  }
  const method = world.store.paymentMethods.get(id);
  if (!method) throw missingReference('PaymentMethod', id, param);
  return method;
}

const createParams = z.strictObject({
  ...methodDataParams.shape,
  customer: unplayed('methods made for a customer'),
  payment_method: unplayed('methods copied from another account'),
});

function create({ world, form }: ApiRequest): object {
  return createMethod(world, parseParams(createParams, form));
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
  allow_redisplay: redisplayParam.optional(),
  billing_details: billingParams.optional(),
  card: z
    .strictObject({
      exp_month: integer().optional(),
      exp_year: integer().optional(),
      networks: unplayed('the choice of a card network'),
    })
    .optional(),
  metadata: metadataPatch().optional(),
  us_bank_account: z
    .strictObject({
      account_holder_type: holderTypeParam.optional(),
      account_type: accountTypeParam.optional(),
    })
    .optional(),
});
type UpdateParams = z.output<typeof updateParams>;

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = find(world, id);
  if (before.customer === null) {
    throw conflict('You must save this PaymentMethod to a customer before you can update it.', undefined);
  }
  const method = world.store.paymentMethods.put({
    ...before,
    ...(params.allow_redisplay !== undefined && { allow_redisplay: params.allow_redisplay }),
    billing_details: billingWith(before.billing_details, params.billing_details),
    ...(params.card && { card: updatedCard(world, before, params.card) }),
    ...(params.metadata !== undefined && {
      metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    }),
    ...(params.us_bank_account && { us_bank_account: updatedBank(before, params.us_bank_account) }),
  });
  const previous = changedKeys(before, method);
  if (Object.keys(previous).length > 0) {
    world.publish(cause, [happening('payment_method.updated', method, previous)]);
  }
  return method;
}

function updatedCard(
  world: World,
  { card, type }: Stripe.PaymentMethod,
  given: NonNullable<UpdateParams['card']>,
): Stripe.PaymentMethod.Card {
  if (!card) throw wrongType('card', type);
  const month = given.exp_month ?? card.exp_month;
  const year = given.exp_year ?? card.exp_year;
  const today = new Date(world.nowMs());
  const isPast = year * 12 + month < today.getUTCFullYear() * 12 + today.getUTCMonth() + 1;
  if (month < 1 || month > 12) {
    throw invalid("Your card's expiration month is invalid.", {
      code: 'invalid_expiry_month',
      param: 'card[exp_month]',
    });
  }
  if (isPast) {
    throw invalid("Your card's expiration year is invalid.", {
      code: 'invalid_expiry_year',
      param: 'card[exp_year]',
    });
  }
  return { ...card, exp_month: month, exp_year: year };
}

function updatedBank(
  { us_bank_account: account, type }: Stripe.PaymentMethod,
  given: NonNullable<UpdateParams['us_bank_account']>,
): Stripe.PaymentMethod.UsBankAccount {
  if (!account) throw wrongType('us_bank_account', type);
  return {
    ...account,
    account_holder_type: given.account_holder_type ?? account.account_holder_type,
    account_type: given.account_type ?? account.account_type,
  };
}

function wrongType(param: string, type: string) {
  return invalid(`You cannot update \`${param}\` on a PaymentMethod of type \`${type}\`.`, { param });
}

function attach({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const { customer } = parseParams(
    z.strictObject({ customer: text(), customer_account: customerAccount }),
    form,
  );
  if (!world.store.customers.get(customer)) throw missingReference('customer', customer, 'customer');
  const method = cardOfAlias(world, id) ? resolveMethod(world, id, 'payment_method') : find(world, id);
  const owner = idIn(method.customer);
  if (owner === customer) return method;
  if (owner !== null) {
    throw conflict('The payment method you provided has already been attached to a customer.', undefined);
  }
  if (isSpent(world, method.id)) {
    throw conflict(
      'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.',
      undefined,
    );
  }
  checkAttaches(world, method);
  return attachMethod(world, cause, method, customer);
}

function detach({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const method = find(world, id);
  const owner = idIn(method.customer);
  if (owner === null) {
    throw conflict(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      undefined,
    );
  }
  return detachMethod(world, cause, method, world.store.customers.get(owner));
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.paymentMethods, {
    noun: 'PaymentMethod',
    url: '/v1/payment_methods',
    filters: methodFilters,
    select: ({ customer, ...kinds }) => ({
      index: customer === undefined ? undefined : { name: 'customer', key: customer },
      where: isOfKind(kinds),
    }),
  });
}

const kindFilters = { allow_redisplay: redisplayParam.optional(), type: text().optional() };
const methodFilters = { ...kindFilters, customer: text().optional(), customer_account: customerAccount };

function isOfKind(kinds: { allow_redisplay?: string | undefined; type?: string | undefined }) {
  return (method: Stripe.PaymentMethod): boolean =>
    (kinds.type === undefined || method.type === kinds.type) &&
    (kinds.allow_redisplay === undefined || method.allow_redisplay === kinds.allow_redisplay);
}

function listOfCustomer(request: ApiRequest): object {
  const { path, world } = request;
  const [id = ''] = path;
  if (!world.store.customers.get(id)) throw missingObject('customer', id);
  return listPage(request, world.store.paymentMethods, {
    noun: 'PaymentMethod',
    url: `/v1/customers/${id}/payment_methods`,
    filters: kindFilters,
    select: (kinds) => ({ index: { name: 'customer', key: id }, where: isOfKind(kinds) }),
  });
}

function retrieveOfCustomer({ world, path: [customer = '', id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  if (!world.store.customers.get(customer)) throw missingObject('customer', customer);
  const method = world.store.paymentMethods.get(id);
  if (idIn(method?.customer) !== customer || !method) throw missingObject('PaymentMethod', id);
  return method;
}

export const paymentMethodRoutes: Routes = {
  'GET /v1/payment_methods': { resource: 'payment_method', isList: true, run: listAll },
  'POST /v1/payment_methods': { resource: 'payment_method', run: create },
  'GET /v1/payment_methods/:id': { resource: 'payment_method', run: retrieve },
  'POST /v1/payment_methods/:id': { resource: 'payment_method', run: update },
  'POST /v1/payment_methods/:id/attach': { resource: 'payment_method', run: attach },
  'POST /v1/payment_methods/:id/detach': { resource: 'payment_method', run: detach },
  'GET /v1/customers/:id/payment_methods': { resource: 'payment_method', isList: true, run: listOfCustomer },
  'GET /v1/customers/:id/payment_methods/:pm': { resource: 'payment_method', run: retrieveOfCustomer },
};
