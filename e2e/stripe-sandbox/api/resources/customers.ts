import type Stripe from 'stripe';
import * as z from 'zod';
import { buildCustomer, deleteCustomer, updateCustomer } from '../../engine/customers';
import { happening } from '../../engine/happening';
import { attachMethod } from '../../engine/payment-methods';
import { idIn, type World } from '../../engine/world';
import { listOf, listPage } from '../lists';
import {
  addressParams,
  clearable,
  ignored,
  list,
  mergeMetadata,
  metadataPatch,
  oneOf,
  parseParams,
  shippingParams,
  text,
} from '../params';
import { missingObject, missingReference } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { searchPage } from '../search';
import { resolveMethod } from './payment-methods';

const params = {
  address: clearable(addressParams).optional(),
  business_name: ignored,
  cash_balance: ignored,
  description: clearable(text()).optional(),
  email: clearable(text(800)).optional(),
  individual_name: ignored,
  invoice_prefix: ignored,
  invoice_settings: z
    .strictObject({
      custom_fields: ignored,
      default_payment_method: clearable(text()).optional(),
      footer: ignored,
      rendering_options: ignored,
    })
    .optional(),
  metadata: metadataPatch().optional(),
  name: clearable(text()).optional(),
  next_invoice_sequence: ignored,
  phone: clearable(text()).optional(),
  preferred_locales: list(text()).optional(),
  shipping: clearable(shippingParams).optional(),
  tax: ignored,
  tax_exempt: clearable(oneOf(['exempt', 'none', 'reverse'])).optional(),
};
const updateParams = z.strictObject(params);
const createParams = z.strictObject({ ...params, payment_method: text().optional(), tax_id_data: ignored });

function create({ world, form, cause }: ApiRequest): object {
  const given = parseParams(createParams, form);
  const wantedDefault = given.invoice_settings?.default_payment_method ?? undefined;
  const method =
    given.payment_method === undefined
      ? undefined
      : resolveMethod(world, given.payment_method, 'payment_method');
  const defaultMethod =
    wantedDefault === undefined
      ? undefined
      : wantedDefault === given.payment_method
        ? method
        : resolveMethod(world, wantedDefault, 'invoice_settings[default_payment_method]');
  const customer = world.store.customers.put(
    buildCustomer(world, {
      email: given.email ?? null,
      name: given.name ?? null,
      phone: given.phone ?? null,
      description: given.description ?? null,
      address: given.address ?? null,
      shipping: given.shipping ?? null,
      metadata: mergeMetadata({}, given.metadata ?? {}),
      preferredLocales: given.preferred_locales ?? [],
      taxExempt: given.tax_exempt ?? 'none',
      defaultPaymentMethod: defaultMethod?.id ?? null,
    }),
  );
  if (method) attachMethod(world, cause, method, customer.id);
  world.publish(cause, [happening('customer.created', customer)]);
  return customer;
}

/** A deleted customer is still found: with `deleted: true`. */
function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const customer = world.store.customers.get(id) ?? world.store.deletedCustomers.get(id);
  if (!customer) throw missingObject('customer', id);
  return customer;
}

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const given = parseParams(updateParams, form);
  const before = world.store.customers.get(id);
  if (!before) throw missingObject('customer', id);
  return updateCustomer(world, cause, {
    ...before,
    ...(given.address !== undefined && { address: given.address }),
    ...(given.description !== undefined && { description: given.description }),
    ...(given.email !== undefined && { email: given.email }),
    ...(given.metadata !== undefined && { metadata: mergeMetadata(before.metadata, given.metadata) }),
    ...(given.name !== undefined && { name: given.name }),
    ...(given.phone !== undefined && { phone: given.phone }),
    ...(given.preferred_locales !== undefined && { preferred_locales: given.preferred_locales }),
    ...(given.shipping !== undefined && { shipping: given.shipping }),
    ...(given.tax_exempt !== undefined && { tax_exempt: given.tax_exempt ?? 'none' }),
    invoice_settings: invoiceSettings(world, before, given.invoice_settings?.default_payment_method),
  });
}

function invoiceSettings(
  world: World,
  before: Stripe.Customer,
  method: string | null | undefined,
): Stripe.Customer.InvoiceSettings {
  if (method === undefined) return before.invoice_settings;
  if (method !== null && idIn(world.store.paymentMethods.get(method)?.customer) !== before.id) {
    throw missingReference('PaymentMethod', method, 'invoice_settings[default_payment_method]');
  }
  return { ...before.invoice_settings, default_payment_method: method };
}

function remove({ world, path: [id = ''], cause }: ApiRequest): object {
  if (!world.store.customers.get(id)) throw missingObject('customer', id);
  return deleteCustomer(world, cause, id);
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.customers, {
    noun: 'customer',
    url: '/v1/customers',
    filters: { email: text().optional(), test_clock: ignored },
    select: ({ email }) => ({ index: email === undefined ? undefined : { name: 'email', key: email } }),
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

function listMethods(request: ApiRequest): object {
  const { world, path } = request;
  const [id = ''] = path;
  if (!world.store.customers.get(id)) throw missingObject('customer', id);
  const { type } = parseParams(z.object({ type: text().optional() }), request.form);
  const page = Object.fromEntries(Object.entries(request.form).filter(([name]) => name !== 'type'));
  const methods = world.store.paymentMethods
    .where('customer', id)
    .filter((method) => type === undefined || method.type === type)
    .reverse();
  return listOf({ ...request, form: page }, methods, 'PaymentMethod', `/v1/customers/${id}/payment_methods`);
}

export const customerRoutes: Routes = {
  'GET /v1/customers': { resource: 'customer', isList: true, run: listAll },
  'POST /v1/customers': { resource: 'customer', run: create },
  'GET /v1/customers/search': { resource: 'customer', isList: true, run: search },
  'GET /v1/customers/:id': { resource: 'customer', run: retrieve },
  'POST /v1/customers/:id': { resource: 'customer', run: update },
  'DELETE /v1/customers/:id': { resource: 'customer', run: remove },
  'GET /v1/customers/:id/payment_methods': { resource: 'payment_method', isList: true, run: listMethods },
};
