import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

/**
 * The id of the customer whom the product calls so, made on first use; of several first uses at once one makes it.
 * `externalId` fits `externalIdSchema`, or the database refuses it.
 */
export async function ensureCustomer(tx: Tx, externalId: string): Promise<string> {
  const find = { where: { externalId }, select: { id: true } };
  const known = await tx.customer.findUnique(find);
  if (known !== null) return known.id;
  await tx.customer.createMany({ data: [{ id: newId('cst'), externalId }], skipDuplicates: true });
  return (await tx.customer.findUniqueOrThrow(find)).id;
}

/**
 * Keeps what the product knows of its user, for mails and for the page at Stripe. A customer with a log-in of their own
 * is left as they are: they say themselves who they are. One who is being deleted is not told of anew.
 */
export async function keepContact(
  tx: Tx,
  customerId: string,
  contact: { email?: string | undefined; name?: string | undefined },
): Promise<void> {
  const { email, name } = contact;
  const data = { ...(email === undefined ? {} : { email }), ...(name === undefined ? {} : { name }) };
  if (Object.keys(data).length === 0) return;
  await tx.customer.updateMany({ where: { id: customerId, userId: null, closedAt: null }, data });
}
