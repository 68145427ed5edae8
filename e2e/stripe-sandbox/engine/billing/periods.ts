import { DAY_SECONDS } from '../../durations';
import { addMonths } from '../discounts/add-months';

/** How often a price is billed. */
export interface Rhythm {
  interval: string;
  interval_count: number;
}

/** The boundary `turns` periods after the anchor. Months keep the anchor's day, or end on their last one. */
export function boundary(anchor: number, { interval, interval_count: count }: Rhythm, turns: number): number {
  switch (interval) {
    case 'day':
      return anchor + turns * count * DAY_SECONDS;
    case 'week':
      return anchor + turns * count * 7 * DAY_SECONDS;
    case 'month':
      return addMonths(anchor, turns * count);
    case 'year':
      return addMonths(anchor, turns * count * 12);
    default:
      throw new Error(`An interval of ${interval} is unknown`);
  }
}

/** The first end of a period after `at`; the anchor itself while it lies ahead. Unix seconds. */
export function boundaryAfter(anchor: number, rhythm: Rhythm, at: number): number {
  if (at < anchor) return anchor;
  const first = boundary(anchor, rhythm, 1) - anchor;
  let turns = Math.max(0, Math.floor((at - anchor) / first) - 1);
  while (boundary(anchor, rhythm, turns) <= at) turns += 1;
  return boundary(anchor, rhythm, turns);
}

export function daysLater(at: number, days: number): number {
  return at + days * DAY_SECONDS;
}
