import { hasRole } from '~/modules/auth/shared';
import { appendAudit } from '~/modules/audit/index.server';
import { customerOfStripeCustomer, type SettledInEvent, settledInEvent } from '~/modules/stripe/index.server';
import { type Tx } from '~/platform/db.server';

import { lockStuck, type SeenEvent } from './resting-event.server';
import { type ByStaff, type Permit, permitAlone, type Stopped } from './staff-permit.server';

export type DismissOutcome =
  | { outcome: 'dismissed' }
  | Stopped
  /** It has moved since it was seen. */
  | { outcome: 'moved' }
  /** Settled money stands behind it. */
  | { outcome: 'needs_finance' };

/** Closes a quarantined or dead event for good, unless it is replayed. Where money settled, it counts against limits. */
export function dismissEvent(tx: Tx, seen: SeenEvent, by: ByStaff): Promise<DismissOutcome> {
  return dismissStuck(tx, seen, by, permitAlone(by, { kind: 'dismiss', ...seen }));
}

export async function dismissStuck(
  tx: Tx,
  seen: SeenEvent,
  by: ByStaff,
  permit: Permit,
): Promise<DismissOutcome> {
  const { realmId, eventId } = seen;
  const event = await lockStuck(tx, seen);
  if (!event) return { outcome: 'moved' };
  const settled = settledInEvent(event);
  if (settled) {
    if (!hasRole(by.role, 'finance')) return { outcome: 'needs_finance' };
    const customerId = await customerOf(tx, realmId, settled);
    const { currency: unit, amount } = settled;
    const { book } = event;
    const stop = await permit(tx, { book, act: 'dismiss', subject: eventId, customerId, unit, amount });
    if (stop) return stop;
  }
  await tx.event.updateMany({
    where: { realmId, id: eventId, run: seen.run, status: { in: ['quarantined', 'dead'] } },
    data: { status: 'dismissed', decidedAt: new Date() },
  });
  await appendAudit(tx, {
    ...{ actor: by.actor, act: 'event.dismissed', subject: eventId, reason: by.reason, realmId },
    ...{ comment: by.comment, before: { status: event.status }, after: { settled: settled?.amount ?? null } },
  });
  return { outcome: 'dismissed' };
}

async function customerOf(tx: Tx, realmId: string, settled: SettledInEvent): Promise<string | null> {
  const { customerId, stripeCustomer } = settled;
  if (customerId !== undefined && (await tx.customer.count({ where: { id: customerId } })) === 1)
    return customerId;
  if (stripeCustomer === undefined) return null;
  return (await customerOfStripeCustomer(tx, realmId, stripeCustomer)) ?? null;
}
