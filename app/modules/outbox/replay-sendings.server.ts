import * as z from 'zod';

import { appendAudit } from '~/modules/audit/index.server';
import { addJob } from '~/modules/jobs/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { lockEndpoint } from './disable-endpoint.server';

/** What is sent anew to an endpoint. */
export type ReplayWish =
  /** Sendings that have ended, however they did; of one message the newest of those named. */
  | { what: 'these'; sendingIds: string[] }
  /** What was given up or canceled of messages since then, and not sent by a later replay. */
  | { what: 'failed'; since: Date }
  /** Messages since then that it wants and that were never on their way to it. */
  | { what: 'missed'; since: Date };

export interface ReplaySendingsInput {
  endpointId: string;
  wish: ReplayWish;
  /** A user's id, or `cli`. */
  actor: string;
  /** A reason code. */
  reason?: string;
  comment?: string;
  /** Of the click that asks: however often it is sent, it happens once, and is answered as the first time. */
  key?: string;
}

export type ReplaySendingsOutcome =
  /** `hasMore`: as many as one act takes; ask again for the rest. */
  | { outcome: 'replayed'; count: number; hasMore: boolean }
  /** There is none, or it is not on. */
  | { outcome: 'not_on' }
  /** Nothing fits, or what was named is still on its way. */
  | { outcome: 'nothing_selected' };

/** So many in one transaction. */
const AT_ONCE = 1000;

const written = z.array(z.object({ id: z.string() }));

/** Sends messages anew, each as a row of its own: what was sent before stays as it was. One line of audit. */
export async function replaySendings(tx: Tx, input: ReplaySendingsInput): Promise<ReplaySendingsOutcome> {
  const { endpointId, wish, actor, reason, comment, key } = input;
  await lockEndpoint(tx, endpointId);
  const before = key === undefined ? 0 : await tx.sending.count({ where: { endpointId, key, actor } });
  if (before > 0) return { outcome: 'replayed', count: before, hasMore: before === AT_ONCE };
  if ((await tx.endpoint.count({ where: { id: endpointId, state: 'on' } })) === 0)
    return { outcome: 'not_on' };
  const ids = written.parse(
    await tx.$queryRaw`
      INSERT INTO sending (id, message, endpoint, n, replay_of, actor, key)
      SELECT 'snd_' || replace(uuidv7()::text, '-', ''), s.message, ${endpointId}, s.n, s.replay_of, ${actor}, ${key ?? null}
      FROM (${selected(endpointId, wish)}) s
      RETURNING id`,
  );
  const [first] = ids;
  if (first === undefined) return { outcome: 'nothing_selected' };
  // One job wakes a worker, which goes on until nothing is due.
  await addJob(tx, 'outbox.send', { sendingId: first.id });
  const after = { ...wish, count: ids.length };
  const said = { ...(reason === undefined ? {} : { reason }), ...(comment === undefined ? {} : { comment }) };
  await appendAudit(tx, { actor, act: 'endpoint.replayed', subject: endpointId, after, ...said });
  return { outcome: 'replayed', count: ids.length, hasMore: ids.length === AT_ONCE };
}

/** Message, number and what it replays, of each row to write: the oldest first. */
function selected(endpointId: string, wish: ReplayWish): Prisma.Sql {
  const latest = Prisma.sql`NOT EXISTS (SELECT FROM sending l WHERE l.message = o.message AND l.endpoint = o.endpoint AND l.n > o.n)`;
  switch (wish.what) {
    case 'these':
      return Prisma.sql`
        SELECT DISTINCT ON (o.message) o.message, l.n + 1 AS n, o.id AS replay_of FROM sending o
          JOIN LATERAL (SELECT max(l.n) AS n, bool_or(l.state = 'pending') AS busy FROM sending l WHERE l.message = o.message AND l.endpoint = o.endpoint) l ON NOT l.busy
        WHERE o.id = ANY (${wish.sendingIds}::text[]) AND o.endpoint = ${endpointId} ORDER BY o.message, o.n DESC`;
    case 'failed':
      return Prisma.sql`
        SELECT o.message, o.n + 1 AS n, o.id AS replay_of FROM sending o JOIN message m ON m.id = o.message
        WHERE o.endpoint = ${endpointId} AND o.state IN ('failed', 'canceled') AND m.at >= ${wish.since} AND ${latest}
        ORDER BY m.at, m.id LIMIT ${AT_ONCE}`;
    case 'missed':
      return Prisma.sql`
        SELECT m.id AS message, 1 AS n, NULL AS replay_of FROM message m JOIN endpoint e ON e.id = ${endpointId} AND e.book = m.book
        WHERE m.at >= ${wish.since} AND m.type <> 'endpoint.ping' AND (e.types = '{}' OR m.type = ANY (e.types))
          AND NOT EXISTS (SELECT FROM sending o WHERE o.message = m.id AND o.endpoint = e.id)
        ORDER BY m.at, m.id LIMIT ${AT_ONCE}`;
    default:
      return assertNever(wish);
  }
}
