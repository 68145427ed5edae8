import { expect, it } from 'vitest';

import { chooseCurrency } from './choose-currency';

const sold = ['usd', 'eur', 'jpy'];

it('a choice stands before an earlier payment, that before the country, that before the shop’s own currency', () => {
  expect(chooseCurrency({ sold, chosen: 'jpy', paidIn: 'usd', country: 'DE' })).toBe('jpy');
  expect(chooseCurrency({ sold, paidIn: 'usd', country: 'DE' })).toBe('usd');
  expect(chooseCurrency({ sold, country: 'DE' })).toBe('eur');
  expect(chooseCurrency({ sold, country: 'JP' })).toBe('jpy');
  expect(chooseCurrency({ sold })).toBe('usd');
});

it('a currency that nothing is sold in is never shown', () => {
  expect(chooseCurrency({ sold, chosen: 'chf', paidIn: 'gbp', country: 'CH' })).toBe('usd');
  expect(chooseCurrency({ sold, country: 'ZZ' })).toBe('usd');
  expect(chooseCurrency({ sold: [], chosen: 'usd' })).toBeUndefined();
});
