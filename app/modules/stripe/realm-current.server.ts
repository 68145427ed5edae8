import { db } from '~/platform/db.server';
import { setContextRealm } from '~/platform/request-context.server';
import { seconds } from '~/platform/time';

import { findRealm, fingerprintOf, type RealmOutcome } from './realm.server';
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
  answer: Promise<RealmOutcome>;
  realm: RealmView | undefined;
  /** When an answer without a realm may be asked for again; never while it is awaited. */
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
    const answer = findRealm(db(), settings);
    cached = { fingerprint, answer, realm: undefined, askAgainAt: Infinity };
    globals.credenceRealm = cached;
  }
  const realm = cached.realm ?? (await settle(cached));
  setContextRealm(realm.id);
  return realm;
}

async function settle(cached: Cached): Promise<RealmView> {
  try {
    const found = await cached.answer;
    if (found.outcome === 'unknown') throw new RealmUnknownError(found.reason);
    cached.realm = found.realm;
    return found.realm;
  } catch (error) {
    cached.askAgainAt = Date.now() + (error instanceof RealmUnknownError ? ASK_AGAIN : 0);
    throw error;
  }
}
