import type Stripe from 'stripe';
import * as z from 'zod';
import {
  BLANK_INVOICE_SETTINGS,
  buildCustomer,
  createCustomer,
  deleteCustomer,
  updateCustomer,
} from '../../engine/customers';
import { cardOfAlias } from '../../engine/methods/behaviours';
import { idIn, type World } from '../../engine/world';
import {
  checkCustomer,
  createCustomerParams,
  invoiceSettingsWith,
  updateCustomerParams,
  type CustomerParams,
} from '../customer-params';
import { checkAttaches } from '../card-refusal';
import { checkJoins } from '../clock-checks';
import { couponIn, discountFor } from '../customer-coupon';
import { checkMethod } from '../intent-checks';
import { listPage } from '../lists';
import { mergeMetadata, parseParams, text } from '../params';
import { missingObject, missingReference, invalid, type Refusal } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { searchPage } from '../search';
import { resolveMethod } from './payment-methods';

function create(request: ApiRequest): object {
  const { world, cause } = request;
  const { form, coupon } = couponIn(request);
  const given = parseParams(createCustomerParams, form);
  checkCustomer(given);
  const clock = given.test_clock ?? null;
  if (clock !== null) checkJoins(world, clock);
  const wanted = given.invoice_settings?.default_payment_method ?? null;
  // The same alias twice in one request is one object.
  if (wanted !== null && wanted !== given.payment_method) throw notOfCustomer(wanted);
  const method =
    given.payment_method === undefined ? null : resolveMethod(world, given.payment_method, 'payment_method');
  if (method && idIn(method.customer) !== null) {
    throw invalid('The payment method you provided has already been attached to a customer.', {
      param: 'payment_method',
    });
  }
  if (method) {
    checkMethod(world, method, null);
    checkAttaches(world, method);
  }
  const customer = buildCustomer(world, {
    email: given.email ?? null,
    name: given.name ?? null,
    phone: given.phone ?? null,
    description: given.description ?? null,
    address: given.address ?? null,
    shipping: given.shipping ?? null,
    metadata: mergeMetadata({}, given.metadata ?? {}),
    preferredLocales: given.preferred_locales ?? [],
    taxExempt: given.tax_exempt ?? 'none',
    balance: given.balance ?? 0,
    businessName: given.business_name ?? null,
    individualName: given.individual_name ?? null,
    invoicePrefix: given.invoice_prefix ?? null,
    nextInvoiceSequence: given.next_invoice_sequence ?? 1,
    invoiceSettings: invoiceSettingsWith(
      BLANK_INVOICE_SETTINGS,
      given.invoice_settings,
      wanted === null ? null : (method?.id ?? null),
    ),
    testClock: clock,
  });
  const discount = coupon ? discountFor(world, customer.id, coupon) : null;
  return createCustomer(world, cause, { ...customer, discount }, method);
}

function notOfCustomer(method: string): Refusal {
  return invalid(
    `The customer does not have a payment method with the ID ${method}. The payment method must be attached to the customer.`,
    { code: 'resource_missing', param: 'invoice_settings[default_payment_method]' },
  );
}

/** A deleted customer is still found: with `deleted: true`. */
function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const customer = world.store.customers.get(id) ?? world.store.deletedCustomers.get(id);
  if (!customer) throw missingObject('customer', id);
  return customer;
}

function update(request: ApiRequest): object {
  const {
    world,
    path: [id = ''],
    cause,
  } = request;
  const { form, coupon } = couponIn(request);
  const given = parseParams(updateCustomerParams, form);
  checkCustomer(given);
  const before = world.store.customers.get(id);
  if (!before) throw missingObject('customer', id);
  const defaultMethod = given.invoice_settings?.default_payment_method;
  if (typeof defaultMethod === 'string') checkDefault(world, before, defaultMethod);
  return updateCustomer(world, cause, {
    ...namesOf(before, given),
    ...(given.address !== undefined && { address: given.address }),
    ...(given.balance !== undefined && { balance: given.balance }),
    ...(given.description !== undefined && { description: given.description }),
    ...(coupon !== undefined && { discount: coupon && discountFor(world, id, coupon) }),
    ...(given.email !== undefined && { email: given.email }),
    ...(given.invoice_prefix !== undefined && { invoice_prefix: given.invoice_prefix }),
    invoice_settings: invoiceSettingsWith(before.invoice_settings, given.invoice_settings, defaultMethod),
    ...(given.metadata !== undefined && { metadata: mergeMetadata(before.metadata, given.metadata) }),
    ...(given.name !== undefined && { name: given.name }),
    ...(given.next_invoice_sequence !== undefined && { next_invoice_sequence: given.next_invoice_sequence }),
    ...(given.phone !== undefined && { phone: given.phone }),
    ...(given.preferred_locales !== undefined && { preferred_locales: given.preferred_locales }),
    ...(given.shipping !== undefined && { shipping: given.shipping }),
    ...(given.tax_exempt !== undefined && { tax_exempt: given.tax_exempt ?? 'none' }),
  });
}

function removeDiscount({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const customer = world.store.customers.get(id);
  if (!customer) throw missingObject('customer', id);
  const { discount } = customer;
  if (!discount) throw missingObject('discount', id);
  updateCustomer(world, cause, { ...customer, discount: null });
  return { ...discount, deleted: true };
}

/** These two fields are absent and not null when they are not set. */
function namesOf(before: Stripe.Customer, given: CustomerParams): Stripe.Customer {
  const { business_name: businessBefore, individual_name: individualBefore, ...rest } = before;
  const business = given.business_name === undefined ? businessBefore : given.business_name;
  const individual = given.individual_name === undefined ? individualBefore : given.individual_name;
  return {
    ...rest,
    ...(typeof business === 'string' && { business_name: business }),
    ...(typeof individual === 'string' && { individual_name: individual }),
  };
}

function checkDefault(world: World, customer: Stripe.Customer, method: string): void {
  const known = world.store.paymentMethods.get(method);
  if (!known && !cardOfAlias(world, method)) {
    throw missingReference('PaymentMethod', method, 'invoice_settings[default_payment_method]');
  }
  if (idIn(known?.customer) !== customer.id) throw notOfCustomer(method);
}

function remove({ world, path: [id = ''], cause }: ApiRequest): object {
  if (!world.store.customers.get(id)) throw missingObject('customer', id);
  return deleteCustomer(world, cause, id);
}

/** Customers of a test clock are only in that clock's list. */
function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.customers, {
    noun: 'customer',
    url: '/v1/customers',
    filters: { email: text().optional(), test_clock: text().optional() },
    select: ({ email, test_clock: clock = null }) => ({
      index: email === undefined ? undefined : { name: 'email', key: email },
      where: (customer) => idIn(customer.test_clock) === clock,
    }),
  });
}

function search(request: ApiRequest): object {
  return searchPage(request, request.world.store.customers, {
    resource: 'customers',
    fields: {
      created: ({ created }) => created,
      email: ({ email }) => email,
      name: ({ name }) => name,
      phone: ({ phone }) => phone,
    },
  });
}

export const customerRoutes: Routes = {
  'GET /v1/customers': { resource: 'customer', isList: true, run: listAll },
  'POST /v1/customers': { resource: 'customer', run: create },
  'GET /v1/customers/search': { resource: 'customer', isList: true, run: search },
  'GET /v1/customers/:id': { resource: 'customer', run: retrieve },
  'POST /v1/customers/:id': { resource: 'customer', run: update },
  'DELETE /v1/customers/:id': { resource: 'customer', run: remove },
  'DELETE /v1/customers/:id/discount': { resource: 'discount', run: removeDiscount },
};
