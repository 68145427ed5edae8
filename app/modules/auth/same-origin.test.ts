import { expect, test } from 'vitest';

import { isSameOrigin } from './same-origin.server';

const APP = 'https://credits.example.com';

const table: [what: string, headers: Record<string, string>, isOurs: boolean][] = [
  ['our own origin', { origin: APP }, true],
  ['our own origin, whatever else is claimed', { origin: APP, 'sec-fetch-site': 'cross-site' }, true],
  ['another site', { origin: 'https://evil.example' }, false],
  [
    'another site that claims to be ours elsewhere',
    { origin: 'https://evil.example', referer: `${APP}/`, 'sec-fetch-site': 'same-origin' },
    false,
  ],
  ['our name over http', { origin: 'http://credits.example.com' }, false],
  ['our name on another port', { origin: 'https://credits.example.com:8443' }, false],
  ['a name that begins like ours', { origin: 'https://credits.example.com.evil.example' }, false],
  ['a subdomain of ours', { origin: 'https://x.credits.example.com' }, false],
  ['an opaque origin', { origin: 'null' }, false],
  ['no origin, but the same site by Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin' }, true],
  ['no origin, a sibling site', { 'sec-fetch-site': 'same-site' }, false],
  ['no origin, another site', { 'sec-fetch-site': 'cross-site', referer: `${APP}/log-in` }, false],
  ['no origin, typed into the address bar', { 'sec-fetch-site': 'none' }, false],
  ['only a referer of ours', { referer: `${APP}/log-in` }, true],
  ['only a referer of another site', { referer: 'https://evil.example/credits.example.com' }, false],
  ['nothing at all', {}, false],
];

test.each(table)('a write with %s: %j', (_what, headers, isOurs) => {
  expect(isSameOrigin(new Headers(headers), APP)).toBe(isOurs);
});
