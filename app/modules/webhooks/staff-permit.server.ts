import { askApproval, countAct } from '~/modules/approvals/index.server';
import { type PersonRole, type StaffActKind } from '~/modules/approvals/shared';
import { type Tx } from '~/platform/db.server';

import { type Prisma } from '../../../prisma/generated/client';

/** Who acts, and why: all of it is kept in the audit. */
export interface ByStaff {
  actor: string;
  role: PersonRole;
  /** A reason code. */
  reason: string;
  comment: string;
}

/** Why an act was not done by one person alone. */
export type Stopped =
  /** It is above what they may do alone; a second person is asked now. */
  | { outcome: 'asked'; approvalId: string }
  /** A second person is asked already. */
  | { outcome: 'already_asked'; approvalId: string }
  | { outcome: 'own_wallet' };

interface Weighed {
  book: 'test' | 'live';
  act: StaffActKind;
  subject: string;
  customerId: string | null;
  unit: string;
  amount: bigint;
}

/** Asked before money or credits move; what it answers stops the act. */
export type Permit = (tx: Tx, act: Weighed) => Promise<Stopped | undefined>;

/** One person alone within their limits; above them the act, as `body` says it, waits for a second one. */
export const permitAlone =
  (by: ByStaff, body: Prisma.InputJsonObject): Permit =>
  async (tx, act) => {
    const { actor, role, reason, comment } = by;
    const counted = await countAct(tx, { ...act, actor, role });
    if (counted.outcome === 'counted') return undefined;
    if (counted.outcome === 'own_wallet') return counted;
    const preview = { unit: act.unit, amount: act.amount.toString(), limit: counted.limit.toString() };
    return askApproval(tx, { ...act, actor, role, body, preview, reason, comment });
  };

/** A second person approved it: nothing stops it. */
export const permitted: Permit = () => Promise.resolve(undefined);
