import { describe, expect, it } from 'vitest';

import { days, hours, minutes, seconds } from '~/platform/time';

import { delayAfterFault, delayForParent, isGivenUp } from './schedule';

describe('the waits of an event', () => {
  it('after faults are 1 s, 5 s, 30 s, 2 m, 10 m, 30 m, 1 h and then every 2 h', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 40].map(delayAfterFault);
    expect(waits).toEqual([
      seconds(1),
      seconds(5),
      seconds(30),
      minutes(2),
      minutes(10),
      minutes(30),
      hours(1),
      hours(2),
      hours(2),
      hours(2),
    ]);
  });

  it('for a parent are 2 s, 10 s, then three times the last up to 2 h', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map(delayForParent);
    const inSeconds = [2, 10, 30, 90, 270, 810, 2430, 7200, 7200, 7200];
    expect(waits).toEqual(inSeconds.map(seconds));
  });

  it('end 72 hours after the first try', () => {
    const first = new Date('2026-11-21T10:00:00Z');
    const after = (wait: number) => new Date(first.getTime() + wait);
    expect(isGivenUp(first, after(days(3) - 1))).toBe(false);
    expect(isGivenUp(first, after(days(3)))).toBe(true);
  });
});
