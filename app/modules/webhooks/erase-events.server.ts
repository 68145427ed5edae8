import * as z from 'zod';

import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { redactEvents } from './redact-events.server';

const PAGE = 2000;
const MAX_REALMS = 100;

export interface EventsOf {
  customerId: string;
  /** Ids at Stripe and addresses by which an event is known to tell of the person. */
  marks: readonly string[];
  /** Nothing that came before is about them. */
  since: Date;
  /** What the events are redacted for. */
  cause: string;
}

/**
 * Takes the person out of every event at rest that tells of them, page by page in order of receipt: payloads are not
 * indexed by what they say. It may end and begin again anywhere.
 * @returns how many events lost their payload
 */
export async function eraseEvents(db: Db, whom: EventsOf): Promise<number> {
  const realms = await db.realm.findMany({ select: { id: true }, take: MAX_REALMS });
  let redacted = 0;
  for (const { id: realmId } of realms)
    for (let after = ''; ;) {
      const from = after;
      const page = await inTransaction(db, 'erase events', (tx) => erasePage(tx, whom, realmId, from));
      redacted += page.redacted;
      if (page.last === undefined) break;
      after = page.last;
    }
  return redacted;
}

const pageRows = z.array(z.object({ id: z.string(), payload: z.string().nullable() }));

async function erasePage(
  tx: Tx,
  { customerId, marks, since, cause }: EventsOf,
  realmId: string,
  after: string,
): Promise<{ redacted: number; last: string | undefined }> {
  const needles = [customerId, ...marks].map((mark) => JSON.stringify(mark).slice(1, -1).toLowerCase());
  const rows = await tx.$queryRaw`
    SELECT e.id, CASE WHEN e.redacted_at IS NULL AND e.status NOT IN ('queued', 'waiting')
      AND EXISTS (SELECT FROM unnest(${needles}::text[]) n WHERE strpos(lower(e.payload), n) > 0) THEN e.payload END AS payload
    FROM event e
    WHERE e.realm = ${realmId} AND e.received_at >= ${since}
      AND (${after} = '' OR (e.received_at, e.id) > (SELECT c.received_at, c.id FROM event c WHERE c.realm = ${realmId} AND c.id = ${after}))
    ORDER BY e.received_at, e.id LIMIT ${PAGE}`;
  const page = pageRows.parse(rows);
  const telling = page.flatMap(({ id, payload }) => (payload === null ? [] : [{ realmId, id, payload }]));
  return { redacted: await redactEvents(tx, telling, cause), last: page.at(-1)?.id };
}

const lateRows = z.array(z.object({ realmId: z.string(), id: z.string(), payload: z.string() }));
const LATE_PAGE = 500;

/**
 * What Stripe says of a person after their deletion (a debit that settles, a refund that fails) is used and then taken out
 * as well: events of the last days that rest and name a Stripe customer of somebody who is gone.
 * @returns how many: a full page when there may be more
 */
export async function eraseLateEvents(tx: Tx, since: Date): Promise<{ redacted: number; isMore: boolean }> {
  const rows = await tx.$queryRaw`
    SELECT e.realm AS "realmId", e.id, e.payload FROM event e
    JOIN stripe_customer s ON s.realm = e.realm AND s.stripe_id = CASE WHEN e.object_id LIKE 'cus\_%' THEN e.object_id
      ELSE substring(e.payload FROM '"customer": ?"(cus_[A-Za-z0-9_]+)"') END
    JOIN customer_deletion d ON d.customer = s.customer AND d.state = 'done'
    WHERE e.received_at >= ${since} AND e.redacted_at IS NULL AND e.status IN ('done', 'dismissed')
    LIMIT ${LATE_PAGE}`;
  const late = lateRows.parse(rows);
  return { redacted: await redactEvents(tx, late, 'retention'), isMore: late.length === LATE_PAGE };
}
