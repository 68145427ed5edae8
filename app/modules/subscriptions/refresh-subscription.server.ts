import * as z from 'zod';

import { readObject, type StripeSettings } from '~/modules/stripe/index.server';
import { type DoorOutcome, type FactContext, type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { keepRead } from './keep-read.server';
import { lockPlans } from './lock-plans.server';

export interface RefreshInput {
  realm: RealmView;
  customerId: string;
  /** Stripe's id. */
  stripeId: string;
  cause: string;
}

/**
 * Looks at Stripe for one subscription of a customer and keeps what it shows, as an event of it would.
 * @throws StripeError when Stripe does not answer
 */
export async function refreshSubscription(
  db: Db,
  settings: StripeSettings,
  { realm, customerId, stripeId, cause }: RefreshInput,
): Promise<DoorOutcome | undefined> {
  const at = await inTransaction(db, 'begin read', (tx) => now(tx, customerId));
  const fact = await readObject(settings, { object: 'subscription', id: stripeId });
  if (fact?.kind !== 'subscription') return undefined;
  const context: FactContext = { realmId: realm.id, book: realm.mode, cause, at, evidence: [] };
  return inTransaction(db, 'keep read', async (tx) => {
    await lockPlans(tx, customerId);
    return keepRead(tx, customerId, { ...fact, readAt: at }, context);
  });
}

const clock = z.tuple([z.object({ now: z.date() })]);

/** By the database's clock, as the reads of events are timed. */
async function now(tx: Tx, customerId: string): Promise<Date> {
  const rows = await tx.$queryRaw`
    SELECT clock_timestamp() AS now FROM customer WHERE id = ${customerId} FOR NO KEY UPDATE`;
  return clock.parse(rows)[0].now;
}
