import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type AccountTotal, readBookTotals, readDayRoot } from '../modules/ledger/index.server';
import { type Book, BOOKS } from '../modules/ledger/shared';
import { type Instant, parseInstant } from '../platform/time';
import { onDatabase } from './on-database';
import { OperatorError } from './operator-error';
import { walkLedger } from './walk-ledger';

type Say = (sentence: string) => void;

const string = { type: 'string' } as const;
const book = z.enum(BOOKS, { error: `--book must be one of ${BOOKS.join(', ')}.` });
const day = z.iso.date({ error: '--day must be a day, for example --day 2026-11-20.' });
const digest = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, '--expect must be a root: 64 hexadecimal digits.')
  .toLowerCase();
const batch = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, '--batch must be a number of wallets, for example --batch 500.')
  .transform(Number);
const instant = z.string().transform((text, context): Instant => {
  const at = parseInstant(z.iso.date().safeParse(text).success ? `${text}T23:59:59.999999Z` : text);
  if (at !== undefined) return at;
  context.addIssue(
    '--at must be a day or an instant, for example --at 2026-11-20 or --at 2026-11-20T12:00:00Z.',
  );
  return z.NEVER;
});

/**
 * `ledger verify`, `ledger root`, `ledger totals` and `ledger notices`.
 * @throws OperatorError when something is broken, differs, or an option is not what it should be
 */
export async function ledgerCommand(words: string[], say: Say): Promise<void> {
  const [act, ...args] = words;
  if (act === 'verify') return verify(args, say);
  if (act === 'root') return root(args, say);
  if (act === 'totals') return totals(args, say);
  if (act === 'notices') {
    const { ledgerNoticesCommand } = await import('./ledger-notices-command');
    return ledgerNoticesCommand(args, say);
  }
  throw new OperatorError('Usage: ledger verify | ledger root | ledger totals | ledger notices');
}

async function verify(args: string[], say: Say): Promise<void> {
  const { values } = parseArgs({ args, options: { from: string, to: string, book: string, batch: string } });
  const { from, to } = values;
  const options = { from, to, book: optional(book, values.book), batch: optional(batch, values.batch) };
  const { wallets, entries, faults } = await onDatabase((db) => walkLedger(db, options, say));
  if (faults.length > 0) throw new OperatorError(faults.join('\n'));
  say(`The ledger is intact. Wallets: ${wallets}, entries: ${entries}.`);
}

async function root(args: string[], say: Say): Promise<void> {
  const { values } = parseArgs({ args, options: { day: string, book: string, expect: string } });
  const asked = { book: optional(book, values.book) ?? 'live', day: read(day, values.day) };
  const expected = optional(digest, values.expect);
  const answer = await onDatabase((db) => readDayRoot(db, asked));
  if (answer.outcome === 'not_over')
    throw new OperatorError(`${asked.day} is not over in UTC: its root would still change.`);
  say(`${answer.root}  ${answer.book} ${answer.day}, wallets: ${answer.wallets}, entries: ${answer.entries}`);
  if (expected === undefined) return;
  if (expected !== answer.root)
    throw new OperatorError(
      `The root is not the expected one: the ${answer.book} ledger up to ${answer.day} is not what it was when ${expected} was taken.`,
    );
  say('It is the expected one: nothing up to that day has changed.');
}

async function totals(args: string[], say: Say): Promise<void> {
  const { values } = parseArgs({ args, options: { book: string, at: string } });
  const asked = { book: optional(book, values.book) ?? 'live', at: optional(instant, values.at) };
  const accounts = await onDatabase((db) => readBookTotals(db, asked));
  say(table(asked, accounts));
}

const WIDTH = 22;

/** The roll-forward: what each account held when the day began, what moved since, what it holds. */
function table(asked: { book: Book; at: Instant | undefined }, accounts: readonly AccountTotal[]): string {
  const sum = (of: (total: AccountTotal) => bigint) => accounts.reduce((total, one) => total + of(one), 0n);
  const opening = sum((total) => total.opening);
  const moved = sum((total) => total.moved);
  const line = (name: string, ...cells: readonly (string | bigint)[]) =>
    name.padEnd(WIDTH) + cells.map((cell) => cell.toLocaleString('en').padStart(WIDTH)).join('');
  return [
    line(`${asked.book}, ${asked.at ?? 'now'}`),
    line('account', 'when the day began', 'since', 'then'),
    ...accounts.map((one) => line(one.account, one.opening, one.moved, one.opening + one.moved)),
    line('all together', opening, moved, opening + moved),
  ].join('\n');
}

function read<Value>(schema: z.ZodType<Value>, text: string | undefined): Value {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new OperatorError(parsed.error.issues.map(({ message }) => message).join('\n'));
}

function optional<Value>(schema: z.ZodType<Value>, text: string | undefined): Value | undefined {
  return text === undefined ? undefined : read(schema, text);
}
