import type Stripe from 'stripe';
import { startAdvance } from '../engine/clocks/advance-clock';
import { advanceLimit, judgeAdvance, judgeChange } from '../engine/clocks/judge-advance';
import { createClock, deleteClock, livingSubscriptions } from '../engine/clocks/test-clocks';
import type { World } from '../engine/world';
import type { ClockDesk, ClockOutcome, ClockRow } from '../sandbox-billing';

type TestClock = Stripe.TestHelpers.TestClock;

const STATUSES = ['ready', 'advancing', 'internal_failure'] as const;

/** Every test clock, and what a developer does to it. */
export function clockDesk(world: World): ClockDesk {
  const done = (clock: TestClock | null): ClockOutcome => {
    world.store.save();
    return { outcome: 'done', clock: clock && rowOf(world, clock) };
  };
  return {
    list: () => [...world.store.testClocks.all()].reverse().map((clock) => rowOf(world, clock)),
    create(input) {
      if (world.livemode)
        return { outcome: 'refused', message: 'Test clocks can only be used in test mode.' };
      return done(createClock(world, world.byItself, input));
    },
    advance(clockId, to) {
      const clock = world.store.testClocks.get(clockId);
      if (!clock) return { outcome: 'unknown_clock' };
      const judged = judgeAdvance(world, clock, to);
      if (judged.outcome !== 'may') return { outcome: 'refused', message: judged.message };
      return done(startAdvance(world, world.byItself, clock, to));
    },
    remove(clockId) {
      const clock = world.store.testClocks.get(clockId);
      if (!clock) return { outcome: 'unknown_clock' };
      const judged = judgeChange(world, clock);
      if (judged.outcome !== 'may') return { outcome: 'refused', message: judged.message };
      deleteClock(world, world.byItself, clock);
      return done(null);
    },
  };
}

function rowOf(world: World, clock: TestClock): ClockRow {
  const status = STATUSES.find((known) => known === clock.status) ?? 'ready';
  return {
    id: clock.id,
    name: clock.name,
    created: clock.created,
    frozenTime: clock.frozen_time,
    status,
    target: clock.status_details.advancing?.target_frozen_time ?? null,
    customers: world.store.customers
      .where('test_clock', clock.id)
      .map(({ email, id, name }) => ({ id, email, name: name ?? null })),
    subscriptions: livingSubscriptions(world, clock).length,
    furthest: status === 'ready' ? advanceLimit(world, clock).furthest : null,
  };
}
