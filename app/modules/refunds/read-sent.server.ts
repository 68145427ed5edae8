import { type Tx } from '~/platform/db.server';

import { REFUND_STATUSES, type RefundStatus, type SentRefund } from './shared';

/** How a refund of ours stands now. */
export async function readSent(tx: Tx, refundId: string): Promise<SentRefund> {
  const { status, ...row } = await tx.moneyBack.findUniqueOrThrow({
    where: { id: refundId },
    select: { status: true, failure: true, amount: true, currency: true },
  });
  return { refundId, status: asStatus(status), ...row };
}

function asStatus(status: string): RefundStatus {
  const known = REFUND_STATUSES.find((one) => one === status);
  if (known === undefined) throw new Error(`No refund is ${status}.`);
  return known;
}
