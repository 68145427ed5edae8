import { type ActingRole, type StaffActKind } from '~/modules/approvals/shared';
import { parseMinor } from '~/platform/amount-text';
import { formatCredits, formatMoney, toDecimal } from '~/platform/money';

/** What an act does, for who may do it. */
export const ACT_MEANING: Record<StaffActKind, string> = {
  adjust: 'Add credits to a customer, or take some, by hand.',
  refund: 'Give money of a payment back, and take its credits back.',
  assign: 'Say whose payment it was when Stripe’s event does not tell.',
  offline: 'Record money that came outside of Stripe, and grant its credits.',
  grant:
    'Grant credits without an adjustment: a payment that waits for review, or what your product gives by the API.',
  repair: 'Put a difference right that was found between Stripe and the ledger.',
  dismiss: 'Close an event or a payment whose money is settled, without granting its credits.',
};

export const ROLE_WORD: Record<ActingRole, string> = {
  support: 'Support',
  finance: 'Finance',
  admin: 'Admin',
  api: 'A client of the API',
};

/** What happens above a limit. */
export const aboveIt = (role: ActingRole): string =>
  role === 'api' ? 'Above it, the API refuses.' : 'Above it, a second person has to approve.';

/** The unit's smallest part in words: credits, or money of a currency. */
export const boundWords = (amount: bigint, unit: string): string =>
  unit === 'credits' ? formatCredits(amount) : formatMoney(amount, unit);

/** As a field holds it. */
export const typedBound = (amount: bigint, unit: string): string =>
  unit === 'credits' ? amount.toString() : toDecimal(amount, unit);

/** What was typed, in the unit's smallest part; undefined when it is no amount of it. */
export function readBound(text: string, unit: string): bigint | undefined {
  if (unit !== 'credits') return parseMinor(text, unit);
  const digits = text.trim().replaceAll(',', '');
  return /^\d{1,15}$/.test(digits) ? BigInt(digits) : undefined;
}
