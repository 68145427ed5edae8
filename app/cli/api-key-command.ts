import { parseArgs } from 'node:util';
import * as z from 'zod';
import {
  changeClient,
  createClient,
  listClients,
  revokeKey,
  rotateKey,
} from '../modules/clients/index.server';
import { API_SCOPES, type ApiClientView } from '../modules/clients/shared';
import { BOOKS } from '../modules/ledger/shared';
import { assertNever } from '../platform/assert-never';
import { closeDb, createDb, type Db, inTransaction } from '../platform/db.server';
import { hours } from '../platform/time';
import { withDatabase } from './database';
import { OperatorError } from './operator-error';

const USAGE = `Usage:
  api-key create --book test|live --name NAME [--scopes LIST] [--return-origins LIST]
  api-key list
  api-key change CLIENT [--scopes LIST] [--return-origins LIST] --reason TEXT
  api-key rotate CLIENT [--overlap HOURS]
  api-key revoke KEY --reason TEXT
  api-key close CLIENT --reason TEXT
Scopes: ${API_SCOPES.join(', ')}; all of them when left out. Lists are separated by commas.`;

type Say = (sentence: string) => void;
type Values = Readonly<Record<string, string | undefined>>;

const ACTOR = 'cli';

/**
 * `api-key`: clients of the API and their keys. A key is shown once.
 * @throws OperatorError when an option is not what it should be, or nothing is there to act on
 */
export async function apiKeyCommand(args: string[], say: Say): Promise<void> {
  const string = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ book: string, name: string, scopes: string, 'return-origins': string },
      ...{ overlap: string, reason: string },
    },
  });
  const [verb, id, ...more] = positionals;
  const act = more.length === 0 ? actOf(verb, id, values) : undefined;
  if (act === undefined) throw new OperatorError(USAGE);
  await withDatabase(async (url) => {
    const db = createDb(url, 2);
    await act(db, say).finally(() => closeDb(db));
  });
}

function actOf(verb: string | undefined, id: string | undefined, values: Values) {
  if (verb === 'create' && id === undefined) return (db: Db, say: Say) => create(db, say, values);
  if (verb === 'list' && id === undefined) return list;
  if (id === undefined) return undefined;
  if (verb === 'rotate') return (db: Db, say: Say) => rotate(db, say, id, values);
  if (verb === 'revoke') return (db: Db, say: Say) => revoke(db, say, id, values);
  if (verb === 'change') return (db: Db, say: Say) => change(db, say, id, values, false);
  return verb === 'close' ? (db: Db, say: Say) => change(db, say, id, values, true) : undefined;
}

async function create(db: Db, say: Say, values: Values): Promise<void> {
  const book = z.enum(BOOKS).safeParse(values['book']);
  if (!book.success) throw new OperatorError(`--book must be one of ${BOOKS.join(', ')}.`);
  const name = z.string().trim().min(1).max(80).safeParse(values['name']);
  if (!name.success)
    throw new OperatorError('--name must say which program asks, for example "web backend".');
  const terms = { scopes: scopesOf(values) ?? API_SCOPES, returnOrigins: originsOf(values) ?? [] };
  const made = await inTransaction(db, 'create api client', (tx) =>
    createClient(tx, { book: book.data, name: name.data, ...terms, actor: ACTOR }),
  );
  switch (made.outcome) {
    case 'created':
      say(
        `Made ${made.clientId}: ${name.data}, ${book.data} book, may ${terms.scopes.join(', ') || 'do nothing'}.`,
      );
      return say(`Key, shown this once: ${made.key}`);
    case 'name_taken':
      throw new OperatorError(`The ${book.data} book has a client called ${name.data}; it was not changed.`);
    case 'bad_origin':
      throw badOrigin(made.origin);
    default:
      return assertNever(made);
  }
}

async function list(db: Db, say: Say): Promise<void> {
  const clients = await listClients(db);
  if (clients.length === 0) say('There is no client of the API yet: api-key create makes one.');
  for (const client of clients) for (const line of describe(client)) say(line);
}

function describe(client: ApiClientView): string[] {
  const { id, name, book, closedAt, scopes, returnOrigins, keys } = client;
  return [
    `${id}  ${name}, ${book}${closedAt === null ? '' : `, closed ${closedAt.toISOString()}`}`,
    `  may ${scopes.join(', ') || 'do nothing'}`,
    ...(returnOrigins.length === 0 ? [] : [`  sends back to ${returnOrigins.join(', ')}`]),
    ...keys.map(({ id: keyId, hint, revokedAt, expiresAt, lastUsedAt }) => {
      const end = revokedAt ?? expiresAt;
      const state =
        end === null ? '' : `, ${revokedAt === null ? 'good until' : 'revoked'} ${end.toISOString()}`;
      return `  ${keyId}  ${hint}, ${lastUsedAt === null ? 'never used' : `last used ${lastUsedAt.toISOString()}`}${state}`;
    }),
  ];
}

async function rotate(db: Db, say: Say, clientId: string, values: Values): Promise<void> {
  const overlap = z.coerce
    .number()
    .min(0)
    .max(24 * 30)
    .safeParse(values['overlap'] ?? '24');
  if (!overlap.success) throw new OperatorError('--overlap must be a number of hours from 0 to 720.');
  const terms = { clientId, overlap: hours(overlap.data), now: new Date(), actor: ACTOR };
  const done = await inTransaction(db, 'rotate api key', (tx) => rotateKey(tx, terms));
  switch (done.outcome) {
    case 'rotated':
      say(`The former key is good until ${done.formerUntil.toISOString()}.`);
      return say(`Key, shown this once: ${done.key}`);
    case 'closed':
      throw isClosed(clientId);
    case 'not_found':
      throw noClient(clientId);
    default:
      return assertNever(done);
  }
}

async function revoke(db: Db, say: Say, keyId: string, values: Values): Promise<void> {
  const terms = { keyId, now: new Date(), actor: ACTOR, reason: reasonOf(values) };
  const done = await inTransaction(db, 'revoke api key', (tx) => revokeKey(tx, terms));
  switch (done.outcome) {
    case 'revoked':
      return say(`${keyId} of ${done.clientId} opens nothing any more.`);
    case 'already_revoked':
      return say(`${keyId} was revoked before.`);
    case 'not_found':
      throw new OperatorError(`There is no key ${keyId}: api-key list shows them, apk_….`);
    default:
      return assertNever(done);
  }
}

async function change(db: Db, say: Say, clientId: string, values: Values, closes: boolean): Promise<void> {
  const [scopes, returnOrigins] = [scopesOf(values), originsOf(values)];
  if (!closes && scopes === undefined && returnOrigins === undefined)
    throw new OperatorError('Nothing to change: name --scopes or --return-origins.');
  const done = await inTransaction(db, 'change api client', (tx) =>
    changeClient(tx, {
      ...{ clientId, closes, now: new Date(), actor: ACTOR, reason: reasonOf(values) },
      ...(scopes && { scopes }),
      ...(returnOrigins && { returnOrigins }),
    }),
  );
  switch (done.outcome) {
    case 'changed':
      return say(
        closes ? `${clientId} is closed: none of its keys opens anything.` : `${clientId} is changed.`,
      );
    case 'bad_origin':
      throw badOrigin(done.origin);
    case 'closed':
      throw isClosed(clientId);
    case 'not_found':
      throw noClient(clientId);
    default:
      return assertNever(done);
  }
}

const partsOf = (list: string) =>
  list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function scopesOf({ scopes }: Values) {
  if (scopes === undefined) return undefined;
  const parsed = z.array(z.enum(API_SCOPES)).safeParse(partsOf(scopes));
  if (!parsed.success) throw new OperatorError(`--scopes must be some of ${API_SCOPES.join(', ')}.`);
  return parsed.data;
}

const originsOf = ({ 'return-origins': list }: Values) => (list === undefined ? undefined : partsOf(list));

function reasonOf({ reason }: Values): string {
  if (reason?.trim()) return reason.trim();
  throw new OperatorError('--reason must say why: it stands in the audit log.');
}

const noClient = (id: string) =>
  new OperatorError(`There is no client ${id}: api-key list shows them, apc_….`);
const isClosed = (id: string) => new OperatorError(`${id} is closed for good; make another one.`);
const badOrigin = (origin: string) =>
  new OperatorError(
    `${origin} is no origin: name scheme and host only, for example https://app.example.com.`,
  );
