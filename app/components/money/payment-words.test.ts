import { describe, expect, it } from 'vitest';

import { PAYMENT_STATES, type PaymentBackState } from '~/modules/payments/shared';

import { type PaymentStanding, standingOf, wordsOf } from './payment-words';

type Told = Parameters<typeof wordsOf>[0];
const told: Told = {
  state: 'open',
  isTopUp: false,
  hadPage: true,
  secondOfId: null,
  amountPaid: null,
  backs: [],
  failure: null,
};

describe('the words of a payment', () => {
  it('claim a payment only where one is known, whatever the address says', () => {
    for (const state of PAYMENT_STATES) {
      const { steps } = wordsOf({ ...told, state }, true, 'very_long');
      const isKnown = state === 'processing' || state === 'review' || state === 'paid';
      expect([state, steps[0] === 'done']).toEqual([state, isKnown]);
      expect([state, steps[2] === 'done']).toEqual([state, state === 'paid']);
    }
  });

  it('tell a page that never opened from a card that was refused', () => {
    expect(wordsOf({ ...told, state: 'failed', hadPage: false }, false, 'briefly').title).toBe(
      'The payment page could not be opened',
    );
    expect(wordsOf({ ...told, state: 'failed' }, false, 'briefly').title).toBe(
      'This payment did not go through',
    );
  });

  it('tell a saved card that was charged or refused from a page that was opened', () => {
    const topUp = { ...told, isTopUp: true, hadPage: false };
    expect(wordsOf({ ...topUp, state: 'created' }, false, 'briefly').title).toBe(
      'Your saved card is being charged',
    );
    expect(wordsOf({ ...topUp, state: 'failed' }, false, 'briefly').title).toBe(
      'Your saved card was not charged',
    );
    const failure = 'Your card has insufficient funds.';
    expect(wordsOf({ ...topUp, state: 'failed', failure }, false, 'briefly').says[0]).toContain(failure);
  });

  it('tell a second payment from one that is checked, and an order without anything to pay from a paid one', () => {
    expect(wordsOf({ ...told, state: 'review', secondOfId: 'pay_1' }, false, 'briefly').title).toBe(
      'You paid this order twice',
    );
    expect(wordsOf({ ...told, state: 'review' }, false, 'briefly').confirmedBy).toBe('a person');
    expect(wordsOf({ ...told, state: 'paid', amountPaid: 0n }, false, 'briefly').says[0]).toBe(
      'Nothing was to pay.',
    );
  });

  it.each(['created', 'open'] as const)(
    'of one that is %s change while the reader waits, and end with whom to ask',
    (state) => {
      const next = (['briefly', 'long', 'very_long'] as const).map(
        (waited) => wordsOf({ ...told, state }, true, waited).next,
      );
      expect(new Set(next).size).toBe(3);
      expect(next[2]).toContain('give support the payment id');
    },
  );

  it.each<[PaymentStanding | undefined, [PaymentBackState, bigint][]]>([
    [undefined, []],
    [undefined, [['refund_failed', 2000n]]],
    [undefined, [['dispute_over', 2000n]]],
    ['refund_coming', [['refund_coming', 500n]]],
    ['partly_refunded', [['refunded', 500n], ['refund_coming', 1500n]]], // prettier-ignore
    ['refunded', [['refunded', 500n], ['refunded', 1500n]]], // prettier-ignore
    ['disputed', [['refunded', 500n], ['disputed', 2000n]]], // prettier-ignore
    ['charged_back', [['charged_back', 2000n], ['dispute_over', 500n]]], // prettier-ignore
  ])('say that a paid one is %s by what went back of it', (standing, backs) => {
    const payment: Told = {
      ...{ ...told, state: 'paid', amountPaid: 2000n },
      backs: backs.map(([state, amount], n) => ({ id: String(n), state, amount, at: new Date(0) })),
    };
    expect(standingOf(payment)).toBe(standing);
    const { title, next } = wordsOf(payment, true, 'briefly');
    expect([title === 'Credits added', next === 'They are ready to spend.']).toEqual([
      standing === undefined,
      standing === undefined,
    ]);
    expect(standingOf({ ...payment, state: 'open' })).toBeUndefined();
  });
});
