import { ensureCustomer } from '~/modules/auth/index.server';
import { type Db } from '~/platform/db.server';

import { problem, type Problem } from './reply.server';

/** A customer as every answer names them. */
export interface NamedCustomer {
  customerId: string;
  externalId: string | null;
}

export type FindCustomerOutcome = ({ outcome: 'found' } & NamedCustomer) | Problem;

/** The customer of a reference. One of the product's own ids is theirs from its first use on; ours has to exist. */
export async function findCustomer(db: Db, ref: string): Promise<FindCustomerOutcome> {
  if (!ref.startsWith('cst_'))
    return { outcome: 'found', customerId: await ensureCustomer(db, ref), externalId: ref };
  const known = await db.customer.findUnique({ where: { id: ref }, select: { externalId: true } });
  if (known === null) return problem('not_found', `There is no customer ${ref}.`);
  return { outcome: 'found', customerId: ref, externalId: known.externalId };
}

/** Whose wallet it is. */
export async function ownerOf(db: Db, walletId: string): Promise<NamedCustomer> {
  const { customer } = await db.wallet.findUniqueOrThrow({
    where: { id: walletId },
    select: { customer: { select: { id: true, externalId: true } } },
  });
  return { customerId: customer.id, externalId: customer.externalId };
}

export const named = ({ customerId, externalId }: NamedCustomer) => ({
  customer: customerId,
  external_id: externalId,
});
