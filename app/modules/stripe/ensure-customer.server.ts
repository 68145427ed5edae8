import { type Db, inTransaction } from '~/platform/db.server';
import { isUniqueViolation } from '~/platform/db-errors.server';

import {
  type CallResult,
  findOpenCall,
  type PlannedCall,
  planCall,
  recordCall,
  sendCall,
} from './calls.server';
import { customerBody, type CustomerInput } from './call-kinds.server';
import { type StripeSettings } from './client.server';

export type EnsureCustomerOutcome =
  { outcome: 'ready'; stripeCustomer: string } | Exclude<CallResult, { outcome: 'succeeded' }>;

/**
 * The customer's one Stripe customer in this realm, made on first use. Two tabs at once meet in the same call row and
 * therefore in the same Stripe customer.
 */
export async function ensureStripeCustomer(
  db: Db,
  settings: StripeSettings,
  input: CustomerInput,
): Promise<EnsureCustomerOutcome> {
  const known = await findStripeCustomer(db, input);
  if (known !== undefined) return { outcome: 'ready', stripeCustomer: known };

  const call = await openCall(db, input);
  const result = await sendCall(db, settings, call);
  await inTransaction(db, 'record stripe customer', async (tx) => {
    await recordCall(tx, call.id, result);
    if (result.outcome !== 'succeeded') return;
    await tx.stripeCustomer.createMany({
      data: [{ customerId: input.customerId, realmId: input.realmId, stripeId: result.object.id }],
      skipDuplicates: true,
    });
  });
  return result.outcome === 'succeeded' ? { outcome: 'ready', stripeCustomer: result.object.id } : result;
}

async function findStripeCustomer(db: Db, input: CustomerInput): Promise<string | undefined> {
  const row = await db.stripeCustomer.findUnique({
    where: { customerId_realmId: { customerId: input.customerId, realmId: input.realmId } },
    select: { stripeId: true },
  });
  return row?.stripeId;
}

async function openCall(db: Db, input: CustomerInput): Promise<PlannedCall> {
  const purpose = { realmId: input.realmId, kind: 'customer.create', purpose: input.customerId } as const;
  const open = await findOpenCall(db, purpose);
  if (open) return open;
  try {
    return await inTransaction(db, 'plan stripe customer', (tx) =>
      planCall(tx, { ...purpose, params: customerBody(input) }),
    );
  } catch (error) {
    if (!isUniqueViolation(error, 'stripe_call_realm_key_key')) throw error;
    const twin = await findOpenCall(db, purpose);
    if (twin) return twin;
    throw error;
  }
}
