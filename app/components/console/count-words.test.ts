import { expect, it } from 'vitest';

import { countWords } from './count-words';

it.each([
  [0, true, '0'],
  [9_999, true, '9,999'],
  [10_001, false, 'about 10 k'],
  [1_234_567, false, 'about 1.2 M'],
])('%i, exact %s, reads %s', (n, isExact, words) => {
  expect(countWords({ n, isExact })).toBe(words);
});
