/**
 * The order in which credits are spent and held, as columns of a lot. Each rule decides what those before it leave
 * undecided, and the last leaves nothing: two lots never tie.
 */
export const BURN_ORDER = [
  { column: 'priority', from: 'ASC', first: 'the lower number' },
  { column: 'expires_at', from: 'ASC', first: 'the sooner to expire, endless credits last' },
  { column: 'promo', from: 'DESC', first: 'promotional credits' },
  { column: 'created_at', from: 'ASC', first: 'the older' },
  { column: 'id', from: 'ASC', first: 'the lower id' },
] as const;

/** The same in one sentence, for lots that are listed in that order. */
export const BURN_ORDER_SENTENCE =
  'Credits are spent from the top down: by priority, then the soonest to expire, then promotional ones, then the oldest.';
