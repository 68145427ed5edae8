import { type Tx } from '~/platform/db.server';

/** Takes the pages that Stripe made for a person out of their plans. @returns how many rows lost something */
export async function eraseSubscriber(tx: Tx, { customerId }: { customerId: string }): Promise<number> {
  const orders = await tx.subscriptionOrder.updateMany({
    where: { customerId, sessionUrl: { not: null } },
    data: { sessionUrl: null },
  });
  const plans = await tx.subscription.updateMany({
    where: { customerId, owedUrl: { not: null } },
    data: { owedUrl: null },
  });
  return orders.count + plans.count;
}
