import { type AdjustmentPreview } from '~/modules/adjustments/shared';

/** What staff do to a customer's wallet, as their dialogs name it. */
export const CUSTOMER_ACT = { adjust: 'adjust', freeze: 'freeze', thaw: 'thaw' } as const;

/** What the preview of an adjustment answers: of which question, so that a late answer is never taken for another. */
export interface PreviewReply {
  direction: string;
  amount: string;
  /** Undefined where the amount is none. */
  preview: AdjustmentPreview | undefined;
}
