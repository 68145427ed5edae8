import type Stripe from 'stripe';
import type { Task } from '../../store/records';
import { happening } from '../happening';
import type { Cause, World } from '../world';

type TestClock = Stripe.TestHelpers.TestClock;

/** Sets a ready clock going towards `target` (Unix seconds); its tasks follow one by one. */
export function startAdvance(world: World, cause: Cause, clock: TestClock, target: number): TestClock {
  const advancing = world.store.testClocks.put({
    ...clock,
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: target } },
  });
  world.later('advance_clock', clock.id, world.nowMs());
  world.publish(cause, [happening('test_helpers.test_clock.advancing', advancing)]);
  return advancing;
}

/**
 * One step of an advance: the clock's next task, or its end. Each step is an act of its own, so requests are answered
 * between two steps and a restart goes on where the last one ended.
 */
export function advanceClockStep(world: World, clockId: string): void {
  const clock = world.store.testClocks.get(clockId);
  const target = clock?.status_details.advancing?.target_frozen_time;
  if (!clock || target === undefined) return;
  const task = nextTask(world, clockId, target);
  if (!task) return finish(world, clock, target);
  const frozenTime = Math.max(clock.frozen_time, Math.floor(task.atMs / 1000));
  world.store.testClocks.put({ ...clock, frozen_time: frozenTime });
  try {
    world.perform(task);
  } catch (error) {
    return fail(world, clockId, task, error);
  }
  world.later('advance_clock', clockId, world.nowMs());
}

function nextTask(world: World, clockId: string, target: number): Task | undefined {
  let next: Task | undefined;
  for (const task of world.store.tasks.where('clock', clockId)) {
    if (task.atMs <= target * 1000 && (!next || task.atMs < next.atMs)) next = task;
  }
  return next;
}

function finish(world: World, clock: TestClock, target: number): void {
  const ready = world.store.testClocks.put({
    ...clock,
    frozen_time: target,
    status: 'ready',
    status_details: {},
  });
  world.publish(world.byItself, [happening('test_helpers.test_clock.ready', ready)]);
}

function fail(world: World, clockId: string, task: Task, error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`sandbox: ${clockId} failed at ${task.kind} of ${task.subject}: ${message}\n`);
  const failed = world.store.testClocks.put({
    ...world.store.testClocks.must(clockId),
    status: 'internal_failure',
    status_details: {},
  });
  world.publish(world.byItself, [happening('test_helpers.test_clock.internal_failure', failed)]);
}
