import type pg from 'pg';

import { verifyLedger } from '../../../app/modules/ledger/index.server';
import { closeDb, createDb } from '../../../app/platform/db.server';
import { waitFor } from '../kill-nine/wait-for';
import { type TwoOfEach } from './stage';

/** Each promise with the query that lists what breaks it. The tables seen_… hold what Stripe and the product were told. */
const PROMISES: Record<string, string> = {
  'a payment is paid when its money came, and no other': `
    SELECT p.id, p.state, s.customer IS NOT NULL AS came FROM payment p LEFT JOIN seen_sold s ON s.customer = p.customer
    WHERE (p.state = 'paid') <> (s.customer IS NOT NULL)`,
  'a paid payment has one grant, of the credits that were sold': `
    SELECT p.id, count(t.id)::int AS grants FROM payment p LEFT JOIN transfer t ON t.payment = p.id AND t.kind = 'grant'
    WHERE p.state = 'paid' GROUP BY p.id, p.credits HAVING count(t.id) <> 1 OR min(t.key) <> 'grant:' || p.id OR sum(t.amount) <> p.credits`,
  'each customer has what was sold less what the product was told is spent': `
    SELECT p.customer, p.credits, s.credits AS spent, w.available FROM payment p
    LEFT JOIN seen_spent s ON s.customer = p.customer LEFT JOIN wallet w ON w.customer = p.customer
    WHERE p.state = 'paid' AND coalesce(w.available, 0) <> p.credits - coalesce(s.credits, 0)`,
  'every event is decided; none is dead or with a person': `SELECT id, type, status, reason FROM event WHERE status <> 'done'`,
  'a claimed event is decided within 60 s': `
    SELECT id, type, (decided_at - first_try_at)::text AS took, tries FROM event WHERE decided_at - first_try_at > interval '60 seconds'`,
};

const MOST_NAMED = 5;

/** Waits until no event is under way, and says what then breaks a promise; empty when nothing does. */
export async function findBroken(
  on: Pick<TwoOfEach, 'client' | 'databaseUrl'>,
  { sold, spent }: { sold: ReadonlySet<string>; spent: ReadonlyMap<string, number> },
): Promise<Record<string, unknown[]>> {
  const underway = () =>
    countOf(on.client, `SELECT count(*) AS n FROM event WHERE status IN ('queued', 'waiting')`);
  await waitFor(async () => ((await underway()) === 0 ? true : undefined), {
    withinMs: 90_000,
    what: () => 'every event to be decided',
  }).catch(() => undefined);
  await on.client.query('CREATE TEMPORARY TABLE seen_sold AS SELECT unnest($1::text[]) AS customer', [
    [...sold],
  ]);
  await on.client.query(
    'CREATE TEMPORARY TABLE seen_spent AS SELECT * FROM unnest($1::text[], $2::bigint[]) AS told (customer, credits)',
    [[...spent.keys()], [...spent.values()]],
  );
  const found: Record<string, unknown[]> = {};
  for (const [promise, query] of Object.entries(PROMISES)) {
    const { rows } = await on.client.query<Record<string, unknown>>(query);
    if (rows.length > 0) found[promise] = [`${rows.length} in all`, ...rows.slice(0, MOST_NAMED)];
  }
  const db = createDb(on.databaseUrl, 1);
  const faults = await verifyLedger(db).finally(() => closeDb(db));
  if (faults.length > 0) found['the chains of the ledger are whole'] = faults.slice(0, MOST_NAMED);
  return found;
}

/** Tries that a process left without an outcome. */
export const countCrashed = (client: pg.Client) =>
  countOf(
    client,
    `SELECT count(*) AS n FROM attempt WHERE outcome NOT IN ('done', 'waiting') OR code = 'crashed'`,
  );

async function countOf(client: pg.Client, query: string): Promise<number> {
  const { rows } = await client.query<{ n: string }>(query);
  return Number(rows[0]?.n);
}
