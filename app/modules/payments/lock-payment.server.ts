import { type Tx } from '~/platform/db.server';

/** A payment under its row lock, for the rest of the transaction. */
export type LockedPayment = NonNullable<Awaited<ReturnType<typeof readLocked>>>;

/** Locks one payment. Prisma has no FOR UPDATE, and every rule of money reads the row only after its lock is held. */
export async function lockPayment(tx: Tx, id: string): Promise<LockedPayment | undefined> {
  await tx.$queryRaw`SELECT 1 FROM payment WHERE id = ${id} FOR UPDATE`;
  return (await readLocked(tx, id)) ?? undefined;
}

function readLocked(tx: Tx, id: string) {
  return tx.payment.findUnique({
    where: { id },
    select: {
      id: true,
      realmId: true,
      customerId: true,
      kind: true,
      state: true,
      versionId: true,
      quantity: true,
      credits: true,
      currency: true,
      amountSubtotal: true,
      amountPaid: true,
      stripeSession: true,
      stripeIntent: true,
      stripeCharge: true,
      stripeInvoice: true,
      moneyObject: true,
      receiptUrl: true,
      version: { select: { expiresDays: true } },
    },
  });
}
