import { type Db } from '~/platform/db.server';
import { toDecimal } from '~/platform/money';

import { type PaymentFilters, walkPayments } from './list-payments.server';

/** So many rows are read at once; the list itself has no end here. */
const CHUNK = 1000;

const COLUMNS = [
  'payment',
  'created_at',
  'settled_at',
  'state',
  'kind',
  'customer',
  'email',
  'name',
  'pack',
  'quantity',
  'credits',
  'currency',
  'price',
  'discount',
  'tax',
  'paid',
  'card',
  'review_reason',
  'session',
  'payment_intent',
  'charge',
  'invoice',
  'realm',
  'mode',
] as const;

type Cell = string | null | undefined;

/** A spreadsheet takes text that begins like this for a formula; the quote before it makes it text again. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line of RFC 4180, ended. */
function csvLine(cells: readonly Cell[]): string {
  const written = cells.map((cell) => {
    const text = cell ?? '';
    const safe = FORMULA.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${written.join(',')}\r\n`;
}

async function readRows(db: Db, ids: string[]): Promise<string[]> {
  const found = await db.payment.findMany({
    where: { id: { in: ids } },
    take: CHUNK,
    select: {
      id: true,
      createdAt: true,
      paidAt: true,
      state: true,
      kind: true,
      quantity: true,
      credits: true,
      currency: true,
      amountSubtotal: true,
      amountDiscount: true,
      amountTax: true,
      amountPaid: true,
      card: true,
      reviewReason: true,
      stripeSession: true,
      stripeIntent: true,
      stripeCharge: true,
      stripeInvoice: true,
      customer: { select: { id: true, email: true, name: true } },
      version: { select: { name: true } },
      realm: { select: { name: true, mode: true } },
    },
  });
  const byId = new Map(found.map((payment) => [payment.id, payment]));
  return ids.flatMap((id) => {
    const payment = byId.get(id);
    if (payment === undefined) return [];
    const { customer, version, realm, currency } = payment;
    const money = (minor: bigint | null) => (minor === null ? undefined : toDecimal(minor, currency));
    return [
      csvLine([
        id,
        payment.createdAt.toISOString(),
        payment.paidAt?.toISOString(),
        payment.state,
        payment.kind,
        customer.id,
        customer.email,
        customer.name,
        version?.name,
        String(payment.quantity),
        payment.credits.toString(),
        currency,
        money(payment.amountSubtotal),
        money(payment.amountDiscount),
        money(payment.amountTax),
        money(payment.amountPaid),
        payment.card,
        payment.reviewReason,
        payment.stripeSession,
        payment.stripeIntent,
        payment.stripeCharge,
        payment.stripeInvoice,
        realm.name,
        realm.mode,
      ]),
    ];
  });
}

async function* lines(db: Db, filters: PaymentFilters): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const ids of walkPayments(db, filters, CHUNK)) yield (await readRows(db, ids)).join('');
}

/**
 * The whole filtered list as CSV, read a chunk at a time until its end or until the reader is gone. Remix takes chunks
 * without waiting for the network: what a slow reader has not fetched yet, some 300 bytes a row, waits in memory. Nor
 * does it cancel the stream, so only the signal of the request ends the reading early.
 */
export function exportPayments(
  db: Db,
  filters: PaymentFilters,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const source = lines(db, filters);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      if (signal.aborted) await source.return(undefined);
      const next = await source.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await source.return(undefined);
    },
  });
}
