import { currentRealm, RealmUnknownError } from '~/modules/stripe/index.server';
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

/** Where a person looks at a Stripe object: Stripe's Dashboard, or the sandbox's panel, which has only its own realm. */
export function consoleDesk(realm: RealmView): StripeDesk {
  const { STRIPE_API_BASE, SANDBOX_PANEL_URL } = env();
  return {
    realmId: realm.id,
    ...(STRIPE_API_BASE === undefined ? { at: 'dashboard' } : { at: 'sandbox', panel: SANDBOX_PANEL_URL }),
  };
}
