import pg from 'pg';

import { verifyLedger } from '../../../app/modules/ledger/index.server';
import { closeDb, createDb } from '../../../app/platform/db.server';
import { type Outage } from './outages';

/** What was seen from outside: at Stripe, and by the customers. */
export interface Seen {
  /** Sessions that are paid at Stripe. */
  paidSessions: string[];
  /** How many deliveries of each event were answered with 200. */
  acknowledged: Map<string, number>;
  outages: Outage[];
  /** Credits that each customer paid for, by e-mail address. */
  bought: Map<string, bigint>;
}

/** Each promise with the query that lists what breaks it. The tables seen_… hold what was seen from outside. */
const PROMISES: Record<string, string> = {
  'a session that is paid at Stripe is a paid payment here': `
    SELECT s.session, p.id, p.state FROM seen_paid s LEFT JOIN payment p ON p.stripe_session = s.session
    WHERE p.state IS DISTINCT FROM 'paid'`,
  'nothing is paid here that is not paid at Stripe': `
    SELECT p.id, p.state FROM payment p LEFT JOIN seen_paid s ON s.session = p.stripe_session
    WHERE p.state IN ('paid', 'review') AND s.session IS NULL`,
  'a paid payment has one transfer: its grant, of the credits that were sold': `
    SELECT p.id, count(t.id)::int AS transfers, sum(t.amount) AS credits FROM payment p LEFT JOIN transfer t ON t.payment = p.id
    WHERE p.state = 'paid' GROUP BY p.id
    HAVING count(t.id) <> 1 OR min(t.key) <> 'grant:' || p.id OR min(t.kind::text) <> 'grant' OR sum(t.amount) <> p.credits`,
  'there is no other transfer': `
    SELECT t.id, t.key FROM transfer t LEFT JOIN payment p ON p.id = t.payment WHERE p.state IS DISTINCT FROM 'paid'`,
  'each customer holds what they paid for': `
    SELECT s.email, s.credits, w.available FROM seen_bought s
    LEFT JOIN customer c ON c.email = s.email LEFT JOIN wallet w ON w.customer = c.id
    WHERE coalesce(w.available, 0) <> s.credits`,
  'a balance is the sum of its lots, and of its entries': `
    SELECT w.id, w.available FROM wallet w
    WHERE w.available <> (SELECT coalesce(sum(l.available), 0) FROM lot l WHERE l.wallet = w.id)
      OR w.available <> (SELECT coalesce(sum(CASE 'available'::ledger_account WHEN e."to" THEN e.amount WHEN e."from" THEN -e.amount END), 0)
        FROM entry e WHERE e.wallet = w.id)`,
  'an acknowledged event is in the inbox, each acknowledgement with its delivery': `
    SELECT s.event, s.times, e.id IS NOT NULL AS kept, count(d.id)::int AS deliveries FROM seen_acknowledged s
    LEFT JOIN event e ON e.id = s.event LEFT JOIN delivery d ON d.event = s.event AND d.status = 200
    GROUP BY s.event, s.times, e.id HAVING count(d.id) < s.times OR e.id IS NULL`,
  'every event is decided; none is dead or with a person': `
    SELECT id, type, status, reason, tries FROM event WHERE status <> 'done'`,
  'no try ended as dead or with a person': `
    SELECT event, n, outcome, code, detail FROM attempt WHERE outcome NOT IN ('done', 'waiting')`,
  'a claimed event is decided within 60 s of working time; each broken try after the first may take 30 s more': `
    SELECT e.id, e.type, b.broken, (e.decided_at - e.first_try_at)::text AS took, o.out::text
    FROM event e
    CROSS JOIN LATERAL (SELECT count(*)::int AS broken FROM attempt a WHERE a.event = e.id AND a.outcome = 'waiting' AND a.code IS NOT NULL) b
    CROSS JOIN LATERAL (SELECT coalesce(sum(least(o."to", e.decided_at) - greatest(o."from", e.first_try_at)), '0') AS out
      FROM seen_outage o WHERE o."from" < e.decided_at AND o."to" > e.first_try_at) o
    WHERE e.decided_at - e.first_try_at - o.out > interval '60 seconds' + greatest(b.broken - 1, 0) * interval '30 seconds'`,
  'a mail is written once for its cause': `
    SELECT cause, kind, count(*)::int AS times FROM mail GROUP BY cause, kind HAVING count(*) > 1`,
};

const MOST_NAMED = 5;

/** What breaks a promise, by promise; empty when nothing does. */
export async function findViolations(databaseUrl: string, seen: Seen): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const db = createDb(databaseUrl, 1);
  try {
    await writeSeen(client, seen);
    for (const [promise, query] of Object.entries(PROMISES)) {
      const { rows } = await client.query<Record<string, unknown>>(query);
      if (rows.length > 0) found[promise] = [`${rows.length} in all`, ...rows.slice(0, MOST_NAMED)];
    }
    const faults = await verifyLedger(db);
    if (faults.length > 0) found['the chains of the ledger are whole'] = faults.slice(0, MOST_NAMED);
  } finally {
    await client.end();
    await closeDb(db);
  }
  return found;
}

async function writeSeen(client: pg.Client, seen: Seen): Promise<void> {
  await client.query('CREATE TEMPORARY TABLE seen_paid AS SELECT unnest($1::text[]) AS session', [
    seen.paidSessions,
  ]);
  await client.query(
    'CREATE TEMPORARY TABLE seen_acknowledged AS SELECT * FROM unnest($1::text[], $2::int[]) AS said (event, times)',
    [[...seen.acknowledged.keys()], [...seen.acknowledged.values()]],
  );
  await client.query(
    'CREATE TEMPORARY TABLE seen_bought AS SELECT * FROM unnest($1::text[], $2::bigint[]) AS paid (email, credits)',
    [[...seen.bought.keys()], [...seen.bought.values()].map(String)],
  );
  await client.query(
    'CREATE TEMPORARY TABLE seen_outage AS SELECT * FROM unnest($1::timestamptz[], $2::timestamptz[]) AS away ("from", "to")',
    [seen.outages.map(({ from }) => from), seen.outages.map(({ to }) => to)],
  );
}
