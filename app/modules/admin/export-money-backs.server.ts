import { csvLine } from '~/platform/csv.server';
import { type Db } from '~/platform/db.server';
import { streamText } from '~/platform/download.server';
import { toDecimal } from '~/platform/money';

import { type MoneyBackFilters, walkMoneyBacks } from './list-money-backs.server';
import { type MoneyBackRow } from './shared';

/** So many rows are read at once; the list itself has no end here. */
const CHUNK = 1000;

const COLUMNS = [
  ...['id', 'stripe_id', 'created_at', 'kind', 'status', 'level', 'currency', 'amount', 'reason', 'failure'],
  ...['answer_by', 'asked_by', 'asked_by_name', 'payment', 'customer', 'email', 'name'],
  ...['payment_credits', 'payment_credits_taken', 'payment_shortfall', 'payment_owed', 'realm'],
] as const;

const lineOf = (row: MoneyBackRow): string =>
  csvLine([
    ...[row.id, row.stripeId, row.createdAt.toISOString(), row.kind, row.status, row.level, row.currency],
    ...[toDecimal(row.amount, row.currency), row.reason, row.failure],
    ...[row.dueBy?.toISOString(), row.actor, row.actorName, row.paymentId],
    ...[row.customer.id, row.customer.email, row.customer.name],
    ...[row.claim?.granted, row.claim?.taken, row.claim?.shortfall, row.claim?.owed, row.realmId],
  ]);

async function* lines(db: Db, filters: MoneyBackFilters): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const rows of walkMoneyBacks(db, filters, CHUNK)) yield rows.map(lineOf).join('');
}

/** The whole filtered list as CSV, read a chunk at a time. */
export function exportMoneyBacks(
  db: Db,
  filters: MoneyBackFilters,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  return streamText(lines(db, filters), signal);
}
