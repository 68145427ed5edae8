import { appendAudit } from '~/modules/audit/index.server';
import { hasRole } from '~/modules/auth/shared';
import { adoptStripePrice } from '~/modules/catalog/index.server';
import { adoptStripeCustomer } from '~/modules/stripe/index.server';
import { type Tx } from '~/platform/db.server';

import { lockStuck, requeueStuck, type SeenEvent } from './resting-event.server';
import { type ByStaff } from './staff-permit.server';

/** What only a person knows. The event's door judges everything else, amounts too, as ever. */
export type Correction =
  /** A Stripe price that somebody made by hand sells this version of the catalogue. */
  | { kind: 'price'; stripePrice: string; versionId: string; currency: string }
  /** A Stripe customer that somebody made by hand is this customer. */
  | { kind: 'customer'; stripeCustomer: string; customerId: string };

export type CorrectOutcome =
  /** The event runs again. */
  | { outcome: 'corrected' }
  /** It has moved since it was seen. */
  | { outcome: 'moved' }
  /** What something is sold for is finance's to say. */
  | { outcome: 'needs_finance' }
  | { outcome: 'taken' | 'no_price' | 'unknown_customer' };

/** Supplies what a quarantined or dead event lacked, for it and for all that come after it. */
export async function correctEvent(
  tx: Tx,
  seen: SeenEvent,
  correction: Correction,
  by: ByStaff,
): Promise<CorrectOutcome> {
  const { realmId, eventId } = seen;
  if (correction.kind === 'price' && !hasRole(by.role, 'finance')) return { outcome: 'needs_finance' };
  if (!(await lockStuck(tx, seen))) return { outcome: 'moved' };
  const { outcome } = await adopt(tx, realmId, correction);
  if (outcome !== 'adopted') return { outcome };
  await requeueStuck(tx, realmId, [eventId]);
  await appendAudit(tx, {
    ...{ actor: by.actor, act: 'event.corrected', subject: eventId, reason: by.reason, realmId },
    ...{ comment: by.comment, after: { ...correction } },
  });
  return { outcome: 'corrected' };
}

async function adopt(tx: Tx, realmId: string, correction: Correction) {
  if (correction.kind === 'customer') {
    const { customerId, stripeCustomer: stripeId } = correction;
    if ((await tx.customer.count({ where: { id: customerId } })) === 0)
      return { outcome: 'unknown_customer' as const };
    return adoptStripeCustomer(tx, { realmId, customerId, stripeId });
  }
  const { versionId, currency, stripePrice: stripeId } = correction;
  return adoptStripePrice(tx, { realmId, versionId, currency, stripeId });
}
