import { expect, test } from 'vitest';

import { zoneOf } from './reader-zone';

const told = (cookie?: string) =>
  zoneOf(new Request('https://credits.example.com', cookie === undefined ? {} : { headers: { cookie } }));

test('a browser is told times in the zone that its cookie names', () => {
  expect(told('zone=Europe/Berlin')).toBe('Europe/Berlin');
  expect(told('theme=dark; zone=Asia/Kolkata; x=1')).toBe('Asia/Kolkata');
});

test.each([
  [undefined],
  ['zone='],
  ['zone=Mars/Base'],
  ['timezone=Asia/Tokyo'],
  ['zone=<script>'],
  [`zone=${'a'.repeat(80)}`],
])('without a zone that is known it is UTC: %s', (cookie) => {
  expect(told(cookie)).toBe('UTC');
});
