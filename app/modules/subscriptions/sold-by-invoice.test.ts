import { describe, expect, it } from 'vitest';

import { type PlanView } from '~/modules/catalog/shared';
import { type PlanInvoice, type PlanLine } from '~/modules/stripe/shared';

import { changeKind } from './shared';
import { judgeInvoice, lotExpiry } from './sold-by-invoice';

const at = (day: string) => new Date(`${day}T10:00:00Z`);

const plan = (change: Partial<PlanView> = {}): PlanView => ({
  ...{ code: 'basic', versionId: 'ver_basic', name: 'Basic', description: '', credits: 100n },
  ...{ amount: 1_000n, currency: 'usd', interval: 'month', trialDays: 14, trialCredits: 10n },
  rolloverPeriods: 0,
  ...change,
});
const line = (change: Partial<PlanLine> = {}): PlanLine => ({
  ...{ id: 'il_1', amount: 1_000n, quantity: 1, stripePrice: 'price_basic', isProration: false },
  ...{ isTrial: false, periodStart: at('2027-01-31'), periodEnd: at('2027-02-28') },
  ...change,
});
const invoice = (lines: PlanLine[], billingReason = 'subscription_cycle'): PlanInvoice => ({
  ...{ ours: {}, billingReason, currency: 'usd', subtotal: 1_000n, discount: 0n, tax: 0n, total: 1_000n },
  ...{ amountPaid: 1_000n, amountDue: 1_000n, attempts: 1, nextAttemptAt: undefined, trouble: undefined },
  ...{ lines, hasMoreLines: false, payments: [] },
});
const PLANS = new Map([
  ['price_basic', plan()],
  ['price_plus', plan({ code: 'plus', versionId: 'ver_plus', credits: 300n, amount: 2_500n })],
]);
const judge = (lines: PlanLine[], reason?: string) => judgeInvoice(invoice(lines, reason), PLANS);
const proration = line({ id: 'il_p', amount: -400n, isProration: true });
const trial = line({ amount: 0n, isTrial: true });

describe('what an invoice sold', () => {
  it.each([
    ['its plan’s credits', [line()], undefined, { sold: 'plan', credits: 100n, isTrial: false }],
    ['as many as its quantity', [line({ quantity: 3, amount: 3_000n })], undefined, { credits: 300n }],
    ['its plan, prorations aside', [proration, line()], undefined, { sold: 'plan', credits: 100n }],
    ['nothing for prorations alone', [proration], undefined, { sold: 'nothing', reason: 'proration' }],
    ['its trial’s credits at the beginning', [trial], 'subscription_create', { credits: 10n, isTrial: true }],
    ['nothing for a later free period', [trial], 'subscription_update', { sold: 'nothing', reason: 'trial' }],
    [
      'nobody knows what, at a strange price',
      [line({ stripePrice: 'price_x' })],
      undefined,
      { sold: 'unknown' },
    ],
    ['nobody knows what, at no price', [line({ stripePrice: undefined })], undefined, { sold: 'unknown' }],
    [
      'nobody knows which, of two plans',
      [line(), line({ stripePrice: 'price_plus', amount: 2_500n })],
      undefined,
      { sold: 'unknown', code: 'several_plans' },
    ],
  ])('is %s', (_name, lines, reason, sold) => {
    expect(judge(lines, reason).sold).toMatchObject(sold);
  });

  it('is in doubt when a line does not ask what the catalogue says', () => {
    expect(judge([line({ amount: 999n })]).fault).toContain('999');
    expect(judge([line()]).fault).toBeUndefined();
  });

  it('keeps what stands beside the plan apart', () => {
    expect(judge([line(), line({ id: 'il_fee', stripePrice: 'price_fee', amount: 50n })])).toMatchObject({
      sold: { credits: 100n },
      others: [{ id: 'il_fee' }],
    });
  });
});

describe('a plan’s credits', () => {
  it.each([
    [0, 'month', '2027-02-03'],
    [1, 'month', '2027-03-03'],
    [13, 'month', '2028-03-03'],
    [1, 'year', '2028-02-03'],
  ] as const)('with %i periods of rollover by the %s live until %s', (rolloverPeriods, interval, day) => {
    expect(lotExpiry(plan({ rolloverPeriods, interval }), at('2027-01-31'))).toEqual(at(day));
  });
});

describe('another plan', () => {
  it.each([
    [1_000n, 'month', 2_000n, 'month', 'now'],
    [2_000n, 'month', 1_000n, 'month', 'next_period'],
    [1_000n, 'month', 1_000n, 'month', 'next_period'],
    [1_000n, 'month', 9_000n, 'year', 'next_period'],
  ] as const)('after %i by the %s, for %i by the %s, comes %s', (paid, rhythm, amount, interval, kind) => {
    expect(changeKind({ amount: paid, interval: rhythm }, { amount, interval })).toBe(kind);
  });

  it('during a trial comes with the first payment', () => {
    expect(changeKind(undefined, { amount: 9_000n, interval: 'month' })).toBe('next_period');
  });
});
