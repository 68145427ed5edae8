import { expect, test } from 'vitest';

import { safeRedirect } from './safe-redirect.server';

test.each([
  ['/', '/'],
  ['/history', '/history'],
  ['/payments/pay_1?from=mail#top', '/payments/pay_1?from=mail#top'],
  ['/search?q=https://example.com/', '/search?q=https://example.com/'],
  ['/a/../b', '/b'],
])('a path of ours is kept: %j', (next, path) => {
  expect(safeRedirect(next, '/fallback')).toBe(path);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['an empty text', ''],
  ['a relative path', 'history'],
  ['another site', 'https://evil.example/'],
  ['a scheme without slashes', 'https:evil.example'],
  ['a script', 'javascript:alert(1)'],
  ['a protocol-relative address', '//evil.example'],
  ['three slashes', '///evil.example'],
  ['a backslash', '/\\evil.example'],
  ['a backslash later on', '/ok\\..\\..\\evil.example'],
  ['a tab before the second slash', '/\t/evil.example'],
  ['a line break before the second slash', '/\n/evil.example'],
  ['a carriage return', '/ok\r\nSet-Cookie: session=planted'],
  ['a null byte', '/\u0000/evil.example'],
  ['a control character of C1', '/\u0085/evil.example'],
  ['a dot segment that leaves two slashes', '/.//evil.example'],
  ['two dots that leave two slashes', '/a/..//evil.example'],
  ['an encoded dot segment that leaves two slashes', '/%2e//evil.example'],
  ['a leading space', ' //evil.example'],
])('%s leads to the fallback', (_what, next) => {
  expect(safeRedirect(next, '/fallback')).toBe('/fallback');
});

test('whatever passes stays on this site when a browser resolves it', () => {
  const pieces = ['/', '\\', '.', '..', '//', '%2f', '%5c', '\t', '@', ':', '?', '#', 'evil.example'];
  for (const a of pieces)
    for (const b of pieces)
      for (const c of pieces)
        for (const d of pieces) {
          const path = safeRedirect(`/${a}${b}${c}${d}`, '/fallback');
          expect(new URL(path, 'https://credits.example').origin).toBe('https://credits.example');
        }
});
