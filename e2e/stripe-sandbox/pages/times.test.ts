import { expect, it } from 'vitest';
import { longDate, relativeTime, timeTag } from './times';

const NOW = Date.UTC(2026, 10, 21, 12);

it.each([
  [0, 'just now'],
  [-12, '12 s ago'],
  [5, 'in 5 s'],
  [-90, '1 min ago'],
  [-7200, '2 h ago'],
  [-200_000, '2 d ago'],
])('%i seconds from now reads %s', (seconds, text) => {
  expect(relativeTime(NOW + seconds * 1000, NOW)).toBe(text);
});

it('carries the exact moment in UTC', () => {
  expect(timeTag(NOW / 1000 - 60, NOW).toString()).toBe(
    '<time datetime="2026-11-21T11:59:00.000Z" title="2026-11-21 11:59:00 UTC">1 min ago</time>',
  );
});

it('names a day by UTC', () => {
  expect(longDate(NOW / 1000)).toBe('November 21, 2026');
});
