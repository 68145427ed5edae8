import pg from 'pg';
import * as z from 'zod';

import { type Sandbox } from '../../stripe-sandbox/sandbox';

const openCounts = z.tuple([z.object({ events: z.int(), payments: z.int() })]);
const sources = z.tuple([z.object({ delivered: z.int(), paid: z.int() })]);

/** How much is under way still: deliveries at Stripe, events in the inbox, paid sessions that are no paid payment. */
export async function countOpen(databaseUrl: string, sandbox: Sandbox, paid: string[]) {
  const deliveries = deliveriesOf(sandbox).filter(({ status }) => status === 'pending').length;
  const { rows } = await query(
    databaseUrl,
    `SELECT (SELECT count(*)::int FROM event WHERE status IN ('queued', 'waiting')) AS events,
      (SELECT count(*)::int FROM unnest($1::text[]) s LEFT JOIN payment p ON p.stripe_session = s
        WHERE p.state IS DISTINCT FROM 'paid') AS payments`,
    [paid],
  );
  return { deliveries, ...openCounts.parse(rows)[0] };
}

/** How many payments are paid, and how many of them by an event that a delivery brought. */
export async function countPaid(databaseUrl: string) {
  const { rows } = await query(
    databaseUrl,
    `SELECT count(*)::int AS paid, count(e.id)::int AS delivered FROM payment_change c
    LEFT JOIN event e ON c.cause = 'event:' || e.id AND e.source = 'delivery' WHERE c."to" = 'paid'`,
    [],
  );
  return sources.parse(rows)[0];
}

/** How many deliveries of each event Stripe saw answered with 200. */
export function acknowledgementsOf(sandbox: Sandbox): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { eventId, status } of deliveriesOf(sandbox))
    if (status === 'succeeded') counts.set(eventId, (counts.get(eventId) ?? 0) + 1);
  return counts;
}

export function paidSessionsOf(sandbox: Sandbox): string[] {
  return pagesOf(sandbox.sessions)
    .filter(({ paymentStatus }) => paymentStatus === 'paid')
    .map(({ id }) => id);
}

const deliveriesOf = (sandbox: Sandbox) => pagesOf(sandbox.deliveries);

function pagesOf<T>(desk: {
  list: (query: { limit: number; cursor?: string }) => { rows: T[]; nextCursor: string | null };
}): T[] {
  const all: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page = desk.list({ limit: 1_000, ...(cursor && { cursor }) });
    all.push(...page.rows);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

async function query(databaseUrl: string, sql: string, values: unknown[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await client.query(sql, values);
  } finally {
    await client.end();
  }
}
