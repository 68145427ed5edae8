import { expect, test } from 'vitest';
import { ERROR_STATUSES, STATUS_TEXT, statusText } from './status-text';

test.each(ERROR_STATUSES)('%i says what happened, whether money moved, and what to do next', (status) => {
  const text = STATUS_TEXT[status];
  expect(text.title).not.toMatch(/\.$/);
  for (const sentence of [text.happened, text.money, text.next]) expect(sentence).toMatch(/^[A-Z].+\.$/);
  expect(text.money).toMatch(/money|payment/i);
});
test('every status has its own title', () => {
  expect(new Set(Object.values(STATUS_TEXT).map((text) => text.title)).size).toBe(ERROR_STATUSES.length);
});
test('an unlisted status is told as its family', () => {
  expect(statusText(418)).toBe(STATUS_TEXT[400]);
  expect(statusText(502)).toBe(STATUS_TEXT[500]);
  expect(statusText(0)).toBe(STATUS_TEXT[500]);
});
test('a fault of ours never claims that no money moved', () => {
  expect(STATUS_TEXT[500].money).not.toMatch(/no money/i);
  expect(STATUS_TEXT[503].money).not.toMatch(/no money/i);
});
