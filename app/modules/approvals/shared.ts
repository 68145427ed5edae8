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

/** What each body of a request is told as, where its kind of act alone does not say it. */
const REQUEST_LABEL: Readonly<Record<string, string>> = {
  'adjust add': 'Add credits',
  'adjust subtract': 'Subtract credits',
  'assign review': 'Grant a payment in review',
};

/** What a request asks for, in words. */
export function requestLabel(act: StaffActKind, body: unknown): string {
  const known = typeof body === 'object' && body !== null ? body : {};
  const word = 'direction' in known ? known.direction : 'kind' in known ? known.kind : undefined;
  return REQUEST_LABEL[`${act} ${String(word)}`] ?? STAFF_ACT_LABEL[act];
}

/** Who acts: people by their role, and a product by its API. One without a limit for an act has the limit 0. */
export const ACTING_ROLES = ['support', 'finance', 'admin', 'api'] as const;
export type ActingRole = (typeof ACTING_ROLES)[number];

/** People alone ask a second person; what the API is refused stays refused. */
export type PersonRole = Exclude<ActingRole, 'api'>;

export const APPROVAL_STATES = ['open', 'executed', 'rejected', 'expired'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/** Which limit leaves the least room: of one act, of a person within 24 hours, of a customer within 24 hours. */
export type LimitBound = 'per_act' | 'actor_day' | 'customer_day';

/** Why a second person lets an act go. */
export const APPROVE_REASONS = ['checked', 'agreed', 'other'] as const;
export type ApproveReason = (typeof APPROVE_REASONS)[number];

export const APPROVE_REASON_LABEL: Record<ApproveReason, string> = {
  checked: 'I checked it, and it is right',
  agreed: 'It was agreed beforehand',
  other: 'Other, see the comment',
};

/** Why a request is closed without being carried out. */
export const DECLINE_REASONS = ['too_much', 'unfounded', 'mistake', 'other'] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export const DECLINE_REASON_LABEL: Record<DeclineReason, string> = {
  too_much: 'Too much',
  unfounded: 'Not justified',
  mistake: 'Asked by mistake',
  other: 'Other, see the comment',
};
