import type Stripe from 'stripe';
import { randomText } from '../ids';
import { happening } from './happening';
import type { Cause, World } from './world';

export interface CustomerInput {
  email: string | null;
  name: string | null;
  phone: string | null;
  description: string | null;
  address: Stripe.Address | null;
  shipping: Stripe.Customer.Shipping | null;
  metadata: Stripe.Metadata;
  preferredLocales: string[];
  taxExempt: Stripe.Customer.TaxExempt;
  defaultPaymentMethod: string | null;
}

export const BLANK_CUSTOMER: CustomerInput = {
  email: null,
  name: null,
  phone: null,
  description: null,
  address: null,
  shipping: null,
  metadata: {},
  preferredLocales: [],
  taxExempt: 'none',
  defaultPaymentMethod: null,
};

export function buildCustomer(world: World, input: CustomerInput): Stripe.Customer {
  return {
    id: world.ids.short('cus'),
    object: 'customer',
    address: input.address,
    balance: 0,
    created: world.now(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: input.description,
    discount: null,
    email: input.email,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: input.defaultPaymentMethod,
      footer: null,
      rendering_options: null,
    },
    livemode: world.livemode,
    metadata: input.metadata,
    name: input.name,
    next_invoice_sequence: 1,
    phone: input.phone,
    preferred_locales: input.preferredLocales,
    shipping: input.shipping,
    tax_exempt: input.taxExempt,
    test_clock: null,
  };
}

/** The keys of `after` whose values differ from `before`, with their old values. */
export function changedKeys<T extends object>(before: T, after: T): Partial<T> {
  const old: Partial<T> = {};
  for (const key in after) {
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) old[key] = before[key];
  }
  return old;
}

export function updateCustomer(world: World, cause: Cause, next: Stripe.Customer): Stripe.Customer {
  const before = world.store.customers.must(next.id);
  const previous = changedKeys(before, next);
  const customer = world.store.customers.put(next);
  if (Object.keys(previous).length > 0) {
    world.publish(cause, [happening('customer.updated', customer, previous)]);
  }
  return customer;
}

export function deleteCustomer(world: World, cause: Cause, id: string): Stripe.DeletedCustomer {
  const customer = world.store.customers.must(id);
  world.store.customers.delete(id);
  const deleted = world.store.deletedCustomers.put({ id, object: 'customer', deleted: true });
  world.publish(cause, [happening('customer.deleted', customer)]);
  return deleted;
}
