/**
 * Sales. A payment is a row before Stripe hears of it; what Stripe says of it comes in as facts, in any order and any
 * number of times; settled money becomes credits in `settlePayment` alone, once.
 */
export { applyFact } from './apply-fact.server';
export { checkOnReturn } from './check-on-return.server';
export { checkPayment, type CheckOutcome } from './check-payment.server';
export { findDocument, listCustomerPayments, type PaymentPlace } from './read-payments.server';
export { seePayment } from './see-payment.server';
export { mailPurchase } from './mail-purchase.server';
export { recheckPayments } from './recheck-payments.server';
export { recordSessionCall } from './record-session-call.server';
export { type CheckoutOutcome, type CheckoutRequest, startCheckout } from './start-checkout.server';
