/** Who did what, why, before and after: append-only, chained, written in the transaction of the act. */
export { actOnce } from './act-once.server';
export { appendAudit, type AuditInput, type Author } from './append-audit.server';
export { verifyAudit } from './verify-audit.server';
export { eraseAudit } from './erase-audit.server';
