import { EXPANDABLE, type Expandable, type ResourceName } from './expandable';

const invoice: Expandable = {
  kind: 'reference',
  resource: 'invoice',
  find: ({ store }, id) => store.invoices.get(id),
};
const charge: Expandable = {
  kind: 'reference',
  resource: 'charge',
  find: ({ store }, id) => store.charges.get(id),
};
const paymentIntent: Expandable = {
  kind: 'reference',
  resource: 'payment_intent',
  find: ({ store }, id) => store.paymentIntents.get(id),
};
const subscription: Expandable = {
  kind: 'reference',
  resource: 'subscription',
  find: ({ store }, id) => store.subscriptions.get(id),
};

const BASIL = '2025-03-31';
/** Fields that older versions have and newer ones do not. */
const BEFORE_BASIL: Partial<Record<ResourceName, Record<string, Expandable>>> = {
  charge: { invoice },
  invoice: { charge, payment_intent: paymentIntent, subscription },
  payment_intent: { invoice },
};

/** The expandable fields of a resource, as `version` has them. */
export function expandablesOf(resource: ResourceName, version: string): Record<string, Expandable> {
  const old = version.slice(0, BASIL.length) < BASIL ? BEFORE_BASIL[resource] : undefined;
  return old ? { ...EXPANDABLE[resource], ...old } : EXPANDABLE[resource];
}
