/** Whether this process is alive is answered by the route itself; whether it can work is answered here. */
export { readiness } from './readiness.server';
export { listRealmStates } from './list-realms.server';
export { whatIsOpen } from './what-is-open.server';
