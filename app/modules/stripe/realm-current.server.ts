import { db } from '~/platform/db.server';
import { setContextRealm } from '~/platform/request-context.server';
import { seconds } from '~/platform/time';

import { type StripeSettings } from './client.server';
import { findRealm, fingerprintOf } from './realm.server';
import { stripeSettings } from './settings.server';
import { type RealmView } from './shared';

/** The key's realm is not known yet, and Stripe did not name it. */
export class RealmUnknownError extends Error {
  constructor(readonly reason: string) {
    super(`The realm of STRIPE_SECRET_KEY is not known yet: ${reason}`);
    this.name = 'RealmUnknownError';
  }
}

interface Cached {
  fingerprint: string;
  found: Promise<RealmView>;
  /** When a failed answer may be asked for again; never while it is awaited or good. */
  askAgainAt: number;
}

/** While Stripe does not answer, it is asked at most this often. */
const ASK_AGAIN = seconds(2);

const globals: { credenceRealm?: Cached } = globalThis as { credenceRealm?: Cached };

/**
 * The realm of this process's key, found once. Kept on globalThis because `remix dev` imports the build anew.
 * @throws RealmUnknownError while an unknown key's realm cannot be read
 */
export async function currentRealm(): Promise<RealmView> {
  const settings = stripeSettings();
  const fingerprint = fingerprintOf(settings.secretKey);
  let cached = globals.credenceRealm;
  if (cached?.fingerprint !== fingerprint || Date.now() >= cached.askAgainAt) {
    cached = { fingerprint, found: find(settings), askAgainAt: Infinity };
    globals.credenceRealm = cached;
    void askAgainAfterFailure(cached);
  }
  const realm = await cached.found;
  setContextRealm(realm.id);
  return realm;
}

async function find(settings: StripeSettings): Promise<RealmView> {
  const found = await findRealm(db(), settings);
  if (found.outcome === 'unknown') throw new RealmUnknownError(found.reason);
  return found.realm;
}

/** A database fault is no answer: the next caller asks at once. */
async function askAgainAfterFailure(cached: Cached): Promise<void> {
  try {
    await cached.found;
  } catch (error) {
    cached.askAgainAt = Date.now() + (error instanceof RealmUnknownError ? ASK_AGAIN : 0);
  }
}
