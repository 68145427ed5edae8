import { expect, it } from 'vitest';

import { creditsOf } from './money-back-levels.server';

const SALE = { credits: 2500n, paid: 2000n };
const gone = (refund: bigint, dispute: bigint) => ({ refund, dispute });

it.each([
  ['a refund and a dispute round once over both', gone(335n, 335n), 0n, gone(418n, 419n), 0n],
  [
    'a refund and a dispute of the whole never take more than was paid',
    gone(800n, 2000n),
    0n,
    gone(1000n, 1500n),
    0n,
  ],
  [
    'what is pending comes after what has gone, up to what was paid',
    gone(500n, 0n),
    1800n,
    gone(625n, 0n),
    1875n,
  ],
])('%s', (_name, money, pending, credits, held) => {
  expect(creditsOf(SALE, { gone: money, pending })).toEqual({ gone: credits, pending: held });
});

it('nothing goes back of what cost nothing', () => {
  const free = creditsOf({ credits: 2500n, paid: 0n }, { gone: gone(1n, 1n), pending: 1n });
  expect(free).toEqual({ gone: gone(0n, 0n), pending: 0n });
});
