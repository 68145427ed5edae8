import { type Db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { askStripe } from './ask-stripe.server';
import { findCall, jsonBody } from './calls.server';
import { stripeClient, type StripeSettings } from './client.server';
import { configurationOf, ensureConfiguration } from './open-portal.server';
import { portalBody } from './plan-bodies';

const TIMEOUT = { timeout: seconds(8) };

export type PortalLook =
  | { state: 'as_it_should'; id: string }
  /** Never made, or gone: it is made when a customer first asks for the portal, or by setup. */
  | { state: 'none' }
  /** What somebody changed: `features.subscription_update.enabled is true, not false`. */
  | { state: 'changed'; id: string; differences: string[] }
  | { state: 'unread'; message: string };

/** The realm's portal configuration beside what it should be: credits are stock, so the portal prorates nothing. */
export async function lookAtPortal(db: Db, settings: StripeSettings, realmId: string): Promise<PortalLook> {
  const name = configurationOf(realmId);
  const call = await findCall(db, { realmId, kind: 'portal_configuration.create', purpose: name });
  if (call.state !== 'succeeded') return { state: 'none' };
  const id = call.objectId;
  const answer = await askStripe(() =>
    stripeClient(settings).billingPortal.configurations.retrieve(id, {}, TIMEOUT),
  );
  if (answer.outcome === 'missing') return { state: 'none' };
  if (answer.outcome !== 'read') return { state: 'unread', message: answer.message };
  const { features, active } = answer.value;
  const should = { features: portalBody(name, realmId).features, active: true };
  const differences = differencesOf('', jsonBody.parse(should), { features, active });
  return differences.length === 0 ? { state: 'as_it_should', id } : { state: 'changed', id, differences };
}

/** Each value of `should` that `is` does not have; what `is` says beyond it counts for nothing. */
function differencesOf(path: string, should: object, is: object): string[] {
  const found = new Map<string, unknown>(Object.entries(is));
  return Object.entries(should).flatMap(([name, value]: [string, unknown]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const other = found.get(name);
    if (typeof value === 'object' && value !== null)
      return differencesOf(here, value, typeof other === 'object' && other !== null ? other : {});
    return other === value ? [] : [`${here} is ${String(other)}, not ${String(value)}`];
  });
}

/** Makes the configuration, or sets it as it should be. @throws Error when Stripe refuses it or does not answer */
export async function setUpPortal(db: Db, settings: StripeSettings, realmId: string): Promise<void> {
  const look = await lookAtPortal(db, settings, realmId);
  if (look.state === 'as_it_should') return;
  if (look.state === 'unread') throw new Error(`The portal's configuration was not read: ${look.message}`);
  if (look.state === 'changed') {
    const { features } = portalBody(configurationOf(realmId), realmId);
    await stripeClient(settings).billingPortal.configurations.update(
      look.id,
      { features, active: true },
      TIMEOUT,
    );
    return;
  }
  await db.stripeCall.updateMany({
    where: { realmId, purpose: configurationOf(realmId), state: 'succeeded' },
    data: { state: 'lost' },
  });
  const made = await ensureConfiguration(db, settings, realmId);
  if (typeof made !== 'string')
    throw new Error(made.outcome === 'refused' ? made.message : 'Stripe did not answer: run it again.');
}
