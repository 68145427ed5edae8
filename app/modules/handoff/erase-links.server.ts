import { type Tx } from '~/platform/db.server';

/** Forgets the store links of a person: where they led back to, and the product's keys for them. @returns how many */
export async function eraseLinks(tx: Tx, { customerId }: { customerId: string }): Promise<number> {
  const { count } = await tx.storeLink.deleteMany({ where: { customerId } });
  return count;
}
