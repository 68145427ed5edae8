import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discountAmount } from './discounts/discount-amount';
import { priceLines, type UnpricedLine } from './price-lines';

const PRODUCTS = ['prod_a', 'prod_b', 'prod_c'];

const line: fc.Arbitrary<UnpricedLine> = fc.record({
  amount: fc.integer({ min: 0, max: 99_999_999 }),
  product: fc.constantFrom(...PRODUCTS),
  taxBehavior: fc.constantFrom('exclusive', 'inclusive'),
});
const lines = fc.array(line, { minLength: 1, maxLength: 20 });
const limits = fc.option(fc.subarray(PRODUCTS, { minLength: 1 }), { nil: undefined });
const noAmount = { amount_off: null, currency: null };
const coupon = fc.oneof(
  fc
    .record({ percent: fc.integer({ min: 1, max: 10_000 }), products: limits })
    .map(({ percent, products }) => ({
      ...noAmount,
      percent_off: percent / 100,
      ...(products && { applies_to: { products } }),
    })),
  fc
    .record({ amount: fc.integer({ min: 1, max: 200_000_000 }), products: limits })
    .map(({ amount, products }) => ({
      amount_off: amount,
      currency: 'usd',
      percent_off: null,
      ...(products && { applies_to: { products } }),
    })),
);
const rules = fc.record({
  currency: fc.constant('usd'),
  coupon: fc.option(coupon),
  taxPercent: fc.option(fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100)),
});
const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('what lines cost', () => {
  it('is the subtotal less the discount plus exclusive tax, line by line and never below zero', () => {
    fc.assert(
      fc.property(lines, rules, (given, ruling) => {
        const priced = priceLines(given, ruling);
        expect(priced).toHaveLength(given.length);
        for (const [place, one] of priced.entries()) {
          const onTop = given[place]?.taxBehavior === 'exclusive' ? one.amount_tax : 0;
          expect(one.amount_subtotal).toBe(given[place]?.amount);
          expect(one.amount_total).toBe(one.amount_subtotal - one.amount_discount + onTop);
          for (const amount of Object.values(one)) {
            expect(Number.isInteger(amount)).toBe(true);
            expect(amount).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
  });

  it('gives away exactly what the coupon takes off the lines that it applies to', () => {
    fc.assert(
      fc.property(lines, coupon, (given, reduction) => {
        const priced = priceLines(given, { currency: 'usd', coupon: reduction, taxPercent: null });
        const products = reduction.applies_to?.products ?? PRODUCTS;
        const eligible = given.filter(({ product }) => products.includes(product ?? ''));
        const wanted = discountAmount(reduction, sum(eligible.map(({ amount }) => amount)), 'usd');
        expect(sum(priced.map((one) => one.amount_discount))).toBe(wanted);
        for (const [place, one] of priced.entries()) {
          if (!products.includes(given[place]?.product ?? '')) expect(one.amount_discount).toBe(0);
        }
      }),
    );
  });

  it('never changes by an inclusive tax', () => {
    const inclusive = lines.map((given) =>
      given.map((one) => ({ ...one, taxBehavior: 'inclusive' as const })),
    );
    fc.assert(
      fc.property(inclusive, rules, (given, ruling) => {
        const totals = (taxPercent: number | null): number[] =>
          priceLines(given, { ...ruling, taxPercent }).map((one) => one.amount_total);
        expect(totals(ruling.taxPercent)).toEqual(totals(null));
      }),
    );
  });

  it.each([
    [10, 1005, 101],
    [12.5, 100, 13],
    [33.33, 999, 333],
    [100, 1, 1],
    [0.01, 4999, 0],
    [0.01, 5000, 1],
  ])('%f percent off %i is %i: half a unit goes up', (percent, amount, expected) => {
    expect(discountAmount({ ...noAmount, percent_off: percent }, amount, 'usd')).toBe(expected);
  });

  it('takes a fixed amount off only in its own currencies, and no more than there is', () => {
    const fixed = {
      amount_off: 500,
      currency: 'usd',
      currency_options: { jpy: { amount_off: 70 } },
      percent_off: null,
    };
    expect(discountAmount(fixed, 1200, 'usd')).toBe(500);
    expect(discountAmount(fixed, 300, 'usd')).toBe(300);
    expect(discountAmount(fixed, 1200, 'jpy')).toBe(70);
    expect(discountAmount(fixed, 1200, 'eur')).toBe(0);
  });
});
