import { currentRealm, RealmUnknownError } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';

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
