import { expect, test } from 'vitest';
import * as z from 'zod/mini';

import { actFields, parseAct } from './act-form.server';

const schema = z.object({ ...actFields(['goodwill', 'mistake']), amount: z.optional(z.string()) });
const GOOD = { key: crypto.randomUUID(), reason: 'goodwill', comment: '  Asked by mail ' };

function parse(fields: Record<string, string>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return parseAct(form, schema);
}

test('an act carries its key, its reason and its comment without the space around it', () => {
  expect(parse(GOOD)).toEqual({ ok: true, value: { ...GOOD, comment: 'Asked by mail' } });
});

test('an empty field is an absent one', () => {
  expect(parse({ ...GOOD, amount: '' })).toMatchObject({ ok: true, value: { key: GOOD.key } });
  expect(parse({ ...GOOD, amount: '' })).not.toHaveProperty('value.amount');
});

test.each([
  ['reason', { ...GOOD, reason: 'because' }, 'Choose a reason.'],
  ['reason', { ...GOOD, reason: '' }, 'Choose a reason.'],
  ['comment', { ...GOOD, comment: '' }, 'Say why, in a few words.'],
  ['comment', { ...GOOD, comment: '   ' }, 'Say why, in a few words.'],
  ['comment', { ...GOOD, comment: 'x'.repeat(1001) }, 'Use at most 1,000 characters.'],
])('a wrong %s is told at its field, and nothing is done', (field, fields, words) => {
  expect(parse(fields)).toMatchObject({
    ok: false,
    reply: { outcome: 'refused', fields: { [field]: [words] } },
  });
});

test('a key that no dialog made is refused', () => {
  for (const key of ['', 'x', '1'])
    expect(parse({ ...GOOD, key })).toMatchObject({
      ok: false,
      reply: { fields: { key: [expect.any(String)] } },
    });
});
