/**
 * Compares what Stripe's objects say with our rows, object by object, whether or not an event ever told of them: `reconcile`
 * walks lists with a cursor in the database, `confirm` looks a second time, and what stands is a finding. A repair reads the
 * object and brings it to the door that its events come to: nothing is granted or taken here (ADR 031).
 */
export { setAutoRepair } from './auto-repair.server';
export { dismissFinding, type DismissFindingOutcome } from './dismiss-finding.server';
export { listStanding, readRun, type RunTally } from './read-run.server';
export { reconcile, type ReconcileOutcome } from './reconcile.server';
export { resumeRuns } from './resume-runs.server';
export { PATIENCE, type Reconciler } from './reconciler';
export { repairFinding, type RepairOutcome } from './repair-finding.server';
