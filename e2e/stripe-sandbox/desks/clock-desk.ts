import type Stripe from 'stripe';
import * as z from 'zod';
import { startAdvance } from '../engine/clocks/advance-clock';
import { advanceLimit, judgeAdvance, judgeChange } from '../engine/clocks/judge-advance';
import { createClock, deleteClock, livingSubscriptions } from '../engine/clocks/test-clocks';
import { idIn, type World } from '../engine/world';
import type { ClockDesk, ClockDetail, ClockOutcome, ClockRow, ClockTask } from '../sandbox-billing';
import type { EventRecord } from '../store/records';
import { eventRow } from './event-desks';

type TestClock = Stripe.TestHelpers.TestClock;

const STATUSES = ['ready', 'advancing', 'internal_failure'] as const;
const MOST_EVENTS = 100;

/** Every test clock, and what a developer does to it. */
export function clockDesk(world: World): ClockDesk {
  const { testClocks } = world.store;
  const done = (clock: TestClock | null): ClockOutcome => {
    world.store.save();
    return { outcome: 'done', clock: clock && rowOf(world, clock) };
  };
  return {
    list: () => [...testClocks.all()].reverse().map((clock) => rowOf(world, clock)),
    find(clockId) {
      const clock = testClocks.get(clockId);
      if (!clock) return undefined;
      const lastAdvance = lastAdvanceOf(world, clockId);
      return { ...rowOf(world, clock), waiting: waitingOf(world, clockId), lastAdvance };
    },
    create(input) {
      if (world.livemode)
        return { outcome: 'refused', message: 'Test clocks can only be used in test mode.' };
      return done(createClock(world, world.byItself, input));
    },
    advance(clockId, to) {
      const clock = testClocks.get(clockId);
      if (!clock) return { outcome: 'unknown_clock' };
      const judged = judgeAdvance(world, clock, to);
      if (judged.outcome !== 'may') return { outcome: 'refused', message: judged.message };
      return done(startAdvance(world, world.byItself, clock, to));
    },
    remove(clockId) {
      const clock = testClocks.get(clockId);
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
  const [next = null] = waitingOf(world, clock.id);
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
    next,
  };
}

/** A task whose subject has moved on does nothing when its time comes: it is not waited for. */
function waitingOf(world: World, clockId: string): ClockTask[] {
  const tasks = world.store.tasks.where('clock', clockId).filter(({ subject }) => lives(world, subject));
  return tasks
    .map(({ atMs, kind, subject }) => ({ kind, subject, at: Math.floor(atMs / 1000) }))
    .sort((left, right) => left.at - right.at);
}

function lives({ store }: World, subject: string): boolean {
  const subscription = store.subscriptions.get(subject);
  if (subscription) return subscription.ended_at === null;
  const invoice = store.invoices.get(subject);
  return invoice ? invoice.status === 'draft' || invoice.status === 'open' : store.holds(subject);
}

const advanceSchema = z.object({
  frozen_time: z.number(),
  status_details: z.object({ advancing: z.object({ target_frozen_time: z.number() }) }),
});
const subjectSchema = z.object({
  id: z.string().optional(),
  customer: z.union([z.string(), z.object({ id: z.string() })]).nullish(),
});

/** From the event of its begin to that of its end. */
function lastAdvanceOf(world: World, clockId: string): ClockDetail['lastAdvance'] {
  const { customers, events } = world.store;
  const begun = events
    .where('object', clockId)
    .findLast(({ type }) => type === 'test_helpers.test_clock.advancing');
  if (!begun) return null;
  const { frozen_time: from, status_details: details } = advanceSchema.parse(begun.object);
  const owners = new Set(customers.where('test_clock', clockId).map(({ id }) => id));
  const concerns = ({ object }: EventRecord): boolean => {
    const { customer, id = '' } = subjectSchema.parse(object);
    return id === clockId || owners.has(id) || owners.has(idIn(customer) ?? '');
  };
  const page = events.page({ limit: MOST_EVENTS, endingBefore: begun.id, where: concerns });
  const since = page.outcome === 'page' ? page.rows.toReversed() : [];
  const end = since.findIndex(({ object }) => object.id === clockId);
  const during = end === -1 ? since : since.slice(0, end);
  return {
    from,
    to: details.advancing.target_frozen_time,
    events: during.reverse().map((event) => eventRow(world, event)),
    isCut: end === -1 && since.length === MOST_EVENTS,
  };
}
