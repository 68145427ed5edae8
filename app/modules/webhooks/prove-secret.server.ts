import { type Db } from '~/platform/db.server';

import { type Claim } from './claimed-event.server';
import { type Verdict } from './record-attempt.server';

/** Ends a transaction because nothing proves yet whose secret brought the event. */
export class SecretUnproven extends Error {
  constructor(readonly fingerprint: string) {
    super('The secret of this event is proven first');
  }
}

/**
 * Reads an event back with the key of its realm. A signature only says that somebody with the secret sent it: a secret
 * that was copied from the endpoint of another account brings events which this account does not have.
 * @returns what the event becomes when it is another account's
 * @throws StripeError when Stripe does not answer
 */
export async function proveSecret(
  db: Db,
  hasEvent: (id: string) => Promise<boolean>,
  { claim, fingerprint }: { claim: Claim; fingerprint: string },
): Promise<Verdict | undefined> {
  const { realmId, eventId } = claim;
  if (!(await hasEvent(eventId)))
    return {
      status: 'quarantined',
      code: 'secret_of_another_account',
      detail: `the account of this realm has no ${eventId}: the secret that signed it belongs to another endpoint`,
      effects: [],
    };
  await db.webhookSecret.updateMany({
    where: { realmId, fingerprint, provenAt: null },
    data: { provenAt: new Date(), provenBy: eventId },
  });
  return undefined;
}
