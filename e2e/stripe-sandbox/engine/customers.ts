import type Stripe from 'stripe';
import { randomText } from '../ids';
import { endSubscription } from './billing/end-subscription';
import { clockNow } from './clocks/clock-time';
import { happening, type Happening } from './happening';
import { spend } from './methods/method-states';
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
  /** Negative: it pays the next invoices. */
  balance: number;
  businessName: string | null;
  individualName: string | null;
  invoicePrefix: string | null;
  nextInvoiceSequence: number;
  invoiceSettings: Stripe.Customer.InvoiceSettings;
  /** The clock that its subscriptions and invoices follow. */
  testClock: string | null;
}

export const BLANK_INVOICE_SETTINGS: Stripe.Customer.InvoiceSettings = {
  custom_fields: null,
  default_payment_method: null,
  footer: null,
  rendering_options: null,
};

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
  balance: 0,
  businessName: null,
  individualName: null,
  invoicePrefix: null,
  nextInvoiceSequence: 1,
  invoiceSettings: BLANK_INVOICE_SETTINGS,
  testClock: null,
};

export function buildCustomer(world: World, input: CustomerInput): Stripe.Customer {
  return {
    id: world.ids.short('cus'),
    object: 'customer',
    address: input.address,
    balance: input.balance,
    ...(input.businessName !== null && { business_name: input.businessName }),
    created: clockNow(world, input.testClock),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: input.description,
    discount: null,
    email: input.email,
    ...(input.individualName !== null && { individual_name: input.individualName }),
    invoice_prefix: input.invoicePrefix ?? randomText(8).toUpperCase(),
    invoice_settings: input.invoiceSettings,
    livemode: world.livemode,
    metadata: input.metadata,
    name: input.name,
    next_invoice_sequence: input.nextInvoiceSequence,
    phone: input.phone,
    preferred_locales: input.preferredLocales,
    shipping: input.shipping,
    tax_exempt: input.taxExempt,
    test_clock: input.testClock,
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

/** Stores the customer with the method that it comes with. */
export function createCustomer(
  world: World,
  cause: Cause,
  customer: Stripe.Customer,
  method: Stripe.PaymentMethod | null,
): Stripe.Customer {
  const attached = method && world.store.paymentMethods.put({ ...method, customer: customer.id });
  const stored = world.store.customers.put(customer);
  world.publish(cause, [
    ...(attached ? [happening('payment_method.attached', attached)] : []),
    happening('customer.created', stored),
    ...discountHappenings(null, stored.discount ?? null),
  ]);
  return stored;
}

export function updateCustomer(world: World, cause: Cause, next: Stripe.Customer): Stripe.Customer {
  const before = world.store.customers.must(next.id);
  const previous = changedKeys(before, next);
  const customer = world.store.customers.put(next);
  if (Object.keys(previous).length > 0) {
    world.publish(cause, [
      happening('customer.updated', customer, previous),
      ...discountHappenings(before.discount ?? null, customer.discount ?? null),
    ]);
  }
  return customer;
}

function discountHappenings(before: Stripe.Discount | null, after: Stripe.Discount | null): Happening[] {
  if (before?.id === after?.id) return [];
  if (after === null) return before ? [happening('customer.discount.deleted', before)] : [];
  return before
    ? [happening('customer.discount.updated', after, changedKeys(before, after))]
    : [happening('customer.discount.created', after)];
}

/** Its subscriptions end; its payment methods are nobody's from then on, and used up. */
export function deleteCustomer(world: World, cause: Cause, id: string): Stripe.DeletedCustomer {
  const customer = world.store.customers.must(id);
  const living = world.store.subscriptions.where('customer', id).filter(({ ended_at: end }) => end === null);
  const ended = living.flatMap((found) => endSubscription(world, found, 'cancellation_requested'));
  world.store.customers.delete(id);
  for (const method of world.store.paymentMethods.where('customer', id)) {
    world.store.paymentMethods.put({ ...method, customer: null });
    spend(world, method.id);
  }
  const deleted = world.store.deletedCustomers.put({ id, object: 'customer', deleted: true });
  world.publish(cause, [...ended, happening('customer.deleted', customer)]);
  return deleted;
}
