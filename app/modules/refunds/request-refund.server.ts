import { type StripeSettings } from '~/modules/stripe/index.server';
import { type Db, inTransaction } from '~/platform/db.server';

import { type SentRefund } from './shared';
import { sendRefund } from './send-refund.server';
import { type RefundRequest, writeRequest, type WrittenRequest } from './write-request.server';

export type RequestRefundOutcome =
  /** Stripe was asked. What its answer was, or that there is none yet, is the status. */
  ({ outcome: 'sent' } & SentRefund) | Exclude<WrittenRequest, { outcome: 'written' }>;

/**
 * Refunds a part or all of a payment. The request is written first, with its reason and its audit, then sent under its own
 * idempotency key, then recorded; whatever breaks in between, the sweeper of calls goes on with the same key, so one
 * request is one refund.
 */
export async function requestRefund(
  db: Db,
  settings: StripeSettings,
  request: RefundRequest,
): Promise<RequestRefundOutcome> {
  const written = await inTransaction(db, 'request refund', (tx) => writeRequest(tx, request));
  if (written.outcome !== 'written') return written;
  return { outcome: 'sent', ...(await sendRefund(db, settings, written)) };
}
