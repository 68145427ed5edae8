import { expect, test } from 'vitest';

import { checkReturnUrl } from './return-url.server';

const ORIGINS = ['https://ok.example.com', 'http://localhost:3000', 'https://XN--bcher-kva.example:443'];
const check = (text: string) => checkReturnUrl(text, ORIGINS);

test.each([
  ['https://ok.example.com', 'https://ok.example.com/'],
  ['https://ok.example.com/', 'https://ok.example.com/'],
  ['https://ok.example.com:443/a?b=c#d', 'https://ok.example.com/a?b=c#d'],
  ['HTTPS://OK.Example.COM/Path', 'https://ok.example.com/Path'],
  ['http://localhost:3000/credits?user=42', 'http://localhost:3000/credits?user=42'],
  ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
  ['https://ok.example.com/?next=https://evil.example', 'https://ok.example.com/?next=https://evil.example'],
  ['https://ok.example.com/a//b', 'https://ok.example.com/a//b'],
])('%s is led back to as %s', (text, read) => {
  expect(check(text)).toBe(read);
});

test.each([
  'https://ok.example.com@evil.example/',
  'https://ok.example.com:x@evil.example/',
  'https://user@ok.example.com/',
  'https://user:password@ok.example.com/',
  'https://:@ok.example.com/x@',
  'https://evil.example/https://ok.example.com',
  'https://evil.example#ok.example.com',
  'https://evil.example?ok.example.com',
  'https://evil.example\\@ok.example.com',
  'https://evil.example\\.ok.example.com',
  'https:\\\\ok.example.com/',
  'https:/ok.example.com/',
  'https:ok.example.com/',
  'https:///ok.example.com/',
  'https:////evil.example',
  '//ok.example.com/',
  '/\\ok.example.com',
  'ok.example.com',
  '/path',
  '',
  ' https://ok.example.com/',
  'https://ok.example.com/ ',
  'https://ok.example.com/a b',
  'https://ok.exam\tple.com/',
  'https://ok.example.com/\n',
  'https://ok.example.com/\r\nSet-Cookie: a=b',
  'java\nscript:alert(1)',
  '\u0000https://ok.example.com/',
  'https://ok.example.com/\u202Emoc',
  'https://ok.exa\u00ADmple.com/',
  'javascript:alert(1)',
  'javascript://ok.example.com/%0Aalert(1)',
  'data:text/html,https://ok.example.com/',
  'ftp://ok.example.com/',
  'blob:https://ok.example.com/1',
  'view-source:https://ok.example.com/',
  'http://ok.example.com/',
  'https://ok.example.com:8443/',
  'https://ok.example.com.evil.example/',
  'https://evil-ok.example.com/',
  'https://sub.ok.example.com/',
  'https://ok.example.com./',
  'https://ok.example.com:99999/',
  'https://localhost:3000/',
  'http://localhost/',
  'http://127.0.0.1:3000/',
  'https://b\u00fccher.example.evil.example/',
  'https://bucher.example/',
  'https://ok\u3002example\u3002com.evil.example/',
])('%j is never led back to', (text) => {
  expect(check(text)).toBeUndefined();
});

test('an address of 2,000 characters is the longest, as it is sent and as it is read', () => {
  const of = (length: number, letter = 'a') => `https://ok.example.com/${letter.repeat(length - 23)}`;
  expect(check(of(2000))).toHaveLength(2000);
  expect(check(of(2001))).toBeUndefined();
  expect(check(of(1000, 'ä'))).toBeUndefined();
});

test.each([
  '*',
  'https://*.example.com',
  'https://*',
  'null',
  'ok.example.com',
  '//ok.example.com',
  'https://ok.example.com/app',
  'javascript:',
  'https://me@ok.example.com',
])('the entry %j of the list lets nothing more in', (entry) => {
  for (const text of [
    'https://ok.example.com/app',
    'javascript:alert(1)',
    'https://evil.example/',
    'data:,x',
  ])
    expect(checkReturnUrl(text, [entry])).toBeUndefined();
});

test('an empty list leads nowhere', () => {
  expect(checkReturnUrl('https://ok.example.com/', [])).toBeUndefined();
});
