/**
 * What the ledger's movements mean in money. Each lot that was paid for carries its net price, and what is deferred is
 * the share of the credits that are left (decision 026). Everything follows from entries and lots; only sums are kept.
 */
export { checkFinance } from './check-finance.server';
export { bookOf, monthOf } from './finance-query.server';
export { exportRollForward } from './export-roll-forward.server';
export { listMonths } from './list-months.server';
export { readLeftByDeleted } from './read-left-by-deleted.server';
export { readRollForward } from './read-roll-forward.server';
export { readSoldDays } from './read-sold-days.server';
export { rollFinance } from './roll-finance.server';
