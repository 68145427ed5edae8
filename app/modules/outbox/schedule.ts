import { hours, minutes, seconds } from '~/platform/time';

/** The waits between tries that Standard Webhooks names: 8 tries over 27 hours and a half. */
const WAITS = [seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(10)] as const;

/** So much longer at most, by chance: what failed together is not tried together again. */
const JITTER = 0.1;

/** Milliseconds from a failed try to the next one; undefined when it was the last. */
export function waitAfter(tries: number, chance: number = Math.random()): number | undefined {
  const wait = WAITS[tries - 1];
  return wait === undefined ? undefined : Math.round(wait * (1 + JITTER * chance));
}

/** An endpoint whose every try failed for so long, one message given up among them, is disabled. */
export const FAILING_AT_MOST = hours(24);

/** Longer than any try takes: then its worker is dead, and another one tries. */
export const CLAIM_FOR = minutes(1);
