import { type Db } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

/** The customer of one of the product's own ids, made at its first use. Of many first uses at once there is one. */
export async function ensureCustomer(db: Db, externalId: string): Promise<string> {
  const where = { externalId };
  const known = await db.customer.findUnique({ where, select: { id: true } });
  if (known) return known.id;
  await db.customer.createMany({ data: [{ id: newId('cst'), externalId }], skipDuplicates: true });
  const { id } = await db.customer.findUniqueOrThrow({ where, select: { id: true } });
  return id;
}
