import { describe, expect, it } from 'vitest';

import { changeOf, type SettlementChange } from './change-settlement.server';
import { firesBy, isSwitched, placeOf, type Proof, ruleOf, SETTLED_BY } from './settlement-rules';
import { PAYMENT_KINDS, SETTLEMENT_RULES, type SettlementPolicy, type SettlementRule } from './shared';

const POLICY: SettlementPolicy = { current: 'settled-fact', candidate: null, percentage: 0, former: null };
const IDS = Array.from({ length: 5_000 }, (_, n) => `pay_${n}`);

describe('what a rule settles by', () => {
  it.each<[SettlementRule, Record<Proof, boolean>]>([
    ['settled-fact', { intent: true, session: true, free_session: true, invoice: false, record: false }],
    ['payment-intent', { intent: true, session: false, free_session: true, invoice: false, record: false }],
    [
      'session-completed',
      { intent: false, session: true, free_session: true, invoice: false, record: false },
    ],
  ])('%s, of a pack', (rule, fires) => {
    const told = Object.keys(fires).map((proof) => [proof, firesBy(rule, 'pack', [proof as Proof])]);
    expect(Object.fromEntries(told)).toEqual(fires);
  });

  it('is the same for what has one proof alone: only packs are switched', () => {
    expect(PAYMENT_KINDS.filter(isSwitched)).toEqual(['pack']);
    for (const kind of PAYMENT_KINDS.filter((one) => !isSwitched(one)))
      for (const rule of SETTLEMENT_RULES)
        expect(SETTLED_BY[rule][kind]).toEqual(SETTLED_BY['settled-fact'][kind]);
  });

  it('is any of the proofs that one fact brought', () => {
    for (const rule of SETTLEMENT_RULES) expect(firesBy(rule, 'pack', ['intent', 'session'])).toBe(true);
    for (const rule of SETTLEMENT_RULES) expect(firesBy(rule, 'pack', [])).toBe(false);
  });
});

describe('a percentage', () => {
  const tried = (percentage: number): SettlementPolicy => ({
    ...POLICY,
    candidate: 'payment-intent',
    percentage,
  });

  it('keeps the rule of each payment while it grows', () => {
    for (const id of IDS.slice(0, 500))
      for (let percentage = 1; percentage <= 100; percentage += 1)
        if (ruleOf(tried(percentage - 1), id) === 'payment-intent')
          expect(ruleOf(tried(percentage), id)).toBe('payment-intent');
  });

  it.each([0, 1, 25, 100])('of %i is about that share', (percentage) => {
    const share = IDS.filter((id) => ruleOf(tried(percentage), id) === 'payment-intent').length / IDS.length;
    expect(Math.abs(share * 100 - percentage)).toBeLessThan(2);
  });

  it('places a payment where it always stood', () => {
    expect(['pay_1', 'pay_2', 'pay_3'].map(placeOf)).toEqual(['pay_1', 'pay_2', 'pay_3'].map(placeOf));
    expect(IDS.every((id) => placeOf(id) >= 0 && placeOf(id) < 100)).toBe(true);
  });
});

describe('a change', () => {
  const half: SettlementPolicy = { ...POLICY, candidate: 'payment-intent', percentage: 50 };
  const promoted: SettlementPolicy = { ...POLICY, current: 'payment-intent', former: 'settled-fact' };

  it.each<[string, SettlementPolicy, SettlementChange, SettlementPolicy]>([
    ['tries a rule', POLICY, { change: 'try', candidate: 'payment-intent', percentage: 50 }, half],
    ['ends a try', half, { change: 'try', candidate: null, percentage: 50 }, POLICY],
    ['has it for all', half, { change: 'promote' }, promoted],
    ['rolls a try back, and goes on comparing', half, { change: 'roll_back' }, { ...half, percentage: 0 }],
    ['rolls a promotion back', promoted, { change: 'roll_back' }, POLICY],
    [
      'rolls the newest try back first',
      { ...promoted, candidate: 'session-completed', percentage: 5 },
      { change: 'roll_back' },
      { ...promoted, candidate: 'session-completed', percentage: 0 },
    ],
  ])('%s', (_name, before, change, policy) => {
    expect(changeOf(before, change)).toEqual({ outcome: 'set', policy });
  });

  it.each<[string, SettlementPolicy, SettlementChange]>([
    ['unchanged', half, { change: 'try', candidate: 'payment-intent', percentage: 50 }],
    ['unchanged', POLICY, { change: 'try', candidate: null, percentage: 9 }],
    ['same_rule', POLICY, { change: 'try', candidate: 'settled-fact', percentage: 9 }],
    ['no_candidate', POLICY, { change: 'promote' }],
    ['nothing_to_roll_back', POLICY, { change: 'roll_back' }],
    ['nothing_to_roll_back', { ...half, percentage: 0 }, { change: 'roll_back' }],
  ])('is %s where nothing is to be done', (outcome, before, change) => {
    expect(changeOf(before, change)).toEqual({ outcome });
  });
});
