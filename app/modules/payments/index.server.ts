/**
 * Sales. A payment is a row before Stripe hears of it; what Stripe says of it comes in as facts, in any order and any
 * number of times; settled money becomes credits in `settlePayment` alone, once.
 */
export { applyFact } from './apply-fact.server';
export { assignMoney, grantReview, type MayGrant, type ShownMoney } from './grant-by-person.server';
export { recordTopUpCall, type TopUpSale, writeTopUp } from './charge-saved-card.server';
export { changeSettlement, type SettlementChange } from './change-settlement.server';
export { readSettlementPolicy } from './settlement-policy.server';
export { checkOnReturn } from './check-on-return.server';
export { lockMoneyBackPayment } from './find-money-back-payment.server';
export { endFreezes } from './end-freezes.server';
export { askForReview } from './ask-for-review.server';
export { keepMoneyBack, type KeptMoneyBack, type MoneyBackInput } from './keep-money-back.server';
export { type LockedPayment, lockPayment } from './lock-payment.server';
export { creditsOf, readLevels } from './money-back-levels.server';
export { type MoneyBackPolicy, readMoneyBackPolicy, setMoneyBackPolicy } from './money-back-policy.server';
export { rejectMoneyBack } from './reject-money-back.server';
export { checkPayment, type CheckOutcome } from './check-payment.server';
export {
  findDocument,
  listCustomerPayments,
  type PaymentPlace,
  readLastCurrency,
} from './read-payments.server';
export { readSession } from './read-session.server';
export { settleOffline } from './settle-offline.server';
export { seePayment } from './see-payment.server';
export { mailPurchase } from './mail-purchase.server';
export { findPaymentRealm } from './find-payment-realm.server';
export { recheckPayments } from './recheck-payments.server';
export { recordSessionCall } from './record-session-call.server';
export { type SettledInvoice, settlePlanInvoice } from './settle-plan-invoice.server';
export { syncCatalog, type SyncReport } from './sync-catalog.server';
export { type CheckoutOutcome, type CheckoutRequest, startCheckout } from './start-checkout.server';
export { erasePayer } from './erase-payer.server';
