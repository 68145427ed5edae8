import { currentRealm, heldRealms, RealmUnknownError } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { env } from '~/platform/env.server';

import { type StripeDesk } from './shared';

/**
 * The realm whose rows the console shows.
 * @throws 503 while it is not known: a first start with Stripe out of reach.
 */
export async function consoleRealm(): Promise<RealmView> {
  try {
    return await currentRealm();
  } catch (error) {
    if (error instanceof RealmUnknownError) throw new Response(null, { status: 503 });
    throw error;
  }
}

/** Of these realms, those whose key this process does not hold: Stripe cannot be asked about their rows. */
export async function withoutKey(realms: readonly { id: string }[]): Promise<string[]> {
  const held = new Set((await heldRealms()).map(({ realm }) => realm.id));
  return realms.flatMap(({ id }) => (held.has(id) ? [] : [id]));
}

/** Where a person looks at a Stripe object: Stripe's Dashboard, or the sandbox's panel, which has only its own realm. */
export function consoleDesk(realm: RealmView): StripeDesk {
  const { STRIPE_API_BASE, SANDBOX_PANEL_URL } = env();
  return {
    realmId: realm.id,
    ...(STRIPE_API_BASE === undefined ? { at: 'dashboard' } : { at: 'sandbox', panel: SANDBOX_PANEL_URL }),
  };
}
