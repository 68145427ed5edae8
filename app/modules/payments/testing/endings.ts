import { expect } from 'vitest';
import * as z from 'zod';

import { verifyLedger } from '~/modules/ledger/index.server';
import { type Db } from '~/platform/db.server';

const ending = z.object({
  state: z.string(),
  transfers: z.int(),
  /** Lots of what was sold, at what was paid, under the payment's own key. */
  lots: z.int(),
  /** What the customer can spend, in grants of this sale. */
  grants: z.int(),
  money: z.enum(['intent', 'session', 'other', 'none']),
  amountPaid: z.int().nullable(),
  links: z.array(z.enum(['session', 'intent', 'charge', 'invoice'])),
  shown: z.array(z.enum(['card', 'receipt', 'invoice'])),
  paidChanges: z.int(),
  /** Rows of money that was paid a second time. */
  seconds: z.int(),
  /** Kinds of mail that are to be written to the customer, each as often as it is queued. */
  mails: z.array(z.string()),
});
export type Ending = z.infer<typeof ending>;

const endings = z.array(z.object({ ending, sales: z.int(), example: z.string() }));

/**
 * How sales ended, each way of ending once. Every sale is of a customer of its own, so what the customer has is what
 * the sale brought.
 */
export async function endingsOf(
  db: Db,
  sales: readonly string[],
): Promise<{ ending: Ending; sales: number; example: string }[]> {
  return endings.parse(
    await db.$queryRaw`
      SELECT ending, count(*)::int AS sales, min(id) AS example FROM (
        SELECT p.id, jsonb_build_object(
          'state', p.state,
          'transfers', (SELECT count(*) FROM transfer t WHERE t.payment = p.id),
          'lots', (SELECT count(*) FROM lot l JOIN entry e ON e.lot = l.id JOIN transfer t ON t.id = e.transfer
            WHERE l.payment = p.id AND l.granted = p.credits AND l.paid_minor = p.amount_paid AND l.currency = p.currency
              AND t.key = 'grant:' || p.id),
          'grants', coalesce((SELECT b.available FROM realm r, ledger_balance(r.mode, p.customer, clock_timestamp()) b
            WHERE r.id = p.realm), 0)::numeric / p.credits,
          'money', CASE p.money_object WHEN p.stripe_intent THEN 'intent' WHEN p.stripe_session THEN 'session'
            ELSE CASE WHEN p.money_object IS NULL THEN 'none' ELSE 'other' END END,
          'amountPaid', p.amount_paid,
          'links', array_remove(ARRAY[CASE WHEN p.stripe_session IS NOT NULL THEN 'session' END,
            CASE WHEN p.stripe_intent IS NOT NULL THEN 'intent' END, CASE WHEN p.stripe_charge IS NOT NULL THEN 'charge' END,
            CASE WHEN p.stripe_invoice IS NOT NULL THEN 'invoice' END], NULL),
          'shown', array_remove(ARRAY[CASE WHEN p.card IS NOT NULL THEN 'card' END,
            CASE WHEN p.receipt_url IS NOT NULL THEN 'receipt' END, CASE WHEN p.invoice_url IS NOT NULL THEN 'invoice' END], NULL),
          'paidChanges', (SELECT count(*) FROM payment_change c WHERE c.payment = p.id AND c."to" = 'paid'),
          'seconds', (SELECT count(*) FROM payment s WHERE s.second_of = p.id AND s.state = 'review'),
          'mails', ARRAY(SELECT split_part(j.key, ':', 3) FROM graphile_worker.jobs j WHERE j.key LIKE 'payments.mail:' || p.id || ':%' ORDER BY 1)
        ) AS ending
        FROM payment p WHERE p.id = ANY (${[...sales]}::text[])
      ) sale GROUP BY ending ORDER BY sales DESC`,
  );
}

const LINKED = ['session', 'intent', 'charge', 'invoice'] as const;

/** A card purchase whose every event has come: granted once, with all that is shown of it. */
export const grantedOnce = (change: Partial<Ending> = {}): Ending => ({
  state: 'paid',
  transfers: 1,
  lots: 1,
  grants: 1,
  money: 'intent',
  amountPaid: 2000,
  links: [...LINKED],
  shown: ['card', 'receipt', 'invoice'],
  paidChanges: 1,
  seconds: 0,
  mails: ['credits_added'],
  ...change,
});

/** The books are whole: every chain follows, and wallets, lots and entries add up to what the payments granted. */
export async function expectWholeBooks(db: Db): Promise<void> {
  expect(await verifyLedger(db)).toEqual([]);
  const sums = await db.$queryRaw`
    SELECT (SELECT coalesce(sum(available), 0) FROM wallet)::text AS wallets, (SELECT coalesce(sum(available), 0) FROM lot)::text AS lots,
      (SELECT coalesce(sum(amount), 0) FROM entry WHERE "to" = 'available')::text AS entries,
      (SELECT coalesce(sum(credits), 0) FROM payment WHERE state = 'paid')::text AS sold`;
  const [sum] = z
    .tuple([z.object({ wallets: z.string(), lots: z.string(), entries: z.string(), sold: z.string() })])
    .parse(sums);
  expect(new Set(Object.values(sum)).size, JSON.stringify(sum)).toBe(1);
}

/** Every event has its decision, and every try of it an outcome. */
export async function expectAllDecided(db: Db): Promise<void> {
  const statuses = await db.event.groupBy({ by: ['status'], _count: true });
  expect(statuses.map(({ status }) => status)).toEqual(['done']);
  const [untold] = z.tuple([z.object({ n: z.int() })]).parse(
    await db.$queryRaw`
        SELECT count(*)::int AS n FROM event e
        WHERE e.tries <> (SELECT count(*) FROM attempt a WHERE a.realm = e.realm AND a.event = e.id AND a.run = e.run)`,
  );
  expect(untold.n).toBe(0);
}
