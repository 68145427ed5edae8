/**
 * Health: whether a process can work (`readiness`), and what of an installation is wrong and how it is put right
 * (`examine`). That a process is alive is answered by its route.
 */
export { readiness } from './readiness.server';
export { listRealmStates } from './list-realms.server';
export { whatIsOpen } from './what-is-open.server';
export { examine } from './examine.server';
export { examineNow, latestReport } from './latest-report.server';
export { isDoctorCode } from './doctor-codes';
