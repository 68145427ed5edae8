import { expect, test } from 'vitest';

import { parseUrl } from './parse-url';

test('an address beyond ASCII is one, however often it is asked', () => {
  const asked = Array.from({ length: 200_000 }, () => parseUrl('https://bücher.example/ä')?.host);
  expect(new Set(asked)).toEqual(new Set(['xn--bcher-kva.example']));
});

test('what names no address is none', () => {
  expect(parseUrl('no address')).toBeUndefined();
  expect(parseUrl('/path')).toBeUndefined();
  expect(parseUrl('/path', 'http://same.invalid')?.pathname).toBe('/path');
});
