/**
 * What one person or one client of the API may do alone, and what takes two people. A room that acts counts its act here
 * in its own transaction, before it locks a wallet; above the limit a person asks for an approval, and it is carried out
 * when a second person says so, once.
 */
export { approve, type ApproveInput, type ApproveOutcome, type CarryOut } from './approve.server';
export { askApproval, type AskApprovalInput, type AskApprovalOutcome } from './ask-approval.server';
export { checkLimit, type LimitedAct, type LimitVerdict } from './check-limit.server';
export { countAct, type CountActOutcome } from './count-act.server';
export { expireApprovals, type ApprovalReleases } from './expire-approvals.server';
export { listLimits } from './list-limits.server';
export { type LockedApproval } from './lock-approval.server';
export { mailApproval } from './mail-approval.server';
export { rejectApproval, type RejectInput, type RejectOutcome } from './reject-approval.server';
export { type Limit, setLimit, type SetLimitOutcome } from './set-limit.server';
export { isOwner } from './wallet-owner.server';
export { eraseRequests } from './erase-requests.server';
