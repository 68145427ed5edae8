import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type Limit, listLimits, setLimit } from '../modules/approvals/index.server';
import { ACTING_ROLES, STAFF_ACT_LABEL, STAFF_ACTS } from '../modules/approvals/shared';
import { BOOKS } from '../modules/ledger/shared';
import { closeDb, createDb, type Db, inTransaction } from '../platform/db.server';
import { formatCredits, formatMoney } from '../platform/money';
import { withDatabase } from './database';
import { OperatorError } from './operator-error';

type Say = (sentence: string) => void;

const USAGE = `Usage: limit list --book test|live
       limit set --book test|live --role ${ACTING_ROLES.join('|')} --act ${STAFF_ACTS.join('|')}
         --per-act N --actor-day N --customer-day N [--unit credits|CURRENCY] --reason TEXT
N is in credits, or in the smallest unit of the currency.`;

const string = { type: 'string' } as const;
const oneOf = <const T extends readonly string[]>(option: string, values: T) =>
  z.enum(values, { error: `${option} must be one of ${values.join(', ')}.` });
const whole = (option: string) =>
  z
    .string({ error: `${option} must be set: 0 leaves nothing to one alone.` })
    .regex(/^(0|[1-9]\d{0,17})$/, `${option} must be a whole number, 0 or more.`)
    .transform(BigInt);

const book = oneOf('--book', BOOKS);
const limitSchema = z.object({
  book,
  role: oneOf('--role', ACTING_ROLES),
  act: oneOf('--act', STAFF_ACTS),
  unit: z.string().regex(/^(credits|[a-z]{3})$/, '--unit must be credits or a currency, such as usd.'),
  perAct: whole('--per-act'),
  actorDay: whole('--actor-day'),
  customerDay: whole('--customer-day'),
});
const reason = z
  .string({ error: '--reason must say why: it is mailed to every admin and kept in the audit.' })
  .trim()
  .min(1, '--reason must say why: it is mailed to every admin and kept in the audit.');

/**
 * `limit list` and `limit set`: what one person of a role, or one client of the API, may do alone.
 * @throws OperatorError when an option is not what it should be
 */
export async function limitCommand(words: string[], say: Say): Promise<void> {
  const [act, ...args] = words;
  if (act === 'list') return list(args, say);
  if (act === 'set') return set(args, say);
  throw new OperatorError(USAGE);
}

async function list(args: string[], say: Say): Promise<void> {
  const { values } = parseArgs({ args, options: { book: string } });
  const asked = read(book, values.book);
  const limits = await onDatabase((db) => listLimits(db, asked));
  say(
    `Book ${asked}: what one person, or one client of the API, may do alone. What is not listed has the limit 0.`,
  );
  say(row('act', 'role', 'unit', 'per act', '24 h, by one', '24 h, to one customer'));
  for (const limit of limits)
    say(row(STAFF_ACT_LABEL[limit.act], limit.role, limit.unit, ...boundsOf(limit)));
  const products = limits.find(({ role, act }) => role === 'api' && act === 'grant');
  if (products === undefined || products.perAct === 0n)
    say(
      `Every grant by the API is refused in the ${asked} book until it is allowed: limit set --book ${asked} --role api --act grant …`,
    );
}

async function set(args: string[], say: Say): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      ...{ book: string, role: string, act: string, unit: string, reason: string },
      ...{ 'per-act': string, 'actor-day': string, 'customer-day': string },
    },
  });
  const limit: Limit = read(limitSchema, {
    ...{ book: values.book, role: values.role, act: values.act, unit: values.unit ?? 'credits' },
    ...{ perAct: values['per-act'], actorDay: values['actor-day'], customerDay: values['customer-day'] },
  });
  const by = { actor: 'cli', reason: read(reason, values.reason) };
  const { outcome } = await onDatabase((db) =>
    inTransaction(db, 'set limit', (tx) => setLimit(tx, limit, by)),
  );
  const [perAct, actorDay, customerDay] = boundsOf(limit);
  const who = limit.role === 'api' ? 'a client of the API' : limit.role;
  say(
    `Book ${limit.book}, ${STAFF_ACT_LABEL[limit.act]}, ${who}: ${perAct}${limit.unit === 'credits' ? ' credits' : ''} per act, within 24 hours ${actorDay} by one and ${customerDay} to one customer${outcome === 'unchanged' ? ', as it was before' : ''}.`,
  );
}

function boundsOf({ unit, perAct, actorDay, customerDay }: Limit): readonly [string, string, string] {
  const inWords = (bound: bigint) => (unit === 'credits' ? formatCredits(bound) : formatMoney(bound, unit));
  return [inWords(perAct), inWords(actorDay), inWords(customerDay)];
}

const row = (act: string, role: string, unit: string, ...bounds: readonly string[]) =>
  [act.padEnd(24), role.padEnd(9), unit.padEnd(9), ...bounds.map((bound) => bound.padStart(23))]
    .join('')
    .trimEnd();

function onDatabase<T>(work: (db: Db) => Promise<T>): Promise<T> {
  return withDatabase(async (url) => {
    const db = createDb(url, 1);
    return work(db).finally(() => closeDb(db));
  });
}

function read<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new OperatorError(parsed.error.issues.map(({ message }) => message).join('\n'));
}
