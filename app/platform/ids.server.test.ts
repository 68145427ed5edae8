import { expect, it } from 'vitest';

import { newId } from './ids.server';

it('ids carry their prefix, are never the same, and sort by time', () => {
  const made = Array.from({ length: 1000 }, (_, n) => newId('pay', 1_800_000_000_000 + n));
  expect(new Set(made).size).toBe(1000);
  expect([...made].sort()).toEqual(made);
  expect(made[0]).toMatch(/^pay_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
});
