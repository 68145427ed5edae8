import { parseArgs } from 'node:util';
import * as z from 'zod';
import { BOOKS } from '../modules/ledger/shared';
import {
  addEndpoint,
  type AddressRules,
  addressRules,
  changeEndpoint,
  listEndpoints,
  messageTypeSchema,
  removeEndpoint,
  rotateSecret,
  sendPing,
} from '../modules/outbox/index.server';
import { type AddressFault, type MessageType } from '../modules/outbox/shared';
import { assertNever } from '../platform/assert-never';
import { type Db, inTransaction } from '../platform/db.server';
import { hostList } from '../platform/env.server';
import { hours } from '../platform/time';
import { onDatabase } from './on-database';
import { logCommand, replayCommand } from './endpoint-log-command';
import { OperatorError } from './operator-error';
import { chosenMode, given } from './project';

export type Say = (sentence: string) => void;

const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;
const OPTIONS = {
  ...{ book: string, url: string, description: string, types: string, overlap: string },
  ...{ state: string, before: string, since: string },
  ...{ on: boolean, off: boolean, missed: boolean },
};
export type EndpointOptions = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

const USAGE = 'Usage: endpoint add|list|change|rotate|remove|ping|log|replay, see credence help.';

/**
 * `endpoint`: the addresses of the product that hear what happens to credits, and what was sent to them.
 * @throws OperatorError when the words fit no act, or it was refused
 */
export async function endpointCommand(args: string[], say: Say): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const [act, id, ...more] = positionals;
  if (more.length > 0) throw new OperatorError(USAGE);
  await onDatabase(async (db) => {
    if (id === undefined) {
      if (act === 'add') return add(db, values, say);
      if (act === 'list') return list(db, values, say);
      throw new OperatorError(USAGE);
    }
    switch (act) {
      case 'change':
        return change(db, id, values, say);
      case 'rotate':
        return rotate(db, id, values, say);
      case 'remove':
        return remove(db, id, say);
      case 'ping':
        return ping(db, id, say);
      case 'log':
        return logCommand(db, id, values, say);
      case 'replay':
        return replayCommand(db, id, values, say);
      case undefined:
      default:
        throw new OperatorError(USAGE);
    }
  });
}

async function add(db: Db, values: EndpointOptions, say: Say): Promise<void> {
  const input = {
    ...{ book: bookOf(values.book), url: urlOf(values.url), description: values.description ?? '' },
    ...{ types: typesOf(values.types) ?? [], rules: rulesHere(), actor: 'cli' },
  };
  const added = await inTransaction(db, 'add endpoint', (tx) => addEndpoint(tx, input));
  switch (added.outcome) {
    case 'added':
      say(`${added.endpointId} hears book ${input.book} from now on.`);
      say(`Secret, shown this once: ${added.secret}`);
      return;
    case 'url_refused':
      throw new OperatorError(FAULTS[added.fault]);
    case 'too_many':
      throw new OperatorError(`A book has ${added.most} endpoints at most: remove one first.`);
    default:
      return assertNever(added);
  }
}

async function list(db: Db, values: EndpointOptions, say: Say): Promise<void> {
  const book = values.book === undefined ? undefined : bookOf(values.book);
  const endpoints = await listEndpoints(db, { book });
  if (endpoints.length === 0) say('There is none.');
  for (const { id, book, state, reason, url, types, failingSince, pending, description } of endpoints) {
    const why = reason === null ? state : `${state}: ${reason}`;
    say(`${id}  ${book}  ${why}  ${url}${description === '' ? '' : `  (${description})`}`);
    say(`  hears ${types.length === 0 ? 'everything' : types.join(', ')}; ${pending} on their way`);
    if (failingSince !== null) say(`  every try failed since ${failingSince.toISOString()}`);
  }
}

async function change(db: Db, endpointId: string, values: EndpointOptions, say: Say): Promise<void> {
  const { url, description, on = false, off = false } = values;
  if (on && off) throw new OperatorError('--on and --off exclude each other.');
  const state = on ? ('on' as const) : off ? ('off' as const) : undefined;
  const wanted = { url, description, types: typesOf(values.types), state };
  if (Object.values(wanted).every((value) => value === undefined))
    throw new OperatorError('Say what to change: --url, --description, --types, --on or --off.');
  const input = { endpointId, change: wanted, rules: rulesHere(), actor: 'cli' };
  const changed = await inTransaction(db, 'change endpoint', (tx) => changeEndpoint(tx, input));
  switch (changed.outcome) {
    case 'changed':
      return say(`${endpointId} is changed.`);
    case 'not_found':
      throw unknown(endpointId);
    case 'url_refused':
      throw new OperatorError(FAULTS[changed.fault]);
    default:
      return assertNever(changed);
  }
}

const overlapSchema = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number);

async function rotate(db: Db, endpointId: string, values: EndpointOptions, say: Say): Promise<void> {
  const overlap = overlapSchema.safeParse(values.overlap ?? '24');
  if (!overlap.success) throw new OperatorError('--overlap must be a whole number of hours, for example 24.');
  const input = { endpointId, overlap: hours(overlap.data), actor: 'cli' };
  const rotated = await inTransaction(db, 'rotate secret', (tx) => rotateSecret(tx, input));
  if (rotated.outcome === 'not_found') throw unknown(endpointId);
  say(`New secret, shown this once: ${rotated.secret}`);
  say(`The former one signs beside it until ${rotated.formerUntil.toISOString()}.`);
}

async function remove(db: Db, endpointId: string, say: Say): Promise<void> {
  const input = { endpointId, actor: 'cli' };
  const { outcome } = await inTransaction(db, 'remove endpoint', (tx) => removeEndpoint(tx, input));
  if (outcome === 'not_found') throw unknown(endpointId);
  say(`${endpointId} is removed; its log stays.`);
}

async function ping(db: Db, endpointId: string, say: Say): Promise<void> {
  const input = { endpointId, actor: 'cli' };
  const pinged = await inTransaction(db, 'ping endpoint', (tx) => sendPing(tx, input));
  if (pinged.outcome === 'not_on') throw new OperatorError(`There is no endpoint ${endpointId} that is on.`);
  say(`${pinged.messageId} is on its way: endpoint log ${pinged.sendingId} says what becomes of it.`);
}

const unknown = (id: string) => new OperatorError(`There is no endpoint ${id}.`);

const FAULTS: Record<AddressFault, string> = {
  not_a_url: '--url must be an address, for example https://product.example.com/webhooks.',
  not_https: '--url must begin with https: unless OUTBOX_ALLOW names its host.',
  has_credentials: '--url must hold no user and password: messages are signed.',
  address_not_allowed: '--url is on an inner network: OUTBOX_ALLOW must name its host.',
};

/** As web and worker would judge it: they read the same two settings. */
function rulesHere(): AddressRules {
  const mode = z.enum(['demo', 'production', 'test']).catch('production').parse(chosenMode());
  const hosts = hostList.safeParse(given('OUTBOX_ALLOW') ?? '');
  if (!hosts.success) throw new OperatorError(`OUTBOX_ALLOW ${hosts.error.issues[0]?.message ?? ''}.`);
  return addressRules(mode, hosts.data);
}

function bookOf(text: string | undefined): (typeof BOOKS)[number] {
  const book = z.enum(BOOKS).safeParse(text);
  if (!book.success) throw new OperatorError(`--book must be one of ${BOOKS.join(', ')}.`);
  return book.data;
}

function urlOf(text: string | undefined): string {
  if (text === undefined) throw new OperatorError(FAULTS.not_a_url);
  return text;
}

/** Undefined when nothing is said; `all` hears everything. */
function typesOf(text: string | undefined): MessageType[] | undefined {
  if (text === undefined || text === 'all') return text === undefined ? undefined : [];
  const types = z.array(messageTypeSchema).safeParse(text.split(',').map((type) => type.trim()));
  if (!types.success)
    throw new OperatorError(`--types must be out of ${messageTypeSchema.options.join(', ')}.`);
  return [...new Set(types.data)];
}
