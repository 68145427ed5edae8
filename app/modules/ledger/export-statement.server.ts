import { type CsvCell, csvLine } from '~/platform/csv.server';
import { type Db } from '~/platform/db.server';
import { download, type DownloadFormat, streamText } from '~/platform/download.server';
import { parseInstant } from '~/platform/time';

import {
  readStatementHead,
  type StatementHead,
  type StatementRow,
  walkStatement,
} from './read-statement.server';
import { type Book, hasStaffReason } from './shared';

/** The columns of a statement, by the same names in both forms. Names are kept; new ones come last. */
const COLUMNS = [
  'entry',
  'recorded_at',
  'occurred_at',
  'kind',
  'from',
  'to',
  'amount',
  'available_change',
  'available_after',
  'held_after',
  'claimed_after',
  'debt_after',
  'lot',
  'lot_kind',
  'lot_expires_at',
  'payment',
  'hold',
  'transfer',
  'reverses',
  'reason',
] as const satisfies readonly (keyof StatementRow)[];

/** Who asked and by which key is for staff alone. */
const STAFF_COLUMNS = [...COLUMNS, 'key', 'actor'] as const satisfies readonly (keyof StatementRow)[];

type Columns = typeof COLUMNS | typeof STAFF_COLUMNS;

export interface StatementFileInput {
  book: Book;
  customerId: string;
  /** A customer's own copy names no staff and none of their reasons. */
  reader: 'customer' | 'staff';
  format: DownloadFormat;
}

/**
 * Answers a request for a wallet's statement as a file: the balances as of `?at=` (now when it is left out), then every
 * entry recorded by then, newest first. It is one state of the wallet, however long it takes to read and whatever is
 * added meanwhile. `statement.md` says what each name means. 400 when `at` is no instant, 404 without such a customer.
 */
export async function sendStatement(db: Db, request: Request, input: StatementFileInput): Promise<Response> {
  const asked = new URL(request.url).searchParams.get('at');
  const at = asked === null ? undefined : parseInstant(asked);
  if (asked !== null && at === undefined) return new Response(NO_INSTANT, { status: 400 });
  const head = await readStatementHead(db, { ...input, at });
  if (head === undefined) return new Response('There is no such customer.', { status: 404 });
  const write = input.format === 'csv' ? csv : json;
  const day = head.asOf.slice(0, at === undefined ? 10 : 19).replaceAll(':', '');
  return download(streamText(write(input, head, chunks(db, input, head)), request.signal), {
    name: `credits-${input.book}-${at === undefined ? '' : 'as-of-'}${day}`,
    format: input.format,
  });
}

const NO_INSTANT =
  'at must be an instant in ISO 8601 with its offset, to the microsecond at most: 2026-11-21T18:00:00Z.';

async function* chunks(
  db: Db,
  { reader }: StatementFileInput,
  head: StatementHead,
): AsyncGenerator<StatementRow[]> {
  for await (const rows of walkStatement(db, head))
    yield reader === 'staff'
      ? rows
      : rows.map((row) => (hasStaffReason(row.kind) ? { ...row, reason: null } : row));
}

const columnsOf = ({ reader }: StatementFileInput): Columns => (reader === 'staff' ? STAFF_COLUMNS : COLUMNS);

/** The balances are the first row under the names, of the kind `balance`. */
async function* csv(
  input: StatementFileInput,
  head: StatementHead,
  source: AsyncGenerator<StatementRow[]>,
): AsyncGenerator<string> {
  const columns = columnsOf(input);
  const balance: Partial<Record<keyof StatementRow, CsvCell>> = {
    recorded_at: head.asOf,
    kind: 'balance',
    available_after: head.available,
    held_after: head.held,
    claimed_after: head.claimed,
    debt_after: head.debt,
  };
  yield csvLine(columns) + csvLine(columns.map((column) => balance[column]));
  for await (const rows of source)
    yield rows.map((row) => csvLine(columns.map((column) => row[column]))).join('');
}

/** Numbers of credits are strings: a number of JSON is exact to 2^53 only. */
async function* json(
  input: StatementFileInput,
  head: StatementHead,
  source: AsyncGenerator<StatementRow[]>,
): AsyncGenerator<string> {
  const { asOf, walletId, available, held, claimed, debt, frozen } = head;
  const about = {
    book: input.book,
    customer: input.customerId,
    wallet: walletId,
    as_of: asOf,
    balance: { available, held, claimed, debt, frozen },
  };
  yield `${stringify(about).slice(0, -1)},"entries":[`;
  const columns = columnsOf(input);
  let between = '\n';
  for await (const rows of source) {
    const written = rows.map((row) =>
      stringify(Object.fromEntries(columns.map((column) => [column, row[column]]))),
    );
    yield `${between}${written.join(',\n')}`;
    between = ',\n';
  }
  yield '\n]}\n';
}

const stringify = (value: object): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
