import { csvLine } from '~/platform/csv.server';
import { type Db } from '~/platform/db.server';
import { streamText } from '~/platform/download.server';
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
        payment.quantity,
        payment.credits,
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

/** The whole filtered list as CSV, read a chunk at a time; a row is some 300 bytes. */
export function exportPayments(
  db: Db,
  filters: PaymentFilters,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  return streamText(lines(db, filters), signal);
}
