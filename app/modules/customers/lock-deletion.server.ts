import { type Tx } from '~/platform/db.server';

/** A deletion under its row lock, for the rest of the transaction: one worker at a time takes its steps. */
export async function lockDeletion(tx: Tx, id: string) {
  await tx.$queryRaw`SELECT id FROM customer_deletion WHERE id = ${id} FOR UPDATE`;
  return tx.customerDeletion.findUniqueOrThrow({
    where: { id },
    select: { id: true, customerId: true, state: true, beginsAt: true, erased: true },
  });
}
