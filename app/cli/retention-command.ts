import { parseArgs } from 'node:util';
import { readRetention, runRetention, setRetention } from '../modules/customers/index.server';
import {
  keptWords,
  mayRetainFor,
  type Retained,
  RETAINED,
  RETAINED_LABEL,
} from '../modules/customers/shared';
import { eraseLateEvents, redactEvent } from '../modules/webhooks/index.server';
import { assertNever } from '../platform/assert-never';
import { type Db, inTransaction } from '../platform/db.server';
import { RETIRERS } from '../worker/erasers.server';
import { onDatabase } from './on-database';
import { OperatorError } from './operator-error';

type Say = (sentence: string) => void;

const RETENTION_USAGE = `Usage: retention list | run
       retention set ${RETAINED.join('|')} --days N|off --reason TEXT`;
const REDACT_USAGE = 'Usage: redact EVENT --reason TEXT';
const string = { type: 'string' } as const;

/**
 * `retention`: how long data about people is kept, and a run of it by hand.
 * @throws OperatorError when the words fit no act
 */
export async function retentionCommand(words: string[], say: Say): Promise<void> {
  const { values, positionals } = parseArgs({
    ...{ args: words, allowPositionals: true },
    options: { days: string, reason: string },
  });
  const [act, kind, ...more] = positionals;
  if (more.length > 0) throw new OperatorError(RETENTION_USAGE);
  await onDatabase(async (db) => {
    if (act === 'list' && kind === undefined) return list(db, say);
    if (act === 'run' && kind === undefined) return run(db, say);
    if (act === 'set') return set(db, { kind: kindOf(kind), ...values }, say);
    throw new OperatorError(RETENTION_USAGE);
  });
}

async function list(db: Db, say: Say): Promise<void> {
  for (const { kind, days, isDefault } of await readRetention(db)) {
    say(`${kind}  ${keptWords(days)}${isDefault ? ', by default' : ''}  ${RETAINED_LABEL[kind]}`);
  }
}

async function run(db: Db, say: Say): Promise<void> {
  const found = await runRetention({ db, retirers: RETIRERS, eraseLate: eraseLateEvents, now: new Date() });
  for (const [kind, rows] of Object.entries(found)) say(`${kind}: ${rows} redacted.`);
}

interface SetWords {
  kind: Retained;
  days?: string | undefined;
  reason?: string | undefined;
}

async function set(db: Db, { kind, days, reason }: SetWords, say: Say): Promise<void> {
  if (reason === undefined || reason.trim() === '') throw new OperatorError('--reason must say why.');
  const kept = days === 'off' ? null : Number(days);
  if (kept !== null && !mayRetainFor(kept)) throw new OperatorError('--days must be off, or from 2 to 3650.');
  const input = { kind, days: kept, actor: 'cli', reason: 'set_by_operator', comment: reason };
  const { outcome } = await inTransaction(db, 'set retention', (tx) => setRetention(tx, input));
  say(`${kind} is kept ${keptWords(kept)} ${outcome === 'set' ? 'from now on' : 'already'}.`);
}

function kindOf(word: string | undefined): Retained {
  const kind = RETAINED.find((one) => one === word);
  if (kind === undefined) throw new OperatorError(RETENTION_USAGE);
  return kind;
}

/**
 * `redact`: takes the payload out of one event that rests.
 * @throws OperatorError when it was refused
 */
export async function redactCommand(words: string[], say: Say): Promise<void> {
  const { values, positionals } = parseArgs({
    ...{ args: words, allowPositionals: true },
    options: { reason: string },
  });
  const [eventId, ...more] = positionals;
  const comment = values.reason?.trim() ?? '';
  if (eventId === undefined || more.length > 0 || comment === '') throw new OperatorError(REDACT_USAGE);
  await onDatabase(async (db) => {
    const event = await db.event.findFirst({ where: { id: eventId }, select: { realmId: true } });
    if (event === null) throw new OperatorError(`There is no event ${eventId}.`);
    const act = { realmId: event.realmId, eventId, actor: 'cli', reason: 'personal_data', comment };
    const { outcome } = await redactEvent(db, act);
    switch (outcome) {
      case 'redacted':
        return say(`${eventId} is redacted.`);
      case 'already_redacted':
        return say(`${eventId} was redacted before.`);
      case 'not_at_rest':
        throw new OperatorError(`${eventId} is on its way: try again when it rests.`);
      case 'unknown_event':
        throw new OperatorError(`There is no event ${eventId}.`);
      default:
        return assertNever(outcome);
    }
  });
}
