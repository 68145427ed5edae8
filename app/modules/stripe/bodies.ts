/** What is sent to Stripe for plans and top-ups. */
export { planSessionBody, type SubscriptionChange, subscriptionUpdateBody } from './plan-bodies';
export { cardPageBody, topUpBody } from './top-up-bodies';
