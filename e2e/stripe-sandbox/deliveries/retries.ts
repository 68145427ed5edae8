import { MINUTE_MS } from '../durations';
import type { Settings } from '../settings';

/** 1, 2, 4 … minutes: twelve retries within three days. */
const LIVE_RETRIES_MS = Array.from({ length: 12 }, (_, retry) => 2 ** retry * MINUTE_MS);
/** Three retries within a few hours. */
const TEST_RETRIES_MS = [5 * MINUTE_MS, 30 * MINUTE_MS, 120 * MINUTE_MS];

/** The wait before each retry, in milliseconds. */
export function retryScheduleOf(
  { retries, retryScheduleMs }: Pick<Settings, 'retries' | 'retryScheduleMs'>,
  livemode: boolean,
): readonly number[] {
  if (retries === 'compressed') return retryScheduleMs;
  return livemode ? LIVE_RETRIES_MS : TEST_RETRIES_MS;
}
