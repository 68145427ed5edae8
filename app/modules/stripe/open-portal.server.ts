import { type Db, inTransaction } from '~/platform/db.server';
import { isUniqueViolation } from '~/platform/db-errors.server';
import { newId } from '~/platform/ids.server';

import { type CallResult, findCall, type PlannedCall, planCall } from './calls.server';
import { type StripeSettings } from './client.server';
import { forgetStripeCustomer } from './ensure-customer.server';
import { isCustomerGone } from './open-page.server';
import { portalBody } from './plan-bodies';
import { recordCall } from './record-call.server';
import { sendCall } from './send-call.server';

export type PortalOutcome =
  /** Send the browser there. */
  | { outcome: 'redirect'; url: string }
  /** This customer has never bought here, or the account has lost them: there is nothing to manage. */
  | { outcome: 'no_customer' }
  /** Stripe said no. */
  | { outcome: 'refused'; message: string }
  /** Stripe did not answer: asking again is safe. */
  | { outcome: 'unknown' };

export interface PortalInput {
  realmId: string;
  customerId: string;
  /** Where the portal's way back leads. */
  returnUrl: string;
}

/** A page of Stripe's portal for one customer, with the realm's own configuration, which is made on first use. */
export async function openPortal(
  db: Db,
  settings: StripeSettings,
  input: PortalInput,
): Promise<PortalOutcome> {
  const { realmId, customerId, returnUrl } = input;
  const image = await db.stripeCustomer.findUnique({
    where: { customerId_realmId: { customerId, realmId } },
    select: { stripeId: true },
  });
  if (!image) return { outcome: 'no_customer' };
  const first = await ensureConfiguration(db, settings, realmId);
  if (typeof first !== 'string') return first;
  const ask = (configuration: string) =>
    openSession(db, settings, realmId, { configuration, customer: image.stripeId, return_url: returnUrl });
  const result = await ask(first);
  if (isCustomerGone(result)) {
    const lost = { realmId, customerId, stripeCustomer: image.stripeId };
    await inTransaction(db, 'forget stripe customer', (tx) => forgetStripeCustomer(tx, lost));
    return { outcome: 'no_customer' };
  }
  if (!isConfigurationGone(result)) return outcomeOf(result);
  await db.stripeCall.updateMany({
    where: { realmId, objectId: first, state: 'succeeded' },
    data: { state: 'lost' },
  });
  const second = await ensureConfiguration(db, settings, realmId);
  return typeof second === 'string' ? outcomeOf(await ask(second)) : second;
}

/** Another shape of the configuration is another name. */
export const configurationOf = (realmId: string) => `portal-1-${realmId}`;

const isConfigurationGone = (result: CallResult): boolean =>
  result.outcome === 'refused' && result.code === 'resource_missing' && result.param === 'configuration';

function outcomeOf(result: CallResult): PortalOutcome {
  if (result.outcome === 'refused') return { outcome: 'refused', message: result.message };
  if (result.outcome !== 'succeeded') return { outcome: 'unknown' };
  const { id, url } = result.object;
  if (typeof url !== 'string') throw new Error(`Portal session ${id} came without an address.`);
  return { outcome: 'redirect', url };
}

async function openSession(
  db: Db,
  settings: StripeSettings,
  realmId: string,
  params: object,
): Promise<CallResult> {
  const purpose = { realmId, kind: 'portal_session.create', purpose: newId('prt') } as const;
  const call = await inTransaction(db, 'plan portal', (tx) => planCall(tx, { ...purpose, params }));
  return send(db, settings, call);
}

/** The realm's configuration, or why there is none. Two customers at once meet in the same call. */
export async function ensureConfiguration(
  db: Db,
  settings: StripeSettings,
  realmId: string,
): Promise<string | PortalOutcome> {
  const call = await configurationCall(db, realmId);
  if (typeof call === 'string') return call;
  if (call === undefined) return { outcome: 'unknown' };
  const result = await send(db, settings, call);
  return result.outcome === 'succeeded' ? result.object.id : outcomeOf(result);
}

async function configurationCall(db: Db, realmId: string): Promise<PlannedCall | string | undefined> {
  const name = configurationOf(realmId);
  const purpose = { realmId, kind: 'portal_configuration.create', purpose: name } as const;
  const standing = await findCall(db, purpose);
  if (standing.state === 'open') return standing.call;
  if (standing.state === 'looked_for') return undefined;
  if (standing.state === 'succeeded') return standing.objectId;
  try {
    const params = portalBody(name, realmId);
    return await inTransaction(db, 'plan portal', (tx) => planCall(tx, { ...purpose, params }));
  } catch (error) {
    if (!isUniqueViolation(error, 'stripe_call_realm_key_key')) throw error;
    return configurationCall(db, realmId);
  }
}

async function send(db: Db, settings: StripeSettings, call: PlannedCall): Promise<CallResult> {
  const result = await sendCall(db, settings, call);
  await inTransaction(db, 'record portal', (tx) => recordCall(tx, call.id, result));
  return result;
}
