import fc from 'fast-check';

import { SETTLEMENT_RULES, type SettlementRule } from '../../../../app/modules/payments/shared';

/** What one act of a plan does. Numbers choose among what there is when it is done. */
export type Act =
  /** An event that has not come yet, so many times at once. */
  | { act: 'deliver'; event: number; copies: number }
  /** One that has come, once more. */
  | { act: 'again'; event: number }
  /** A decided event is processed anew, as a person's replay does. */
  | { act: 'replay'; event: number }
  /** Whoever took the events that are due is killed. */
  | { act: 'die' }
  /** Stripe's list of all that happened so far is read. */
  | { act: 'list' }
  /** The customer is back from the payment page. */
  | { act: 'return'; sale: number }
  | { act: 'spend'; credits: number }
  | { act: 'hold'; credits: number; lapses: boolean }
  | { act: 'end'; hold: number; captured: number }
  /** What our side does next in this life, once all that went before is known. */
  | { act: 'deed'; isAnswerLost: boolean }
  /** The worker looks at the customer's automatic top-up. */
  | { act: 'look'; isAnswerLost: boolean }
  /** What Stripe did not answer is asked again. */
  | { act: 'resend' }
  /** Staff tries another rule of settlement on a part of the payments, has it for all, or rolls back. */
  | { act: 'rule'; change: 'try' | 'promote' | 'roll_back'; candidate: SettlementRule; percentage: number };

/** Of one customer: which recorded life, and what is done, several acts at once. */
export interface CustomerPlan {
  life: number;
  steps: Act[][];
}
/** Customers who live side by side. */
export type Plan = CustomerPlan[];

const number = fc.nat(1_000);
const credits = fc.integer({ min: 1, max: 2_500 });
const constant = <T extends Act['act']>(act: T) => fc.constant(act);

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      act: constant('deliver'),
      event: number,
      copies: fc.constantFrom(1, 1, 1, 2, 3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: constant('again'), event: number }) },
  { weight: 1, arbitrary: fc.record({ act: constant('replay'), event: number }) },
  { weight: 1, arbitrary: fc.record({ act: constant('die') }) },
  { weight: 1, arbitrary: fc.record({ act: constant('list') }) },
  { weight: 1, arbitrary: fc.record({ act: constant('return'), sale: number }) },
  { weight: 3, arbitrary: fc.record({ act: constant('spend'), credits }) },
  { weight: 3, arbitrary: fc.record({ act: constant('hold'), credits, lapses: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: constant('end'),
      hold: number,
      captured: fc.integer({ min: 0, max: 2_500 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: constant('deed'), isAnswerLost: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ act: constant('look'), isAnswerLost: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: constant('resend') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: constant('rule'),
      change: fc.constantFrom('try', 'try', 'promote', 'roll_back'),
      candidate: fc.constantFrom(...SETTLEMENT_RULES),
      percentage: fc.constantFrom(0, 10, 50, 100),
    }),
  },
);

/**
 * Some of a life's events come by themselves, in this order; those that no act brings are lost until they are listed.
 * Plans are played side by side, so that one customer is enough for most.
 */
export function plansOf(lives: number): fc.Arbitrary<Plan> {
  const customer = fc.record({
    life: fc.nat(lives - 1),
    steps: fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
  });
  return fc.oneof(
    { weight: 4, arbitrary: fc.array(customer, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(customer, { minLength: 2, maxLength: 3 }) },
  );
}
