import * as z from 'zod';

import { ensureCustomer } from '~/modules/auth/index.server';
import { askPrepared, type Db } from '~/platform/db.server';

import { problem, type Problem } from './reply.server';

/** A customer as every answer names them. */
export interface NamedCustomer {
  customerId: string;
  externalId: string | null;
}

export type FindCustomerOutcome = ({ outcome: 'found' } & NamedCustomer) | Problem;

const rows = z.array(z.object({ customerId: z.string(), externalId: z.string().nullable() }));

const FIND = 'SELECT id AS "customerId", external_id AS "externalId" FROM customer WHERE';
/** Asked before every spend: prepared once per connection. */
const BY_ID = { name: 'api_customer_by_id', text: `${FIND} id = $1` };
const BY_EXTERNAL_ID = { name: 'api_customer_by_external_id', text: `${FIND} external_id = $1` };

/** The customer of a reference. One of the product's own ids is theirs from its first use on; ours has to exist. */
export async function findCustomer(db: Db, ref: string): Promise<FindCustomerOutcome> {
  const isOurs = ref.startsWith('cst_');
  const asked = { ...(isOurs ? BY_ID : BY_EXTERNAL_ID), values: [ref] };
  const [known] = rows.parse(await askPrepared(db, asked));
  if (known !== undefined) return { outcome: 'found', ...known };
  if (isOurs) return problem('not_found', `There is no customer ${ref}.`);
  return { outcome: 'found', customerId: await ensureCustomer(db, ref), externalId: ref };
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
