/**
 * What staff do to a wallet by hand: add credits, take some, freeze it, let it go. One person acts within their limits,
 * a second one above them; each act is one transaction with its audit, and one however often its dialog is sent.
 */
export { adjustByStaff, type AdjustByStaffInput, type AdjustByStaffOutcome } from './adjust-by-staff.server';
export { approveAdjustment, previewRequested } from './approve-adjustment.server';
export {
  freezeByStaff,
  type FreezeByStaffOutcome,
  thawByStaff,
  type ThawByStaffOutcome,
} from './freeze-by-staff.server';
export { previewAdjustment } from './preview-adjustment.server';
