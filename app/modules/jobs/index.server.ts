/**
 * The queue of every job but events: work that follows from a committed row. A job may run more than once, so each
 * handler asks its own row what is still to be done.
 */
export { addJob, type AddJobOptions } from './add-job.server';
export { installJobs } from './install-jobs.server';
export { startHeartbeat, type Heartbeat } from './heartbeat.server';
export { liveWorkers, type LiveWorker, type WorkersView } from './live-workers.server';
export { oldestDueSeconds } from './oldest-due.server';
export { runJobs, type RunningJobs } from './run-jobs.server';
