/**
 * Refunds: of staff, of Stripe's Dashboard, of anybody who holds the key. Each is a row of money-back under its payment;
 * what takes credits, and gives them back when a refund fails, is `payments/settle-money-back`. A staff refund is written
 * (`write-request`), sent (`send-refund`) and recorded; what is refused, and why, is `judge-refund`.
 */
export { applyChargeRefunds } from './apply-charge-refunds.server';
export { applyRefundFact } from './apply-refund-fact.server';
export {
  approveRefund,
  type ApproveRefundOutcome,
  rejectRefund,
  releaseRefund,
} from './approve-refund.server';
export { mailRefund } from './mail-refund.server';
export { previewRefund } from './preview-refund.server';
export { previewForStaff } from './preview-for-staff.server';
export { requestRefund, type RequestRefundOutcome } from './request-refund.server';
export { REFUND_LEVEL, REFUND_RANK } from './state';
export { recordRefundCall } from './send-refund.server';
