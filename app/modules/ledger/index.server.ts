/**
 * The ledger: append-only transfers and entries of credits, chained per wallet. Acts run in the caller's transaction and
 * answer with an outcome; the rules that no caller can break stand in the database. Only this room writes its tables.
 */
export { grant } from './grant.server';
export { readBalance } from './read-balance.server';
export {
  readEntries,
  readPaymentEntries,
  readStatement,
  readStatementPage,
  type StatementPlace,
} from './read-lines.server';
export { listSpendableLots, readPaymentLots } from './read-lots.server';
export { verifyLedger } from './verify-ledger.server';
