import { type SentEvent } from '../../../app/modules/payments/testing/driven-inbox';
import { type Db, inTransaction } from '../../../app/platform/db.server';
import { rename, renamedEvent } from './copied-sales';

export interface CopiedPlans {
  /** Of the copied customer. */
  id: string;
  events: SentEvent[];
}

/**
 * A copy of a customer who ordered plans, as they stood before Stripe said anything, and of what Stripe then said: the
 * same rows and events under ids of their own.
 */
export async function copyPlans(
  db: Db,
  life: { customerId: string; events: readonly SentEvent[] },
  n: number,
): Promise<CopiedPlans> {
  const { stripeCustomers, subscriptionOrders } = await db.customer.findUniqueOrThrow({
    where: { id: life.customerId },
    include: { stripeCustomers: true, subscriptionOrders: true },
  });
  const id = rename(life.customerId, n);
  await inTransaction(db, 'copy plans', async (tx) => {
    await tx.customer.create({ data: { id, email: `${id}@example.test` } });
    await tx.stripeCustomer.createMany({
      data: stripeCustomers.map(({ realmId, stripeId }) => ({
        ...{ customerId: id, realmId, stripeId: rename(stripeId, n) },
      })),
    });
    await tx.subscriptionOrder.createMany({
      data: subscriptionOrders.map(({ realmId, versionId, currency, trialDays, createdAt, ...order }) => ({
        ...{ id: rename(order.id, n), customerId: id, realmId, versionId, currency, trialDays, createdAt },
        ...{ state: 'open' as const, stripeSession: rename(order.stripeSession ?? '', n) },
      })),
    });
  });
  return { id, events: life.events.map((event) => renamedEvent(event, n)) };
}
