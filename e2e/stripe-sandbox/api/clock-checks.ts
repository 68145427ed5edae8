import type Stripe from 'stripe';
import { judgeAdvance, judgeChange, type Judgement } from '../engine/clocks/judge-advance';
import type { World } from '../engine/world';
import type { ResourceName } from './expandable';
import { conflict, invalid, missingReference, Refusal } from './refusal';
import type { ApiRequest } from './request';

type TestClock = Stripe.TestHelpers.TestClock;

const MOST_CUSTOMERS = 3;
const BY_CLOCK = new Set<ResourceName>([
  'customer',
  'invoice',
  'invoice_item',
  'subscription',
  'subscription_item',
]);

/** What lives by a clock stays as it is for everybody else while the clock advances. */
export function refuseWhileAdvancing(method: string, resource: ResourceName, request: ApiRequest): void {
  if (method === 'GET' || !BY_CLOCK.has(resource)) return;
  const { form, path, world } = request;
  for (const id of [path[0], form['customer'], form['subscription'], form['invoice']]) {
    if (typeof id === 'string') pass(judgeChange(world, clockOf(world, id)));
  }
}

function clockOf({ store }: World, id: string): string | TestClock | null | undefined {
  const found =
    store.customers.get(id) ??
    store.subscriptions.get(id) ??
    store.invoices.get(id) ??
    store.invoiceItems.get(id);
  return found?.test_clock;
}

/** A clock that a new customer is to live by. */
export function checkJoins(world: World, clockId: string): void {
  const clock = world.store.testClocks.get(clockId);
  if (!clock) throw missingReference('test_helpers.test_clock', clockId, 'test_clock');
  checkIdle(world, clock);
  if (world.store.customers.where('test_clock', clockId).length >= MOST_CUSTOMERS) {
    const message = `A test clock can have up to ${MOST_CUSTOMERS} customers. Create another test clock for more customers.`;
    throw invalid(message, { param: 'test_clock' });
  }
}

export function checkIdle(world: World, clock: TestClock): void {
  pass(judgeChange(world, clock));
}

/** `target` in Unix seconds. */
export function checkAdvance(world: World, clock: TestClock, target: number): void {
  pass(judgeAdvance(world, clock, target));
}

function pass(judged: Judgement): void {
  switch (judged.outcome) {
    case 'may':
      return;
    case 'underway':
      throw new Refusal(429, {
        type: 'invalid_request_error',
        message: judged.message,
        code: 'rate_limit',
      });
    case 'failed':
      throw conflict(judged.message, undefined);
    case 'bad_time':
      throw invalid(judged.message, { param: 'frozen_time' });
  }
}
