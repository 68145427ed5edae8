/**
 * The inbox: what Stripe says is stored before it is understood, then brought to the rooms that it concerns, once.
 * The event table is its own queue; its states and moves stand in state.ts, its waits in schedule.ts.
 */
export { type Dispatch } from './ask-door.server';
export { catchUp } from './catch-up.server';
export { methodNotAllowed, receiveDelivery } from './receive-delivery.server';
export { type RunningInbox, startInbox } from './start-inbox.server';
export { type RealmReader } from './try-event.server';
