/**
 * The states of an event and every move between them. A move names the run and the try that it decides, and happens
 * only if the event is still at both (compare-and-set), so two workers never decide one event twice.
 *
 *   queued, waiting  a worker may take it when it is due
 *   done             decided: applied, duplicate, stale, no-op or ignored
 *   quarantined      a person's data is needed
 *   dead             processing failed for good; a redelivery or a replay starts a new run
 *   dismissed        a person closed it
 */
export type EventStatus = 'queued' | 'waiting' | 'done' | 'quarantined' | 'dead' | 'dismissed';

const EVENT_MOVES: Readonly<Record<EventStatus, readonly EventStatus[]>> = {
  queued: ['waiting', 'done', 'quarantined', 'dead'],
  waiting: ['waiting', 'done', 'quarantined', 'dead'],
  done: ['queued'],
  quarantined: ['queued', 'dismissed'],
  dead: ['queued', 'dismissed'],
  dismissed: ['queued'],
};

/** The states that a move to `to` may start from. */
export const statesBefore = (to: EventStatus): EventStatus[] =>
  (Object.keys(EVENT_MOVES) as EventStatus[]).filter((from) => EVENT_MOVES[from].includes(to));
