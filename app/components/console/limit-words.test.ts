import { expect, it } from 'vitest';

import { boundWords, readBound, typedBound } from './limit-words';

it.each([
  ['1,000', 'credits', 1000n],
  ['0', 'credits', 0n],
  ['10.5', 'credits', undefined],
  ['-1', 'credits', undefined],
  ['20', 'usd', 2000n],
  ['$20.50', 'usd', 2050n],
  ['20.505', 'usd', undefined],
  ['500', 'jpy', 500n],
  ['a lot', 'usd', undefined],
])('%s in %s is read as %s', (text, unit, bound) => {
  expect(readBound(text, unit)).toBe(bound);
});

it.each([
  [123_456n, 'credits', '123,456'],
  [123_456n, 'usd', '$1,234.56'],
])('%s in %s is said as %s, and read again as it is typed', (bound, unit, words) => {
  expect(boundWords(bound, unit)).toBe(words);
  expect(readBound(typedBound(bound, unit), unit)).toBe(bound);
});
