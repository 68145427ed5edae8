import { expect, it } from 'vitest';
import { formatAmount } from './amounts';

it.each([
  [1000, 'usd', '$10.00'],
  [5, 'usd', '$0.05'],
  [0, 'eur', '€0.00'],
  [-250, 'usd', '\u2212$2.50'],
  [123456789, 'usd', '$1,234,567.89'],
  [1200, 'jpy', '¥1,200'],
  [1234, 'kwd', 'KWD\u00a01.234'],
  [500, 'ugx', 'UGX\u00a05.00'],
  [500, 'isk', 'ISK\u00a05.00'],
])("%i %s reads %s, by Stripe's own decimals", (amount, currency, text) => {
  expect(formatAmount(amount, currency)).toBe(text);
});
