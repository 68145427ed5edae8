import { type PaymentState } from './shared';

/**
 * A payment only rises: created < open < processing < expired = canceled = failed < review < paid.
 * Facts may come in any order and any number of times; one that ranks no higher than what stands changes nothing.
 * The database holds the same table (`payment_state_rises`).
 */
const RANK: Record<PaymentState, number> = {
  created: 0,
  open: 1,
  processing: 2,
  expired: 3,
  canceled: 3,
  failed: 3,
  review: 4,
  paid: 5,
};

export const canMove = (from: PaymentState, to: PaymentState): boolean => RANK[to] > RANK[from];

/** Nothing more is expected from Stripe, unless money comes late. */
export const isClosed = (state: PaymentState): boolean => RANK[state] >= RANK.expired;
