/**
 * Disputes: a bank asks (inquiry) or takes the money back (chargeback). What it has taken revokes credits, and what was
 * spent of them is the customer's debt by default (`payments/money-back-policy`), with the wallet frozen until the dispute
 * is won, a later purchase repays the debt, or a hold gives the credits back.
 */
export { applyDisputeFact } from './apply-dispute-fact.server';
export { disputeLevel, disputeRank } from './state';
