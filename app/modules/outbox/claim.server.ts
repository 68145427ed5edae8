import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { CLAIM_FOR } from './schedule';

const claims = z.array(
  z.object({
    sendingId: z.string(),
    /** Which try this is, from 1. */
    n: z.int(),
    endpointId: z.string(),
    url: z.string(),
    messageId: z.string(),
    type: z.string(),
    at: z.date(),
    /** JSON as it is stored: numbers keep every digit. */
    data: z.string(),
    secrets: z.array(z.string()),
  }),
);
export type Claim = z.infer<typeof claims>[number];

/**
 * Takes due sendings of endpoints that are on in books whose outgoing webhooks are not paused, the longest due first, at most `each` of one endpoint counting those under
 * way in this process. A claim is one try: it is counted as it is taken, so that what kills workers ends too. Each row is
 * locked as it is taken and passed over by others; the look-up is one index range per endpoint, whatever waits for later.
 */
export async function claimSendings(
  db: Db,
  { room, each, underway }: { room: number; each: number; underway: readonly string[] },
): Promise<Claim[]> {
  const rows = await db.$queryRaw`
    WITH due AS (
      SELECT s.id FROM endpoint e CROSS JOIN LATERAL (
        SELECT o.id, o.due_at FROM sending o
        WHERE o.endpoint = e.id AND o.state = 'pending' AND o.due_at <= now() AND (o.claimed_until IS NULL OR o.claimed_until < now())
        ORDER BY o.due_at, o.id
        LIMIT greatest(0, ${each}::int - (SELECT count(*) FROM unnest(${underway}::text[]) u WHERE u = e.id))
        FOR UPDATE SKIP LOCKED
      ) s
      WHERE e.state = 'on'
        AND e.book NOT IN (SELECT p.book FROM pause_switch p WHERE p.work = 'outgoing' AND p.paused_at IS NOT NULL)
      ORDER BY s.due_at, s.id LIMIT ${room}::int
    ), claimed AS (
      UPDATE sending s SET tries = s.tries + 1, claimed_until = clock_timestamp() + ${CLAIM_FOR}::int * interval '1 millisecond'
      FROM due WHERE s.id = due.id
      RETURNING s.id, s.tries, s.endpoint, s.message
    )
    SELECT c.id AS "sendingId", c.tries AS n, e.id AS "endpointId", e.url, m.id AS "messageId", m.type, m.at, m.data::text AS data,
      ARRAY(SELECT k.secret FROM endpoint_secret k WHERE k.endpoint = e.id AND (k.expires_at IS NULL OR k.expires_at > now())
        ORDER BY k.n DESC) AS secrets
    FROM claimed c JOIN endpoint e ON e.id = c.endpoint JOIN message m ON m.id = c.message`;
  return claims.parse(rows);
}
