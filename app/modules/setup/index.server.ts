/** Setup: what Stripe must hold for this installation, beside what it holds, and the way from one to the other. */
export { applySetup } from './apply-setup.server';
export { planSetup, type SetupStep } from './plan-setup.server';
