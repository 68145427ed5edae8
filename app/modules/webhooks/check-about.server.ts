import { type HeldRealm, readerWith } from '~/modules/stripe/index.server';
import { withRequestContext } from '~/platform/request-context.server';

import { checkWithStripe, type StripeCheck, type StripeCheckOutcome } from './check-with-stripe.server';
import { realmsAbout } from './realms-about.server';
import { type TryDeps } from './try-event.server';

export type CheckAboutOutcome =
  | (Extract<StripeCheckOutcome, { outcome: 'checked' }> & {
      /** Realms in which more of it stands, and whose keys nobody holds: they were not asked. */
      keyless: string[];
    })
  | { outcome: 'unknown' }
  /** All of it stands in realms whose keys nobody holds. */
  | { outcome: 'no_key'; keyless: string[] };

export interface CheckAbout extends Omit<StripeCheck, 'realm'> {
  /** Whose key is held, the selling one first: it is asked about what nothing here has heard of. */
  realms: readonly HeldRealm[];
}

/**
 * Reads at Stripe what hangs on a payment, a customer or an id, in each realm that it belongs to with that realm's key,
 * and brings it to the doors of its events.
 * @throws StripeError when Stripe does not answer; what was brought until then stands
 */
export async function checkAbout(
  { db, dispatch }: Omit<TryDeps, 'reader'>,
  { realms, ...check }: CheckAbout,
): Promise<CheckAboutOutcome> {
  const named = await realmsAbout(db, check.about);
  const keyless = named.filter((id) => !realms.some(({ realm }) => realm.id === id));
  const asked =
    named.length === 0 ? realms.slice(0, 1) : realms.filter(({ realm }) => named.includes(realm.id));
  if (asked.length === 0) return { outcome: 'no_key', keyless };
  const objects = [];
  let subject: string | undefined;
  let isCut = false;
  for (const held of asked) {
    const deps = { db, dispatch, reader: readerWith(held) };
    const checked = await withRequestContext({ realm: held.realm.id }, () =>
      checkWithStripe(deps, held.settings, { ...check, realm: held.realm }),
    );
    if (checked.outcome === 'unknown') continue;
    subject = checked.subject;
    objects.push(...checked.objects);
    isCut ||= checked.isCut;
  }
  return subject === undefined
    ? { outcome: 'unknown' }
    : { outcome: 'checked', subject, objects, isCut, keyless };
}
