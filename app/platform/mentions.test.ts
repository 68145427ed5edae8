import { expect, it } from 'vitest';

import { mentions, REDACTED, withoutMentions } from './mentions';

it('finds a word in any case, and none in a text without it', () => {
  expect(mentions('Told NORA so', ['nora'])).toBe(true);
  expect(mentions('Told her so', ['nora'])).toBe(false);
  expect(mentions('anything', [])).toBe(false);
});

it('takes each text that holds a word out of JSON, at any depth, and keeps all else as it was', () => {
  const json = { name: 'Nora', list: [1, 'for nora@example.test', { nora: true }], left: null, kept: 'pack' };
  expect(withoutMentions(json, ['NORA'])).toEqual({
    name: REDACTED,
    list: [1, REDACTED, { [REDACTED]: true }],
    left: null,
    kept: 'pack',
  });
});
