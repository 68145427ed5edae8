/** Whether this process is alive is answered by the route itself; whether it can work is answered here. */
export { readiness } from './readiness.server';
