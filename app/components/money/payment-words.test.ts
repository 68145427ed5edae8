import { describe, expect, it } from 'vitest';

import { PAYMENT_STATES } from '~/modules/payments/shared';

import { wordsOf } from './payment-words';

const told = { state: 'open', hadPage: true, secondOfId: null, amountPaid: null } as const;

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
});
