/**
 * The ledger: append-only transfers and entries of credits, chained per wallet. Acts run in the caller's transaction and
 * answer with an outcome; the rules that no caller can break stand in the database. Only this room writes its tables.
 */
export { type Act } from './act.server';
export { adjust, type AdjustOutcome } from './adjust.server';
export { changeNotices } from './change-notices.server';
export { bookDue } from './book-due.server';
export { inBurnOrder } from './burn-order.server';
export { findExpiring } from './crossings.server';
export { sendStatement } from './export-statement.server';
export { freeze, thaw } from './freeze.server';
export { grant, type GrantOutcome } from './grant.server';
export { capture, hold, release } from './holds.server';
export { type NoticeSettings, readNotices, setNotices, tellCrossings } from './notices.server';
export { type AccountTotal, readBookTotals, type TotalFault, verifyBookTotals } from './book-totals.server';
export { closeDays } from './close-days.server';
export { readDayRoot } from './day-root.server';
export { readBalance } from './read-balance.server';
export { type HoldView, readHold } from './read-hold.server';
export {
  readEntries,
  readPaymentEntries,
  readStatement,
  readStatementPage,
  type StatementPlace,
} from './read-lines.server';
export { listSpendableLots, readPaymentLots } from './read-lots.server';
export { readWallet } from './read-wallet.server';
export { readStatementHead } from './read-statement.server';
export { reverse } from './reverse.server';
export { settleClaim } from './settle-claim.server';
export { readStanding, rollStanding } from './standing.server';
export { spend } from './spend.server';
export { listFallen, watchWallet } from './watch.server';
export { verifyInRanges, verifyLedger, type VerifyOptions } from './verify-ledger.server';
