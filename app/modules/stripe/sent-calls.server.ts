/** Calls on their way: sent, recorded, and brought to their end. */
export { recordCall } from './record-call.server';
export { sendCall } from './send-call.server';
export { type CallSettlers, sweepCalls } from './sweep-calls.server';
