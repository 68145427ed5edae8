/**
 * Stripe's room: the only one that knows the SDK. Others see facts, refs and outcomes.
 * Stripe is never called inside a database transaction: a write is a row first (`planCall`), then sent, then recorded.
 */
export { type CheckoutInput, checkoutBody, type CustomerInput, refundBody } from './call-kinds.server';
export { type DeliveredEvent } from './delivered-event.server';
export { type ListedEvent, type ListedWithin, listEvents } from './list-events.server';
export { type CallPurpose, type CallResult, findCall, planCall } from './calls.server';
export { type StripeSettings } from './client.server';
export { recordCustomerCall } from './ensure-customer.server';
export { isHandledEventType } from './event-types';
export { customerOfStripeCustomer } from './known-customer.server';
export { openPage, type OpenPageOutcome } from './open-page.server';
export { openPortal, type PortalOutcome } from './open-portal.server';
export { cardPageBody, topUpBody } from './top-up-bodies';
export { asTold, intentOfCall } from './facts.server';
export { planSessionBody, type SubscriptionChange, subscriptionUpdateBody } from './plan-bodies';
export { refundStatusOf } from './money-back-facts.server';
export { listAboutCustomer, listDisputesOf } from './list-about.server';
export { type ListedObject, listObjects } from './list-objects.server';
export { createPacer, type Pacer } from './pace.server';
export { readObject } from './read-object.server';
export { recordCall } from './record-call.server';
export { sendCall } from './send-call.server';
export { type CallSettlers, sweepCalls } from './sweep-calls.server';
export { adoptStripeCustomer } from './adopt-customer.server';
export { type SettledInEvent, settledInEvent, SETTLING_EVENT_TYPES } from './settled-money.server';
export { fingerprintOf } from './realm.server';
export { currentRealm, RealmUnknownError } from './realm-current.server';
export { heldKeys, maskedKey, realmOfKey } from './held-realms.server';
export { type HeldRealm, heldRealms, settingsAmong, type SettingsOf, settingsOf } from './held-realms.server';
export { heldReader, type ReaderOf, type RealmReader, readerWith } from './realm-reader.server';
export { stripeSettings } from './settings.server';
export { isKeyFault, isPassing } from './stripe-faults.server';
export { ensureStripePrice, isPriceSellable, type PriceInput } from './stripe-prices.server';
export { idsOfFact, refOfId, translateEvent } from './translate-event.server';
export { verifyDelivery } from './verify-delivery.server';
export { eraseCalls } from './erase-calls.server';
export { type Keep, keepFields } from './keep-fields';
export { makePseudonyms, type Pseudonyms, THEMSELVES } from './pseudonyms';
export { readNameless } from './read-nameless.server';
export { type NamelessEvent, namelessEvent, redactPayload } from './redact-payload';
