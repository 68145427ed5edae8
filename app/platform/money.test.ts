import { describe, expect, it } from 'vitest';

import { currencyExponent, formatCredits, formatMoney, formatPricePerCredit, toDecimal } from './money';

describe('money', () => {
  it.each([
    [1050n, 'usd', '$10.50'],
    [500n, 'jpy', '¥500'],
    [1234n, 'kwd', 'KWD 1.234'],
    [-300n, 'usd', '\u2212$3.00'],
    [5n, 'usd', '$0.05'],
    [900719925474099312n, 'usd', '$9,007,199,254,740,993.12'],
  ])('%s %s reads %s', (amount, currency, text) => {
    expect(formatMoney(amount, currency).replace('\u00a0', ' ')).toBe(text);
  });

  it('uses Stripe’s exponents, not those of Intl', () => {
    expect([
      currencyExponent('JPY'),
      currencyExponent('usd'),
      currencyExponent('bhd'),
      currencyExponent('isk'),
    ]).toEqual([0, 2, 3, 2]);
  });

  it('is exact for amounts that no float holds', () => {
    expect(toDecimal(9007199254740993n, 'usd')).toBe('90071992547409.93');
    expect(toDecimal(-7n, 'kwd')).toBe('-0.007');
  });

  it('credits have thousands separators and a true minus sign', () => {
    expect([formatCredits(12500n), formatCredits(-40n)]).toEqual(['12,500', '\u221240']);
  });

  it('names the price of one credit to a hundredth of a cent', () => {
    expect(formatPricePerCredit(6900n, 10_000n, 'usd')).toBe('$0.0069');
    expect(formatPricePerCredit(500n, 500n, 'usd')).toBe('$0.01');
    expect(formatPricePerCredit(100n, 3n, 'jpy')).toBe('¥33.3333');
  });
});
