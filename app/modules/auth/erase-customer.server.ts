import { type Tx } from '~/platform/db.server';

/** What a customer who is gone is called. */
const NOBODY = 'Deleted customer';

/**
 * Takes the person out of a closed customer: address, the product's id and the log-in with all that opened it go, the
 * customer's own id stays for the books. The same address or id is another customer's from then on.
 */
export async function eraseCustomer(tx: Tx, customerId: string): Promise<void> {
  const { userId } = await tx.customer.findUniqueOrThrow({
    where: { id: customerId, closedAt: { not: null } },
    select: { userId: true },
  });
  await tx.customer.update({
    where: { id: customerId },
    data: { userId: null, externalId: null, email: null, name: NOBODY },
    select: { id: true },
  });
  await tx.session.deleteMany({ where: { customerId } });
  // Its sessions and the links of its mails go with it.
  if (userId !== null) await tx.user.delete({ where: { id: userId }, select: { id: true } });
}
