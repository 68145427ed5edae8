import { parseArgs } from 'node:util';
import * as z from 'zod';
import { BOOKS } from '../modules/ledger/shared';
import { listPauses, setPause } from '../modules/pauses/index.server';
import {
  PAUSABLE_WORK,
  PAUSE_LABEL,
  PAUSE_REASONS,
  type PauseReason,
  type PauseSwitchView,
} from '../modules/pauses/shared';
import { inTransaction } from '../platform/db.server';
import { onDatabase } from './on-database';
import { OperatorError } from './operator-error';

type Say = (sentence: string) => void;

const USAGE = `Usage: pause list
       pause set|clear ${PAUSABLE_WORK.join('|')} --book test|live --comment TEXT [--reason ${PAUSE_REASONS.join('|')}]`;

/**
 * `pause`: stops selling, processing, automatic top-ups or outgoing webhooks of a book, and lets them go on.
 * @throws OperatorError when the words fit no act
 */
export async function pauseCommand(args: string[], say: Say): Promise<void> {
  const string = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { book: string, reason: string, comment: string },
  });
  const [verb, work] = positionals;
  if (verb === 'list' && positionals.length === 1) return list(say);
  if ((verb !== 'set' && verb !== 'clear') || positionals.length !== 2) throw new OperatorError(USAGE);
  const pauses = verb === 'set';
  const input = act.safeParse({ work, reason: pauses ? 'other' : 'over', ...values });
  if (!input.success) throw new OperatorError(input.error.issues.map(({ message }) => message).join('\n'));
  const { book, work: what } = input.data;
  const done = await onDatabase((db) =>
    inTransaction(db, 'set pause', (tx) => setPause(tx, { ...input.data, pauses, actor: 'cli' })),
  );
  const state = pauses ? 'paused' : 'going on';
  say(`${PAUSE_LABEL[what]}, ${book} book: ${state}${done.outcome === 'unchanged' ? ', as before' : ''}.`);
}

const oneOf = <T extends readonly string[]>(name: string, values: T) =>
  z.enum(values, { error: `${name} must be one of ${values.join(', ')}.` });
const WHY = '--comment must say why: it stands on every page of the console, and in the audit.';
const act = z.object({
  work: oneOf('What is paused', PAUSABLE_WORK),
  book: oneOf('--book', BOOKS),
  reason: oneOf<readonly PauseReason[]>('--reason', PAUSE_REASONS),
  comment: z.string({ error: WHY }).trim().min(1, WHY),
});

async function list(say: Say): Promise<void> {
  for (const one of await onDatabase(listPauses)) say(describe(one));
}

function describe({ book, work, pause }: PauseSwitchView): string {
  const name = `${book.padEnd(6)}${PAUSE_LABEL[work].padEnd(20)}`;
  return pause === null
    ? `${name}goes on`
    : `${name}paused ${pause.since.toISOString()} by ${pause.actor}, ${pause.reason}: ${pause.comment}`;
}
