import { parseArgs } from 'node:util';
import * as z from 'zod';
import { BOOKS } from '../modules/ledger/shared';
import {
  changeSettlement,
  readSettlementPolicy,
  type SettlementChange,
} from '../modules/payments/index.server';
import { SETTLEMENT_RULE_WORDS, SETTLEMENT_RULES, type SettlementPolicy } from '../modules/payments/shared';
import { assertNever } from '../platform/assert-never';
import { type Db, inTransaction } from '../platform/db.server';
import { onDatabase } from './on-database';
import { OperatorError } from './operator-error';

type Say = (sentence: string) => void;

const USAGE = `Usage: settlement show --book test|live
       settlement set --book test|live --candidate ${SETTLEMENT_RULES.join('|')}|none [--percentage N] --reason TEXT
       settlement promote|rollback --book test|live --reason TEXT
       --realm REALM in place of --book: an account that sells no more, whose last payments settle still.`;

const oneOf = <T extends readonly string[]>(name: string, values: T) =>
  z.enum(values, { error: `${name} must be one of ${values.join(', ')}.` });
const WHY = '--reason must say why: it is mailed to every admin and kept in the audit.';
const SHARE = '--percentage must be a whole number from 0 to 100: 0 compares alone.';
const reason = z.string({ error: WHY }).trim().min(1, WHY);
const candidate = oneOf('--candidate', [...SETTLEMENT_RULES, 'none'] as const);
const percentage = z
  .string()
  .regex(/^(100|[1-9]?\d)$/, SHARE)
  .transform(Number);

/**
 * `settlement`: which rule decides that a fact settles a pack of the realm that sells in a book, or of a named one, and the
 * way back.
 * @throws OperatorError when the words fit no act, or there is nothing to do it to
 */
export async function settlementCommand(args: string[], say: Say): Promise<void> {
  const string = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { book: string, realm: string, candidate: string, percentage: string, reason: string },
  });
  const [verb] = positionals;
  if (positionals.length !== 1) throw new OperatorError(USAGE);
  if (values.book !== undefined && values.realm !== undefined)
    throw new OperatorError(
      '--book names the account that sells in it, --realm another one: give one of them.',
    );
  const whose = (): Whose =>
    values.realm === undefined ? { book: read(oneOf('--book', BOOKS), values.book) } : { id: values.realm };
  const change = changeOf(verb, values);
  if (change === undefined) {
    if (verb !== 'show') throw new OperatorError(USAGE);
    const asked = whose();
    return onDatabase(async (db) => {
      const realm = await realmOf(db, asked);
      tell(say, realm, await readSettlementPolicy(db, realm.id));
    });
  }
  const [asked, why] = [whose(), read(reason, values.reason)];
  await onDatabase(async (db) => {
    const realm = await realmOf(db, asked);
    const { id: realmId } = realm;
    const did = await inTransaction(db, 'change settlement', (tx) =>
      changeSettlement(tx, { realmId, ...change }, { actor: 'cli', reason: why }),
    );
    switch (did.outcome) {
      case 'set':
        return tell(say, realm, did.policy);
      case 'unchanged':
        say('As it was before:');
        return tell(say, realm, await readSettlementPolicy(db, realmId));
      case 'same_rule':
        throw new OperatorError('That rule is the current one.');
      case 'no_candidate':
        throw new OperatorError('There is no candidate to promote.');
      case 'nothing_to_roll_back':
        throw new OperatorError(
          'There is nothing to roll back: every pack settles by the first rule there was.',
        );
      default:
        return assertNever(did);
    }
  });
}

function changeOf(
  verb: string | undefined,
  values: { candidate?: string | undefined; percentage?: string | undefined },
): SettlementChange | undefined {
  if (verb === 'promote') return { change: 'promote' };
  if (verb === 'rollback') return { change: 'roll_back' };
  if (verb !== 'set') return undefined;
  const rule = read(candidate, values.candidate);
  const share = read(percentage, values.percentage ?? '0');
  return { change: 'try', candidate: rule === 'none' ? null : rule, percentage: share };
}

/** The one that sells in a book, or any by its id. */
type Whose = { book: 'test' | 'live' } | { id: string };

interface RealmSaid {
  id: string;
  /** How its lines begin. */
  label: string;
}

const MANY = 100;

async function realmOf(db: Db, whose: Whose): Promise<RealmSaid> {
  const where = 'book' in whose ? { mode: whose.book, sells: true } : { id: whose.id };
  const realm = await db.realm.findFirst({
    where,
    select: { id: true, name: true, mode: true, sells: true },
  });
  if (realm !== null) {
    const { id, name, mode, sells } = realm;
    return { id, label: sells ? `Book ${mode}` : `${name} (${id}), which sells no more` };
  }
  if ('book' in whose) throw new OperatorError(`No account of Stripe sells in the ${whose.book} book yet.`);
  const known = await db.realm.findMany({ select: { id: true }, orderBy: { id: 'asc' }, take: MANY });
  throw new OperatorError(`--realm must be one of ${known.map(({ id }) => id).join(', ')}.`);
}

function tell(
  say: Say,
  { label }: RealmSaid,
  { current, candidate: tried, percentage: share, former }: SettlementPolicy,
) {
  say(`${label}: packs settle by ${current}. ${SETTLEMENT_RULE_WORDS[current]}`);
  if (tried !== null)
    say(share === 0 ? `Compared with ${tried}, by which none settles.` : `${share} % settle by ${tried}.`);
  if (former !== null) say(`Before the last promotion: ${former}.`);
}

function read<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new OperatorError(parsed.error.issues.map(({ message }) => message).join('\n'));
}
