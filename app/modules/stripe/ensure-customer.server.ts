import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { isUniqueViolation } from '~/platform/db-errors.server';

import { customerBody, type CustomerInput } from './call-kinds.server';
import { type CallResult, findCall, type PlannedCall, planCall } from './calls.server';
import { type StripeSettings } from './client.server';
import { recordCall } from './record-call.server';
import { sendCall } from './send-call.server';

export type EnsureCustomerOutcome =
  { outcome: 'ready'; stripeCustomer: string } | Exclude<CallResult, { outcome: 'succeeded' | 'absent' }>;

/**
 * The customer's one Stripe customer in this realm, made on first use. Two tabs at once meet in the same call row and
 * therefore in the same Stripe customer.
 */
export async function ensureStripeCustomer(
  db: Db,
  settings: StripeSettings,
  input: CustomerInput,
): Promise<EnsureCustomerOutcome> {
  const known = await db.stripeCustomer.findUnique({
    where: { customerId_realmId: { customerId: input.customerId, realmId: input.realmId } },
    select: { stripeId: true },
  });
  if (known) return { outcome: 'ready', stripeCustomer: known.stripeId };

  const call = await callToSend(db, input);
  if (typeof call === 'string') return { outcome: 'ready', stripeCustomer: call };
  if (call === undefined)
    return { outcome: 'unknown', message: 'an earlier request is being looked for', isReplayed: false };
  const result = await sendCall(db, settings, call);
  const { realmId, customerId: purpose } = input;
  await inTransaction(db, 'record stripe customer', (tx) =>
    recordCustomerCall(tx, { id: call.id, realmId, purpose }, result),
  );
  return result.outcome === 'succeeded' ? { outcome: 'ready', stripeCustomer: result.object.id } : result;
}

/** Records what came of a `customer.create`; the purpose is our customer. */
export async function recordCustomerCall(
  tx: Tx,
  call: { id: string; realmId: string; purpose: string },
  result: CallResult,
): Promise<void> {
  await recordCall(tx, call.id, result);
  if (result.outcome !== 'succeeded') return;
  await tx.stripeCustomer.createMany({
    data: [{ customerId: call.purpose, realmId: call.realmId, stripeId: result.object.id }],
    skipDuplicates: true,
  });
}

/**
 * The account no longer has this Stripe customer (deleted in the Dashboard, or a sandbox wiped): the next checkout makes
 * another under the next attempt's key. Events that name the old one are still found by their payment.
 */
export async function forgetStripeCustomer(
  tx: Tx,
  input: { realmId: string; customerId: string; stripeCustomer: string },
): Promise<void> {
  const { realmId, customerId, stripeCustomer } = input;
  await tx.stripeCustomer.deleteMany({ where: { realmId, customerId, stripeId: stripeCustomer } });
  await tx.stripeCall.updateMany({
    where: { realmId, purpose: customerId, objectId: stripeCustomer, state: 'succeeded' },
    data: { state: 'lost' },
  });
}

/**
 * The call whose answer is still owed, or the id of the Stripe customer that a twin has made meanwhile; undefined while
 * an old call is looked for, for another one could make a second customer.
 */
async function callToSend(db: Db, input: CustomerInput): Promise<PlannedCall | string | undefined> {
  const purpose = { realmId: input.realmId, kind: 'customer.create', purpose: input.customerId } as const;
  const standing = await findCall(db, purpose);
  if (standing.state === 'open') return standing.call;
  if (standing.state === 'looked_for') return undefined;
  if (standing.state === 'succeeded') return standing.objectId;
  try {
    const params = customerBody(input);
    return await inTransaction(db, 'plan stripe customer', (tx) => planCall(tx, { ...purpose, params }));
  } catch (error) {
    if (!isUniqueViolation(error, 'stripe_call_realm_key_key')) throw error;
    return callToSend(db, input);
  }
}
