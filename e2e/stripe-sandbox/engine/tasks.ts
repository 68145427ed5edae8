import type { Task } from '../store/records';
import { resumeCollection } from './billing/change-subscription';
import { advanceInvoice, invoiceOverdue, retryInvoice } from './billing/collect-invoice';
import { expireIncomplete } from './billing/end-subscription';
import { announceInvoice } from './billing/preview-invoice';
import { renewWhenDue, warnTrialEnd } from './billing/renew-subscription';
import { advanceClockStep } from './clocks/advance-clock';
import { deleteClockWhenDue } from './clocks/test-clocks';
import { decideDispute } from './disputes/answer-dispute';
import { expireDispute } from './disputes/close-dispute';
import { returnDebitWhenDue } from './disputes/return-debit';
import { lapseCoupon, lapsePromotionCode } from './discounts/redeem';
import { expireSessionWhenDue } from './expire-session';
import { settleDebit } from './methods/settle-debit';
import { failRefund, referenceRefund, settleRefund } from './refunds/move-refund';
import { releaseFunds, settleCharge } from './settle-charge';
import type { World } from './world';

type Act = (world: World, subject: string) => void;

/** What the sandbox does by itself later. A task whose subject is gone or moved on has nothing left to do. */
export const TASKS: Record<Task['kind'], Act> = {
  advance_clock: advanceClockStep,
  advance_invoice: advanceInvoice,
  announce_invoice: announceInvoice,
  expire_incomplete: expireIncomplete,
  overdue_invoice: invoiceOverdue,
  renew_subscription: renewWhenDue,
  resume_collection: resumeCollection,
  retry_invoice: retryInvoice,
  warn_trial_end: warnTrialEnd,
  delete_clock: deleteClockWhenDue,
  decide_dispute: decideDispute,
  expire_dispute: expireDispute,
  expire_session: expireSessionWhenDue,
  fail_refund: failRefund,
  lapse_coupon: lapseCoupon,
  lapse_promotion_code: lapsePromotionCode,
  reference_refund: referenceRefund,
  release_funds: releaseFunds,
  return_debit: returnDebitWhenDue,
  settle_charge: settleCharge,
  settle_debit: settleDebit,
  settle_refund: settleRefund,
};
