import { days, hours, minutes, seconds } from '~/platform/time';

/** How long an event is tried, by whatever fault, before it is given up. */
const GIVE_UP_AFTER = days(3);
/** Faults of unknown kind, crashes included, that make an event dead within the time beside. */
export const UNKNOWN_TRIES = 5;
export const UNKNOWN_WITHIN = minutes(10);
/** How long a missing parent is waited for before Stripe is asked for it. */
export const READ_PARENT_AFTER = seconds(10);

const AFTER_FAULT = [
  seconds(1),
  seconds(5),
  seconds(30),
  minutes(2),
  minutes(10),
  minutes(30),
  hours(1),
] as const;
const AFTER_FAULT_LATER = hours(2);

/** The wait after the nth failed try, counted from 1. */
export const delayAfterFault = (tries: number): number => AFTER_FAULT[tries - 1] ?? AFTER_FAULT_LATER;

const FIRST_PARENT_WAIT = seconds(2);
const SECOND_PARENT_WAIT = seconds(10);
const LONGEST_PARENT_WAIT = hours(2);

/** The wait after the nth try that met a missing parent: 2 s, 10 s, then three times the last, up to 2 h. */
export function delayForParent(tries: number): number {
  if (tries <= 1) return FIRST_PARENT_WAIT;
  return Math.min(SECOND_PARENT_WAIT * 3 ** (tries - 2), LONGEST_PARENT_WAIT);
}

/** True when a first try at that time leaves no further one. */
export const isGivenUp = (firstTryAt: Date, now: Date): boolean =>
  now.getTime() - firstTryAt.getTime() >= GIVE_UP_AFTER;
