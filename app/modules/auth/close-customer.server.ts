import { type Tx } from '~/platform/db.server';

export type CloseCustomerOutcome =
  { outcome: 'closed' } | { outcome: 'unknown_customer' } | { outcome: 'already_closed' };

/**
 * From now on this customer neither logs in nor is handed off, and what they hold open ends: sessions, links in mails.
 * Holds the customer's row for the rest of the transaction.
 */
export async function closeCustomer(
  tx: Tx,
  { customerId, now }: { customerId: string; now: Date },
): Promise<CloseCustomerOutcome> {
  await tx.$queryRaw`SELECT id FROM customer WHERE id = ${customerId} FOR UPDATE`;
  const customer = await tx.customer.findUnique({
    where: { id: customerId },
    select: { closedAt: true, userId: true },
  });
  if (customer === null) return { outcome: 'unknown_customer' };
  if (customer.closedAt !== null) return { outcome: 'already_closed' };
  const { userId } = customer;
  await tx.customer.update({ where: { id: customerId }, data: { closedAt: now }, select: { id: true } });
  await tx.session.deleteMany({ where: { customerId } });
  if (userId !== null) {
    await tx.session.deleteMany({ where: { userId } });
    await tx.emailToken.deleteMany({ where: { userId } });
  }
  return { outcome: 'closed' };
}

/** A deletion was called off: the customer may log in again. */
export async function reopenCustomer(tx: Tx, customerId: string): Promise<void> {
  await tx.customer.update({ where: { id: customerId }, data: { closedAt: null }, select: { id: true } });
}
