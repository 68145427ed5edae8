import { expect, test } from 'vitest';
import { absoluteTime, relativeTime } from './relative-time';

const now = new Date('2026-11-21T12:00:00Z');
const ago = (seconds: number) => relativeTime(new Date(now.getTime() - seconds * 1000), now, 'UTC');

test.each([
  [0, 'just now'],
  [44, 'just now'],
  [45, '1 min ago'],
  [119, '1 min ago'],
  [3_599, '59 min ago'],
  [3_600, '1 h ago'],
  [86_399, '23 h ago'],
  [86_400, 'yesterday'],
  [172_799, 'yesterday'],
  [172_800, '2 days ago'],
  [604_799, '6 days ago'],
  [604_800, '14 Nov'],
  [400 * 86_400, '17 Oct 2025'],
])('%i seconds ago reads "%s"', (seconds, words) => {
  expect(ago(seconds)).toBe(words);
});

test('what lies ahead is told as ahead', () => {
  expect(ago(-30)).toBe('just now');
  expect(ago(-600)).toBe('in 10 min');
  expect(ago(-86_400)).toBe('tomorrow');
});

test('absolute time names the second and UTC', () => {
  expect(absoluteTime(new Date('2026-03-01T04:05:06.789Z'), 'UTC')).toBe('1 Mar 2026, 04:05:06 UTC');
});

test.each([
  ['Europe/Berlin', '1 Jan 2027, 00:30:00 GMT+1'],
  ['America/New_York', '31 Dec 2026, 18:30:00 GMT-5'],
  ['Asia/Kolkata', '1 Jan 2027, 05:00:00 GMT+5:30'],
  ['Europe/London', '31 Dec 2026, 23:30:00 GMT'],
])('a reader in %s reads "%s"', (zone, words) => {
  expect(absoluteTime(new Date('2026-12-31T23:30:00Z'), zone)).toBe(words);
});

test('a day long gone is the day that it was where the reader is', () => {
  expect(relativeTime(new Date('2026-10-31T23:30:00Z'), now, 'UTC')).toBe('31 Oct');
  expect(relativeTime(new Date('2026-10-31T23:30:00Z'), now, 'Europe/Berlin')).toBe('1 Nov');
});
