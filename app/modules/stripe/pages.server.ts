/** Pages of Stripe's that a customer is sent to. */
export { openPage, type OpenPageOutcome } from './open-page.server';
export { openPortal, type PortalOutcome } from './open-portal.server';
