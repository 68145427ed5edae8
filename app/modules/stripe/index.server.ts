/**
 * Stripe's room: the only one that knows the SDK. Others see facts, refs and outcomes.
 * Stripe is never called inside a database transaction: a write is a row first (`planCall`), then sent, then recorded.
 */
export { type CheckoutInput, checkoutBody, type CustomerInput } from './call-kinds.server';
export { type DeliveredEvent } from './delivered-event.server';
export { type ListedEvent, type ListedWithin, listEvents } from './list-events.server';
export { type CallResult, findCall, planCall } from './calls.server';
export { type StripeSettings } from './client.server';
export {
  type EnsureCustomerOutcome,
  ensureStripeCustomer,
  forgetStripeCustomer,
  recordCustomerCall,
} from './ensure-customer.server';
export { isHandledEventType } from './event-types';
export { customerOfStripeCustomer } from './known-customer.server';
export { readObject } from './read-object.server';
export { recordCall } from './record-call.server';
export { sendCall } from './send-call.server';
export { type CallSettler, sweepCalls } from './sweep-calls.server';
export { currentRealm, RealmUnknownError } from './realm-current.server';
export { stripeSettings } from './settings.server';
export { isKeyFault, isPassing } from './stripe-faults.server';
export { ensureStripePrice, isPriceSellable, type PriceInput } from './stripe-prices.server';
export { idsOfFact, refOfId, translateEvent } from './translate-event.server';
export { verifyDelivery } from './verify-delivery.server';
