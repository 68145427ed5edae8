import { type Tx } from '~/platform/db.server';

/**
 * Makes all that is said and asked of one customer's plans come one after the other, for the rest of the transaction.
 * Taken after the event and before any payment.
 */
export async function lockPlans(tx: Tx, customerId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM customer WHERE id = ${customerId} FOR NO KEY UPDATE`;
}
