/** Who did what, why, before and after: append-only, chained, written in the transaction of the act. */
export { appendAudit, type AuditInput, type AuditValue } from './append-audit.server';
export { type AuditVerdict, verifyAudit } from './verify-audit.server';
