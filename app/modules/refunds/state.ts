import { type RefundStatus } from './shared';

/**
 * A refund only rises: awaiting_approval < requested < sending < pending < succeeded < failed = canceled = rejected.
 * One that succeeded may still fail, days later: its money came back to us. The database holds ranks from falling
 * (`money_back_rises`).
 */
export const REFUND_RANK: Record<RefundStatus, number> = {
  awaiting_approval: 0,
  requested: 1,
  sending: 2,
  pending: 3,
  succeeded: 4,
  failed: 5,
  canceled: 5,
  rejected: 5,
};

/** What the credits of a refund's money do: `pending` holds them back, `gone` revokes them. */
export const REFUND_LEVEL: Record<RefundStatus, 'none' | 'pending' | 'gone'> = {
  awaiting_approval: 'none',
  requested: 'pending',
  sending: 'pending',
  pending: 'pending',
  succeeded: 'gone',
  failed: 'none',
  canceled: 'none',
  rejected: 'none',
};
