import { expect, it } from 'vitest';

import { explainBeginning, explainCall, explainCode, explainEvent, explainOutcome } from './explain-step';

it('a declined card is told with what Stripe told the cardholder', () => {
  expect(explainEvent({ type: 'payment_intent.payment_failed', fault: 'Your card has expired.' })).toBe(
    'The card was declined. The customer may try again. Stripe says: “Your card has expired.”',
  );
});

it.each([
  ['customer:cst_1', 'The customer picked what to buy.'],
  ['event:evt_1', 'It was paid at Stripe'],
  ['check:usr_1', 'It was paid at Stripe'],
  ['top_up:tur_1', 'Credits ran low'],
  ['staff:usr_1', 'It was begun here.'],
])('a payment that %s made is told as that, and not as a choice of the customer', (cause, words) => {
  expect(explainBeginning(cause)).toContain(words);
});

it('a type that nobody described is told by its own words', () => {
  expect(explainEvent({ type: 'charge.dispute.created', fault: null })).toBe(
    'Stripe reports charge dispute created.',
  );
});

it('a call without an answer is told as unknown, never as failed', () => {
  const open = { state: 'open', sends: 2, absentAt: null } as const;
  expect(explainCall(open)).toMatch(/may or may not have happened.*cannot happen twice/);
  expect(explainCall({ ...open, absentAt: new Date() })).toMatch(/second look decides/);
  expect(explainCall({ ...open, sends: 0 })).toMatch(/not sent yet/);
  expect(explainCall({ ...open, state: 'absent' })).toMatch(/nothing happened there/);
});

it('an event that is not done is told by where it stands, not by a decision', () => {
  expect(explainOutcome({ status: 'dead', decision: null })).toMatch(/failed for good/);
  expect(explainOutcome({ status: 'done', decision: 'duplicate' })).toMatch(/counted twice/);
});

it('money beside that of its sale is told without saying which of the two came first', () => {
  expect(explainCode('paid_twice')).toMatch(/beside the money of its sale.*payment of its own/);
});
