import { expect, it } from 'vitest';

import { agreeSchema } from './agree-schema.server';

it.each([
  ['abc', 'Write a whole number, digits only.'],
  ['', 'Write a whole number, digits only.'],
  ['1.5', 'Write a whole number, digits only.'],
  ['-3', 'Write a whole number, digits only.'],
  [undefined, 'Write how much a month may cost at most.'],
  ['0', 'From 1 to 900,000.'],
  ['900001', 'From 1 to 900,000.'],
])('a month’s most of %j is refused in one sentence', (written, sentence) => {
  const read = agreeSchema.shape.cap.safeParse(written);
  expect(read.error?.issues.map(({ message }) => message)).toEqual([sentence]);
});

it.each([
  [' 12 ', 12n],
  ['900000', 900_000n],
])('a month’s most of %j is read', (written, cap) => {
  expect(agreeSchema.shape.cap.parse(written)).toBe(cap);
});
