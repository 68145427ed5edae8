import { parseArgs } from 'node:util';
import * as z from 'zod';
import { changeNotices, type NoticeSettings, readNotices } from '../modules/ledger/index.server';
import { BOOKS } from '../modules/ledger/shared';
import { closeDb, createDb, inTransaction } from '../platform/db.server';
import { formatCredits } from '../platform/money';
import { withDatabase } from './database';
import { OperatorError } from './operator-error';

const whole = z.string().regex(/^[1-9]\d{0,17}$/);
const low = z.union([z.literal('off').transform(() => null), whole.transform(BigInt)]);
const days = z.union([z.literal('off').transform(() => null), whole.transform(Number).pipe(z.int32())]);

/**
 * `ledger notices`: sets or says what a book tells its customers of by mail.
 * @throws OperatorError when an option is not what it should be
 */
export async function ledgerNoticesCommand(args: string[], say: (sentence: string) => void): Promise<void> {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { book: string, low: string, expiring: string } });
  const book = z.enum(BOOKS).safeParse(values.book);
  if (!book.success) throw new OperatorError(`--book must be one of ${BOOKS.join(', ')}.`);
  const settings = {
    ...(values.low === undefined ? {} : { lowBalance: read(low, values.low, '--low', 'credits') }),
    ...(values.expiring === undefined
      ? {}
      : { expiryNoticeDays: read(days, values.expiring, '--expiring', 'days') }),
  };
  const after = await withDatabase(async (url) => {
    const db = createDb(url, 1);
    return inTransaction(db, 'set notices', async (tx) => {
      if (Object.keys(settings).length === 0) return readNotices(tx, book.data);
      return (await changeNotices(tx, book.data, settings, { actor: 'cli' })).after;
    }).finally(() => closeDb(db));
  });
  say(`Book ${book.data}: ${sentence(after)}`);
}

function read<Value>(schema: z.ZodType<Value>, text: string, option: string, unit: string): Value {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new OperatorError(`${option} must be a whole number of ${unit} above zero, or off.`);
}

function sentence({ lowBalance, expiryNoticeDays }: NoticeSettings): string {
  const falls =
    lowBalance === null
      ? 'no customer is told of a low balance'
      : `customers are told when their credits fall below ${formatCredits(lowBalance)} and when they run out`;
  const ends =
    expiryNoticeDays === null
      ? 'none of credits that expire'
      : `and ${expiryNoticeDays === 1 ? 'a day' : `${expiryNoticeDays} days`} before credits expire`;
  return `${falls}, ${ends}.`;
}
