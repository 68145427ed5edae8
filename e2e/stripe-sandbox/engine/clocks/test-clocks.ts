import type Stripe from 'stripe';
import { DAY_SECONDS } from '../../durations';
import { deleteCustomer } from '../customers';
import { happening } from '../happening';
import { idIn, type Cause, type World } from '../world';

type TestClock = Stripe.TestHelpers.TestClock;

const KEPT_DAYS = 30;

/** `frozenTime` in Unix seconds. */
export function createClock(
  world: World,
  cause: Cause,
  { frozenTime, name }: { frozenTime: number; name: string | null },
): TestClock {
  const now = world.now();
  const deletesAfter = now + KEPT_DAYS * DAY_SECONDS;
  const clock = world.store.testClocks.put({
    id: world.ids.long('clock'),
    object: 'test_helpers.test_clock',
    created: now,
    deletes_after: deletesAfter,
    frozen_time: frozenTime,
    livemode: world.livemode,
    name,
    status: 'ready',
    status_details: {},
  });
  world.later('delete_clock', clock.id, deletesAfter * 1000);
  world.publish(cause, [happening('test_helpers.test_clock.created', clock)]);
  return clock;
}

/** The clock goes with all that lives by it: customers, subscriptions, invoices and what was still to happen. */
export function deleteClock(world: World, cause: Cause, clock: TestClock): void {
  const { store } = world;
  for (const { id } of store.customers.where('test_clock', clock.id)) deleteCustomer(world, cause, id);
  // Those of customers that were deleted before go too.
  const isOnClock = (thing: { test_clock: string | { id: string } | null }): boolean =>
    idIn(thing.test_clock) === clock.id;
  const subscriptions = [...store.subscriptions.all()].filter(isOnClock);
  const items = [...store.invoiceItems.all()].filter(isOnClock);
  const invoices = [...store.invoices.all()].filter(isOnClock);
  for (const { id } of subscriptions) store.subscriptions.delete(id);
  for (const { id } of items) store.invoiceItems.delete(id);
  for (const { id } of invoices) {
    for (const payment of store.invoicePayments.where('invoice', id))
      store.invoicePayments.delete(payment.id);
    store.invoices.delete(id);
  }
  for (const task of store.tasks.where('clock', clock.id)) store.tasks.delete(task.id);
  store.testClocks.delete(clock.id);
  world.publish(cause, [happening('test_helpers.test_clock.deleted', clock)]);
}

/** A clock that nobody deleted. */
export function deleteClockWhenDue(world: World, clockId: string): void {
  const clock = world.store.testClocks.get(clockId);
  if (clock) deleteClock(world, world.byItself, clock);
}

/** Of the clock's customers, those that are not canceled. */
export function livingSubscriptions(world: World, clock: TestClock): Stripe.Subscription[] {
  return world.store.customers
    .where('test_clock', clock.id)
    .flatMap(({ id }) => world.store.subscriptions.where('customer', id))
    .filter(({ status }) => status !== 'canceled' && status !== 'incomplete_expired');
}
