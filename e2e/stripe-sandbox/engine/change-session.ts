import type Stripe from 'stripe';
import type { SessionPlan } from '../store/records';
import { priceSession } from './price-session';
import type { World } from './world';

type Session = Stripe.Checkout.Session;

export type QuantityOutcome =
  | { outcome: 'changed'; session: Session }
  /** The session is complete or expired. */
  | { outcome: 'closed' }
  | { outcome: 'unknown_line' }
  /** The line's quantity is the seller's. */
  | { outcome: 'not_adjustable' }
  | { outcome: 'out_of_range'; minimum: number; maximum: number };

/** The visitor of the page takes more or fewer of a line; none takes it away, if another line is left. */
export function changeQuantity(
  world: World,
  session: Session,
  itemId: string,
  quantity: number,
): QuantityOutcome {
  if (session.status !== 'open') return { outcome: 'closed' };
  const { items } = world.store.sessionLines.must(session.id);
  const item = items.find(({ id }) => id === itemId);
  if (!item) return { outcome: 'unknown_line' };
  if (!item.adjustable_quantity?.enabled) return { outcome: 'not_adjustable' };
  const least = item.adjustable_quantity.minimum ?? 0;
  const minimum = items.length === 1 ? Math.max(1, least) : least;
  const maximum = item.adjustable_quantity.maximum ?? Number.MAX_SAFE_INTEGER;
  if (!Number.isInteger(quantity) || quantity < minimum || quantity > maximum) {
    return { outcome: 'out_of_range', minimum, maximum };
  }
  const changed = items.flatMap((one) => {
    if (one.id !== itemId) return [one];
    return quantity === 0 ? [] : [{ ...one, quantity }];
  });
  return { outcome: 'changed', session: priceSession(world, session, changed) };
}

type IntentPlan = Pick<
  SessionPlan,
  'metadata' | 'description' | 'setupFutureUsage' | 'statementDescriptor' | 'statementDescriptorSuffix'
>;

/** What the caller asks of the PaymentIntent, changed before its making; one that is made takes it over. */
export function changeIntentPlan(world: World, sessionId: string, change: Partial<IntentPlan>): void {
  const plan = world.store.sessionPlans.put({ ...world.store.sessionPlans.must(sessionId), ...change });
  const intent = world.store.paymentIntents.get(plan.intent ?? '');
  if (!intent) return;
  world.store.paymentIntents.put({
    ...intent,
    description: plan.description,
    metadata: plan.metadata,
    setup_future_usage: plan.setupFutureUsage,
    statement_descriptor: plan.statementDescriptor,
    statement_descriptor_suffix: plan.statementDescriptorSuffix,
  });
}
