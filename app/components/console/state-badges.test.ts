import { expect, it } from 'vitest';

import { inWords, startingLarge } from './state-badges';

it('words that start a line start large, an id stays as Stripe writes it', () => {
  expect(startingLarge(inWords('session_opened'))).toBe('Session opened');
  expect(startingLarge('pi_3xU was paid beside the money of pay_1')).toMatch(/^pi_3xU /);
});
