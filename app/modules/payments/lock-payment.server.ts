import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

import { type Links } from './link-payment.server';
import { DEFAULT_SETTLEMENT, settlementPolicyRow } from './settlement-policy.server';
import { PAYMENT_STATES } from './shared';

const lockedRow = z.object({
  id: z.string(),
  realmId: z.string(),
  customerId: z.string(),
  kind: z.enum(['pack', 'plan', 'topup', 'offline']),
  state: z.enum(PAYMENT_STATES),
  versionId: z.string().nullable(),
  quantity: z.int(),
  credits: z.bigint(),
  currency: z.string(),
  amountSubtotal: z.bigint(),
  amountPaid: z.bigint().nullable(),
  stripeSession: z.string().nullable(),
  stripeIntent: z.string().nullable(),
  stripeCharge: z.string().nullable(),
  stripeInvoice: z.string().nullable(),
  moneyObject: z.string().nullable(),
  receiptUrl: z.string().nullable(),
  invoiceUrl: z.string().nullable(),
  expiresDays: z.int().nullable(),
  isOfClosed: z.boolean(),
  policy: settlementPolicyRow.nullable().transform((policy) => policy ?? DEFAULT_SETTLEMENT),
});

/**
 * A payment under its row lock, for the rest of the transaction; `isOfClosed` when its customer's deletion is asked for.
 * `policy` is its realm's rule of settlement as the statement found it: what was changed before it began holds.
 */
export interface LockedPayment extends z.infer<typeof lockedRow> {
  /** Links that are known and go to the database with the payment's next change (`writeLinks` at the latest). */
  unwritten: Links;
}

/**
 * Locks one payment, of one realm if the caller knows it. The ledger names payments while it holds the wallet that this
 * caller may want next: the lock lets it. Whoever waited for the lock gets the row as it stands then; a version never
 * changes, so it may be read beside it.
 */
export async function lockPayment(tx: Tx, id: string, realmId?: string): Promise<LockedPayment | undefined> {
  const rows = await tx.$queryRaw`
    SELECT p.id, p.realm AS "realmId", p.customer AS "customerId", p.kind, p.state, p.catalog_version AS "versionId",
      p.quantity, p.credits, p.currency, p.amount_subtotal AS "amountSubtotal", p.amount_paid AS "amountPaid", p.stripe_session AS "stripeSession",
      p.stripe_intent AS "stripeIntent", p.stripe_charge AS "stripeCharge", p.stripe_invoice AS "stripeInvoice",
      p.money_object AS "moneyObject", p.receipt_url AS "receiptUrl", p.invoice_url AS "invoiceUrl", v.expires_days AS "expiresDays",
      c.closed_at IS NOT NULL AS "isOfClosed",
      CASE WHEN s.realm IS NOT NULL THEN jsonb_build_object('current', s.current, 'candidate', s.candidate,
        'percentage', s.percentage, 'former', s.former) END AS policy
    FROM payment p JOIN customer c ON c.id = p.customer LEFT JOIN catalog_version v ON v.id = p.catalog_version
      LEFT JOIN settlement_policy s ON s.realm = p.realm
    WHERE p.id = ${id} AND p.realm = coalesce(${realmId ?? null}, p.realm)
    FOR NO KEY UPDATE OF p`;
  const [row] = z.array(lockedRow).parse(rows);
  return row && { ...row, unwritten: {} };
}
