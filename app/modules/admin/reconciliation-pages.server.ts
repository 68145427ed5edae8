/** What the pages of the reconciliation show. */
export { findingFilters, listFindings } from './list-findings.server';
export { readFinding, readReconciliation } from './read-reconciliation.server';
