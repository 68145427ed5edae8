import fc from 'fast-check';

import { BOOKS, LOT_KINDS } from '../shared';
import { type Micros } from './oracle-wallet';

/**
 * What a random client means to do. Holds, transfers and keys are named by a number that picks among those there are at
 * that moment, and amounts may be said beside the balance, so that a shorter list of commands still makes sense.
 */
export type Command = (typeof COMMANDS)[keyof typeof COMMANDS] extends fc.Arbitrary<infer T> ? T : never;

const MILLISECOND: Micros = 1000n;
export const SECOND: Micros = 1_000_000n;

const often = <T>(usual: T, rare: T, times: number): fc.Arbitrary<T> =>
  fc.constantFrom(...Array.from({ length: times }, () => usual), rare);

/** Mostly one wallet, so that its acts meet. */
const who = fc.record({ customer: often(0, 1, 9), book: often(BOOKS[0], BOOKS[1], 11) });
const pick = fc.nat({ max: 30 });
const amount = fc.oneof(
  { weight: 7, arbitrary: fc.bigInt({ min: 1n, max: 6n }) },
  { weight: 3, arbitrary: fc.constant('all' as const) },
  { weight: 1, arbitrary: fc.constant('one more than all' as const) },
);
export type Amount = bigint | 'all' | 'one more than all';

/** How long something lives; null is for ever, below zero is dead on arrival. */
const LIVES = [null, null, null, 3n * SECOND, 5n * SECOND, 8n * SECOND, 20n * SECOND, 90n * SECOND];
const life = fc.constantFrom<(bigint | null)[]>(...LIVES, ...LIVES, -SECOND);
const holdLife = fc.constantFrom(MILLISECOND, 2n * SECOND, 4n * SECOND, 7n * SECOND, 15n * SECOND);

/** What a payment of a run sells. Levels may go beyond it: a claim is capped. */
export const SOLD = 10n;
const level = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0n) },
  { weight: 1, arbitrary: fc.constant(SOLD) },
  { weight: 2, arbitrary: fc.bigInt({ min: 1n, max: SOLD + 2n }) },
);
const levels = fc.record({ refund: level, dispute: level, pending: level, indebted: often(SOLD, 0n, 2) });

const STEPS = [1n, MILLISECOND, SECOND, SECOND, 2n * SECOND, 5n * SECOND, 30n * SECOND, -SECOND] as const;
const ENDS = ['to the next end', 'to the next end', 'to just before the next end'] as const;

const is = <T extends string>(act: T) => ({ act: fc.constant(act) });
const cause = fc.constantFrom('dispute', 'staff');

const COMMANDS = {
  grant: fc.record({
    ...is('grant'),
    who,
    amount: fc.bigInt({ min: 1n, max: 12n }),
    lotKind: fc.constantFrom(...LOT_KINDS),
    priority: often(50, 10, 4),
    life,
  }),
  'grant payment': fc.record({ ...is('grant payment'), who, payment: pick, life }),
  spend: fc.record({ ...is('spend'), who, amount }),
  hold: fc.record({ ...is('hold'), who, amount, life: holdLife }),
  capture: fc.record({ ...is('capture'), hold: pick, amount }),
  release: fc.record({ ...is('release'), hold: pick }),
  reverse: fc.record({ ...is('reverse'), transfer: pick, of: often('taken', 'any', 9) }),
  adjust: fc.record({
    ...is('adjust'),
    who,
    direction: fc.constantFrom('add', 'subtract'),
    amount,
    life,
    seq: fc.constantFrom('none', 'seen', 'stale'),
  }),
  claim: fc.record({ ...is('claim'), who, payment: pick, levels }),
  freeze: fc.record({ ...is('freeze'), who, cause }),
  thaw: fc.record({ ...is('thaw'), who, cause }),
  step: fc.record({ ...is('step'), by: fc.constantFrom(...STEPS, ...ENDS) }),
  'book due': fc.record(is('book due')),
  again: fc.record({ ...is('again'), nth: pick }),
  'reuse key': fc.record({
    ...is('reuse key'),
    nth: pick,
    change: fc.constantFrom('amount', 'customer', 'act'),
  }),
} as const;

/** How often each is meant, of some hundred commands. */
type Weights = Record<keyof typeof COMMANDS, number>;
const EVENLY: Weights = {
  ...{
    grant: 14,
    'grant payment': 9,
    spend: 14,
    hold: 14,
    capture: 8,
    release: 5,
    reverse: 9,
    adjust: 5,
    claim: 10,
  },
  ...{ freeze: 1, thaw: 4, step: 16, 'book due': 3, again: 5, 'reuse key': 4 },
};
/** Payments that are spent, held, refunded, disputed and won back again and again. */
const MONEY_BACK: Weights = {
  ...{
    grant: 5,
    'grant payment': 14,
    spend: 15,
    hold: 12,
    capture: 7,
    release: 5,
    reverse: 11,
    adjust: 2,
    claim: 26,
  },
  ...{ freeze: 0, thaw: 0, step: 16, 'book due': 2, again: 2, 'reuse key': 1 },
};

const first = { customer: 0, book: BOOKS[0] };
const ofFirst = { who: fc.constant(first), payment: fc.nat({ max: 2 }) };
const claimed = (of: Record<'refund' | 'dispute' | 'pending' | 'indebted', bigint>) =>
  fc.record({ ...is('claim'), ...ofFirst, levels: fc.constant(of) });
const allOf = <T extends 'spend' | 'hold'>(act: T) => ({
  ...is(act),
  who: fc.constant(first),
  amount: fc.constant('all' as const),
});
const nothing = { refund: 0n, dispute: 0n, pending: 0n, indebted: 0n };
const GRANTED = fc.record({ ...is('grant payment'), ...ofFirst, life });
const DISPUTED = claimed({ ...nothing, dispute: SOLD, indebted: SOLD });
const ENDED = fc.record({ ...is('step'), by: fc.constant('to the next end' as const) });

const HELD = fc.record({ ...allOf('hold'), life: holdLife });
const HELD_LONG = fc.record({ ...allOf('hold'), life: fc.constant(40n * SECOND) });
const CAPTURED = fc.record({
  ...is('capture'),
  hold: fc.constant(29),
  amount: fc.bigInt({ min: 1n, max: 4n }),
});

const SPENT_IN_PART = fc.record({
  ...is('spend'),
  who: fc.constant(first),
  amount: fc.bigInt({ min: 1n, max: 7n }),
});

/** What chance alone seldom puts together: credits that are gone when their money goes, and debt that is paid and won back. */
const DISPUTES: fc.Arbitrary<Command[]>[] = [
  fc.tuple(GRANTED, fc.record(allOf('spend')), DISPUTED),
  fc.tuple(GRANTED, HELD, DISPUTED, ENDED),
  fc.tuple(GRANTED, HELD_LONG, DISPUTED, CAPTURED),
  fc.tuple(GRANTED, SPENT_IN_PART, claimed({ ...nothing, refund: 4n, dispute: 6n, indebted: SOLD })),
  fc.tuple(GRANTED, claimed(nothing)),
];
/** Held credits whose lot dies before the hold does. */
const OUTLIVED: fc.Arbitrary<Command[]> = fc.tuple(
  fc.record({ ...is('grant payment'), ...ofFirst, life: fc.constantFrom(2n * SECOND, 3n * SECOND) }),
  HELD_LONG,
  ENDED,
  CAPTURED,
);

export type Theme = 'evenly' | 'money back';

/**
 * Sequences long enough that grants, claims, holds and expiries meet, short enough that a thousand run in minutes. They
 * begin with credits, or most would be refused.
 */
export function commands(theme: Theme, maxLength: number): fc.Arbitrary<Command[]> {
  const weights = theme === 'evenly' ? EVENLY : MONEY_BACK;
  const weighed = <K extends keyof typeof COMMANDS>(name: K) => ({
    weight: weights[name],
    arbitrary: COMMANDS[name],
  });
  const command: fc.Arbitrary<Command> = fc.oneof(
    weighed('grant'),
    weighed('grant payment'),
    weighed('spend'),
    weighed('hold'),
    weighed('capture'),
    weighed('release'),
    weighed('reverse'),
    weighed('adjust'),
    weighed('claim'),
    weighed('freeze'),
    weighed('thaw'),
    weighed('step'),
    weighed('book due'),
    weighed('again'),
    weighed('reuse key'),
  );
  const credits = fc.oneof(COMMANDS.grant, COMMANDS['grant payment']);
  const one = fc.tuple(command);
  const stories: fc.Arbitrary<Command[]>[] = theme === 'evenly' ? [OUTLIVED] : [OUTLIVED, ...DISPUTES];
  const weight = theme === 'evenly' ? 24 : 2 * stories.length;
  const story = fc.oneof<fc.MaybeWeightedArbitrary<Command[]>[]>({ weight, arbitrary: one }, ...stories);
  return fc
    .tuple(
      fc.array<Command>(credits, { maxLength: 4, size: 'max' }),
      fc.array(story, { minLength: 1, maxLength, size: 'max' }),
    )
    .map(([first, then]) => [...first, ...then.flat()]);
}
