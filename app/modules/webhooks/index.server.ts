/**
 * The inbox: what Stripe says is stored before it is understood, then brought to the rooms that it concerns, once.
 * The event table is its own queue; its states and moves stand in state.ts, its waits in schedule.ts.
 */
export { type Dispatch } from './ask-door.server';
export { type AssignOutcome, assignEvent } from './assign-event.server';
export { carryOutApproved, type CarryOutOutcome } from './carry-out-approved.server';
export { catchUp } from './catch-up.server';
export { checkAbout } from './check-about.server';
export { type Correction, correctEvent, type CorrectOutcome } from './correct-event.server';
export { dismissEvent, type DismissOutcome } from './dismiss-event.server';
export { cancelReplay, type CancelReplayOutcome, sweepReplays } from './end-replay.server';
export { methodNotAllowed, receiveDelivery } from './receive-delivery.server';
export { type RunningInbox, startInbox } from './start-inbox.server';
export { type ApprovedPreview, previewApproved } from './preview-approved.server';
export { predictEvent } from './predict-event.server';
export { readReplay, type ReplayTally, type ReplayView } from './read-replay.server';
export { type ReplaySelection, selectionSchema } from './replay-selection.server';
export { resolveReview, type ResolveReviewOutcome } from './resolve-review.server';
export { runReplay } from './run-replay.server';
export { startReplay, type StartReplayOutcome } from './start-replay.server';
export { wakeKeyless } from './wake-keyless.server';
export { eraseEvents, eraseLateEvents } from './erase-events.server';
export { redactEvent, type RedactEventOutcome } from './redact-event.server';
export { type DueSpan, type Retired, retireEvents, retireSenders } from './retire-inbox.server';
