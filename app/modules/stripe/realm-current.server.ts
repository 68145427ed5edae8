import { db } from '~/platform/db.server';
import { setContextRealm } from '~/platform/request-context.server';
import { seconds } from '~/platform/time';

import { type StripeSettings } from './client.server';
import { findFormerRealm, findRealm, fingerprintOf, type RealmOutcome } from './realm.server';
import { stripeSettings } from './settings.server';
import { type RealmView } from './shared';

/** A key's realm is not known yet, and Stripe did not name it. */
export class RealmUnknownError extends Error {
  constructor(
    readonly reason: string,
    setting: 'STRIPE_SECRET_KEY' | 'STRIPE_FORMER_REALMS' = 'STRIPE_SECRET_KEY',
  ) {
    super(`The realm of a key in ${setting} is not known yet: ${reason}`);
    this.name = 'RealmUnknownError';
  }
}

interface Cached {
  found: Promise<RealmView>;
  /** When a failed answer may be asked for again; never while it is awaited or good. */
  askAgainAt: number;
}

/** While Stripe does not answer, it is asked at most this often. */
const ASK_AGAIN = seconds(2);

/** By fingerprint, the selling key's alone: whichever key sold last says so anew when it comes back. */
interface Known {
  selling?: Cached & { fingerprint: string };
  former: Map<string, Cached>;
}

const globals: { credenceRealms?: Known } = globalThis as { credenceRealms?: Known };

/** Kept on globalThis because `remix dev` imports the build anew. */
const known = (): Known => (globals.credenceRealms ??= { former: new Map() });

/**
 * The realm of this process's key, in which it sells, found once.
 * @throws RealmUnknownError while an unknown key's realm cannot be read
 */
export async function currentRealm(): Promise<RealmView> {
  const settings = stripeSettings();
  const fingerprint = fingerprintOf(settings.secretKey);
  let cached = known().selling;
  if (cached?.fingerprint !== fingerprint || Date.now() >= cached.askAgainAt) {
    const found = asKnown(findRealm(db(), settings), 'STRIPE_SECRET_KEY');
    cached = { fingerprint, found, askAgainAt: Infinity };
    known().selling = cached;
    void askAgainAfterFailure(cached);
  }
  const realm = await cached.found;
  setContextRealm(realm.id);
  return realm;
}

/**
 * The realm of a key that sells no more, found once. Only the very first answer is waited for: one that Stripe did not
 * name stays unknown while it is asked for again, so a Stripe that hangs holds nothing of the selling realm up.
 * @throws RealmUnknownError while an unknown key's realm cannot be read
 */
export async function formerRealm(settings: StripeSettings): Promise<RealmView> {
  const fingerprint = fingerprintOf(settings.secretKey);
  const cached = known().former.get(fingerprint);
  if (cached === undefined) {
    const first = askFormer(settings);
    known().former.set(fingerprint, first);
    void keepFormer(fingerprint, first, undefined);
    return first.found;
  }
  if (Date.now() >= cached.askAgainAt) {
    cached.askAgainAt = Infinity;
    void keepFormer(fingerprint, askFormer(settings), cached);
  }
  return cached.found;
}

const askFormer = (settings: StripeSettings): Cached => ({
  found: asKnown(findFormerRealm(db(), settings), 'STRIPE_FORMER_REALMS'),
  askAgainAt: Infinity,
});

/** Once it is there. A database fault is no answer: the one before stays, and the next caller has it asked at once. */
async function keepFormer(fingerprint: string, asked: Cached, before: Cached | undefined): Promise<void> {
  try {
    await asked.found;
    known().former.set(fingerprint, asked);
  } catch (error) {
    if (error instanceof RealmUnknownError) {
      asked.askAgainAt = Date.now() + ASK_AGAIN;
      known().former.set(fingerprint, asked);
    } else if (before === undefined) known().former.delete(fingerprint);
    else before.askAgainAt = 0;
  }
}

async function asKnown(
  finding: Promise<RealmOutcome>,
  setting: 'STRIPE_SECRET_KEY' | 'STRIPE_FORMER_REALMS',
): Promise<RealmView> {
  const found = await finding;
  if (found.outcome === 'unknown') throw new RealmUnknownError(found.reason, setting);
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
