/**
 * Plans. A subscription has no rank: it is read from Stripe anew whenever anything is said of it, and the read that
 * began last tells how it stands. Its invoices settle through payments, each as a payment of its own.
 */
export { applyPlanInvoice } from './apply-plan-invoice.server';
export { applyPlanMoney } from './apply-plan-money.server';
export { applyPlanSession } from './apply-plan-session.server';
export { applySubscription } from './apply-subscription.server';
export { mailEnd } from './mail-end.server';
export { mailPlan } from './mail-plan.server';
export { recordActCall } from './record-act-call.server';
export { recordOrderCall } from './record-order-call.server';
export { askForChange, type WantedChange } from './ask-for-change.server';
export { findOwedUrl, hasLivePlan, listChoices } from './read-plans.server';
export { findPlanRealm } from './find-plan-realm.server';
export { seePlans } from './see-plans.server';
export { startPlan } from './start-plan.server';
export { eraseSubscriber } from './erase-subscriber.server';
export { refreshSubscription } from './refresh-subscription.server';
export { creditsOfInvoice } from './sold-by.server';
export { checkOrder } from './check-order.server';
