import { appendAudit } from '~/modules/audit/index.server';
import { type Db, inTransaction } from '~/platform/db.server';

import { redactEvents } from './redact-events.server';

export interface RedactEventInput {
  realmId: string;
  eventId: string;
  actor: string;
  reason: string;
  comment: string;
}

export type RedactEventOutcome =
  | { outcome: 'redacted' }
  /** By this act or an earlier one. */
  | { outcome: 'already_redacted' }
  /** It is on its way: its payload is needed. */
  | { outcome: 'not_at_rest' }
  | { outcome: 'unknown_event' };

/** Takes what Stripe said of a person out of one event, by hand. */
export async function redactEvent(db: Db, input: RedactEventInput): Promise<RedactEventOutcome> {
  const { realmId, eventId, actor, reason, comment } = input;
  return inTransaction(db, 'redact event', async (tx) => {
    const event = await tx.event.findUnique({
      where: { realmId_id: { realmId, id: eventId } },
      select: { payload: true, redactedAt: true },
    });
    if (event === null) return { outcome: 'unknown_event' };
    if (event.redactedAt !== null) return { outcome: 'already_redacted' };
    const whole = { realmId, id: eventId, payload: event.payload };
    if ((await redactEvents(tx, [whole], `staff:${actor}`)) === 0) {
      const now = await tx.event.findUniqueOrThrow({
        where: { realmId_id: { realmId, id: eventId } },
        select: { redactedAt: true },
      });
      return { outcome: now.redactedAt === null ? 'not_at_rest' : 'already_redacted' };
    }
    await appendAudit(tx, { actor, act: 'event.redacted', subject: eventId, reason, comment, realmId });
    return { outcome: 'redacted' };
  });
}
