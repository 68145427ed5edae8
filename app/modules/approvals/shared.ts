/** What moves credits or money without a customer's or Stripe's own word for it. */
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

/** Who acts: people by their role, and a product by its API. One without a limit for an act has the limit 0. */
export const ACTING_ROLES = ['support', 'finance', 'admin', 'api'] as const;
export type ActingRole = (typeof ACTING_ROLES)[number];

/** People alone ask a second person; what the API is refused stays refused. */
export type PersonRole = Exclude<ActingRole, 'api'>;

export type ApprovalState = 'open' | 'executed' | 'rejected' | 'expired';
