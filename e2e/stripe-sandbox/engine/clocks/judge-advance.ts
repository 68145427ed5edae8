import type Stripe from 'stripe';
import { boundary } from '../billing/periods';
import { addMonths } from '../discounts/add-months';
import { idIn, type World } from '../world';
import { livingSubscriptions } from './test-clocks';

type TestClock = Stripe.TestHelpers.TestClock;

const INTERVALS_PER_ADVANCE = 2;
const MONTHS_WITHOUT_SUBSCRIPTIONS = 24;
const UNDERWAY = 'Test clock advancement underway - cannot perform modifications';

export type Judgement =
  | { outcome: 'may' }
  /** The clock advances: nobody else changes it or what lives by it. */
  | { outcome: 'underway'; message: string }
  | { outcome: 'failed'; message: string }
  | { outcome: 'bad_time'; message: string };

/** Whether the clock may be changed or deleted, or what lives by it. `clock`: an id or an object; nothing is free. */
export function judgeChange(world: World, clock: string | TestClock | null | undefined): Judgement {
  const found = world.store.testClocks.get(idIn(clock) ?? '');
  return found?.status === 'advancing' ? { outcome: 'underway', message: UNDERWAY } : { outcome: 'may' };
}

/** Whether the clock may go to `target` (Unix seconds). */
export function judgeAdvance(world: World, clock: TestClock, target: number): Judgement {
  const changed = judgeChange(world, clock);
  if (changed.outcome !== 'may') return changed;
  if (clock.status === 'internal_failure') {
    return {
      outcome: 'failed',
      message: 'This test clock failed while it advanced and can only be deleted.',
    };
  }
  if (target <= clock.frozen_time) {
    const message = `The \`frozen_time\` must be after the test clock's current frozen time (${clock.frozen_time}).`;
    return { outcome: 'bad_time', message };
  }
  const { furthest, reason } = advanceLimit(world, clock);
  if (target <= furthest) return { outcome: 'may' };
  const message = `The \`frozen_time\` cannot be more than ${reason}. This test clock can be advanced to ${furthest} at most.`;
  return { outcome: 'bad_time', message };
}

/** How far one advance may go, in Unix seconds. */
export function advanceLimit(world: World, clock: TestClock): { furthest: number; reason: string } {
  const ends = livingSubscriptions(world, clock).flatMap((subscription) =>
    subscription.items.data.flatMap(({ price: { recurring } }) =>
      recurring ? boundary(clock.frozen_time, recurring, INTERVALS_PER_ADVANCE) : [],
    ),
  );
  return ends.length > 0
    ? {
        furthest: Math.min(...ends),
        reason: 'two intervals in the future from the shortest subscription in this test clock',
      }
    : {
        furthest: addMonths(clock.frozen_time, MONTHS_WITHOUT_SUBSCRIPTIONS),
        reason: 'two years in the future, because there are no subscriptions in this test clock',
      };
}
