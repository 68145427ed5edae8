import { checkLimit } from '~/modules/approvals/index.server';
import { type PersonRole } from '~/modules/approvals/shared';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';

import { previewRefund } from './preview-refund.server';
import { type StaffRefundPreview } from './shared';

export interface StaffPreviewInput {
  realm: RealmView;
  paymentId: string;
  /** In the currency's smallest unit; without it, all that is left. */
  amount?: bigint;
  actor: string;
  role: PersonRole;
}

/** What a refund would do, and how it stands to the limits of who asks. Undefined when this realm has no such payment. */
export function previewForStaff(db: Db, input: StaffPreviewInput): Promise<StaffRefundPreview | undefined> {
  const { realm, paymentId, amount, actor, role } = input;
  return inTransaction(db, 'preview refund', async (tx) => {
    const seen = await previewRefund(tx, {
      ...{ realmId: realm.id, paymentId },
      ...(amount === undefined ? {} : { amount }),
    });
    if (seen === undefined) return undefined;
    if (seen.amount <= 0n) return { ...seen, limit: undefined };
    const { customerId } = await tx.payment.findUniqueOrThrow({
      where: { id: paymentId },
      select: { customerId: true },
    });
    const { outcome, bound, limit, used } = await checkLimit(tx, {
      ...({ book: realm.mode, act: 'refund', actor, role, customerId } as const),
      ...{ unit: seen.currency, amount: seen.amount },
    });
    return { ...seen, limit: { outcome, bound, limit, used } };
  });
}
