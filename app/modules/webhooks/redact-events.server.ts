import * as z from 'zod';

import { redactPayload } from '~/modules/stripe/index.server';
import { type Tx } from '~/platform/db.server';

export interface WholeEvent {
  realmId: string;
  id: string;
  payload: string;
}

const updated = z.array(z.object({ id: z.string() }));

/**
 * Takes all but envelope and object id out of events that rest; one that went on its way meanwhile is left alone. From then
 * on such an event is read from Stripe by its object's id, as one of another API version is.
 * @param redactedFor `retention`, a deletion's id or `staff:usr_…`
 * @returns how many
 */
export async function redactEvents(
  tx: Tx,
  events: readonly WholeEvent[],
  redactedFor: string,
): Promise<number> {
  if (events.length === 0) return 0;
  const rows = await tx.$queryRaw`
    UPDATE event e SET payload = d.payload, redacted_at = clock_timestamp(), redacted_for = ${redactedFor}
    FROM unnest(${events.map(({ realmId }) => realmId)}::text[], ${events.map(({ id }) => id)}::text[],
      ${events.map(({ payload }) => redactPayload(payload))}::text[]) d (realm, id, payload)
    WHERE e.realm = d.realm AND e.id = d.id AND e.redacted_at IS NULL AND e.status NOT IN ('queued', 'waiting')
    RETURNING e.id`;
  return updated.parse(rows).length;
}
