import { expect, it } from 'vitest';

import { minorOf, parseAmount } from './amount-text';

const minor = (text: string, currency: string) => {
  const amount = parseAmount(text);
  return amount === undefined ? 'no amount' : minorOf(amount, currency);
};

it.each([
  ['20', 'usd', 2000n],
  ['20', 'jpy', 20n],
  ['20', 'kwd', 20_000n],
  ['$20.00', 'usd', 2000n],
  ['$20.00', 'cad', 2000n],
  ['$20', 'eur', undefined],
  ['20 €', 'eur', 2000n],
  ['€20.5', 'eur', 2050n],
  ['1,250.00', 'usd', 125_000n],
  ['20.00', 'jpy', 20n],
  ['20.50', 'jpy', undefined],
  ['20.505', 'kwd', 20_505n],
  ['20.505', 'usd', undefined],
  ['20 usd', 'usd', 2000n],
  ['USD 20', 'usd', 2000n],
  ['20 usd', 'eur', undefined],
  ['0', 'usd', 0n],
  ['ann', 'usd', 'no amount'],
  ['1,25', 'usd', 'no amount'],
  ['-5', 'usd', 'no amount'],
  ['pay_20', 'usd', 'no amount'],
])('%s in %s is %s', (text, currency, expected) => {
  expect(minor(text, currency)).toBe(expected);
});
