import { type Tx } from '~/platform/db.server';

/** Whether this is the customer's own log-in. The database refuses its acts as well. */
export async function isOwner(tx: Tx, customerId: string | null, userId: string): Promise<boolean> {
  if (customerId === null) return false;
  const customer = await tx.customer.findUnique({ where: { id: customerId }, select: { userId: true } });
  return customer?.userId === userId;
}
