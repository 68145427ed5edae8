/** What staff do that moves credits or money without a customer's or Stripe's own word for it. */
export const STAFF_ACTS = ['adjust', 'refund', 'assign', 'offline', 'grant', 'repair', 'dismiss'] as const;
export type StaffActKind = (typeof STAFF_ACTS)[number];

export const STAFF_ACT_LABEL: Record<StaffActKind, string> = {
  adjust: 'Adjust credits',
  refund: 'Refund',
  assign: 'Assign a payment',
  offline: 'Offline payment',
  grant: 'Grant credits',
  repair: 'Repair',
  dismiss: 'Dismiss settled money',
};

/** The roles that act; a role without a limit for an act has the limit 0. */
export type ActingRole = 'support' | 'finance' | 'admin';

export type ApprovalState = 'open' | 'executed' | 'rejected' | 'expired';
