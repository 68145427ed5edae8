import { type Tx } from '~/platform/db.server';

import { type LockedPayment } from './lock-payment.server';
import { movePayment } from './move-payment.server';

export interface TopUpRefusal {
  /** Stripe's code, or ours where Stripe did not accept what was asked. */
  code: string;
  /** Stripe's sentence for the cardholder. */
  message: string | undefined;
  cause: string;
}

/**
 * A card that was charged without its holder and refused is not charged again for this payment: it ends, and why is kept
 * beside it. False when it stands higher already.
 */
export function closeTopUp(
  tx: Tx,
  payment: LockedPayment,
  { code, message, cause }: TopUpRefusal,
): Promise<boolean> {
  return movePayment(tx, payment, {
    to: 'failed',
    reason:
      message === undefined ? `the card was not charged: ${code}` : `the card was not charged: ${message}`,
    cause,
    data: { failureCode: code, failure: message ?? null },
  });
}
