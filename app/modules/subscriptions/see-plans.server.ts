import { setTimeout as pause } from 'node:timers/promises';

import { isPaused } from '~/modules/pauses/index.server';
import { isKeyFault, isPassing, type SettingsOf } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { checkOrder } from './check-order.server';
import { findPlanRealm } from './find-plan-realm.server';
import { readMyPlans } from './read-plans.server';
import { type MyPlan } from './shared';

/** What Stripe says later than this is there at the next look. */
const STRIPE_PATIENCE = seconds(1);

export interface SeenPlans {
  plans: MyPlan[];
  /** Stripe's page sent the browser back with an order that has brought no plan yet. */
  isAwaited: boolean;
}

/**
 * A customer's plans for their page, which answers at once whether Stripe does or not. Back from Stripe's page, an order
 * that no event has told of is looked for there, unless processing is paused.
 */
export async function seePlans(
  db: Db,
  settingsOf: SettingsOf,
  input: { book: 'test' | 'live'; customerId: string; cameBackFor: string | undefined },
): Promise<SeenPlans> {
  const { book, customerId, cameBackFor: orderId } = input;
  const whose = { customerId, realm: { mode: book } };
  const isAwaited = async () =>
    orderId !== undefined &&
    (await db.subscriptionOrder.count({
      where: { ...whose, id: orderId, subscriptionId: null, state: { not: 'closed' } },
    })) > 0;
  const isHeld = () => isPaused(db, { book, work: 'processing' });
  if (orderId !== undefined && (await isAwaited()) && !(await isHeld())) {
    const cause = `return:${orderId}`;
    const check = look(db, settingsOf, { book, customerId, orderId, cause }).catch((error: unknown) => {
      // The page says what the rows say; what is wrong with the look is for the log.
      const isExpected = isPassing(error) || isKeyFault(error);
      const fields = { order: orderId, error: String(error) };
      if (isExpected) log.warn('stripe unanswered on return', fields);
      else log.error('order not checked on return', fields);
    });
    await Promise.race([check, pause(STRIPE_PATIENCE)]);
  }
  // In this order: a plan that comes between the two reads is shown at the next look, which an awaited one has.
  const isStillAwaited = await isAwaited();
  return { plans: await readMyPlans(db, { book, customerId }), isAwaited: isStillAwaited };
}

/** With the key of the realm in which it was ordered; without that key the rows alone are shown. */
async function look(
  db: Db,
  settingsOf: SettingsOf,
  { book, ...order }: { book: 'test' | 'live'; customerId: string; orderId: string; cause: string },
): Promise<void> {
  const realm = await findPlanRealm(db, { id: order.orderId, customerId: order.customerId, book });
  const key = realm && (await settingsOf(realm.id));
  if (key?.outcome === 'held') await checkOrder(db, key.settings, { ...order, realm: key.realm });
}
