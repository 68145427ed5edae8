import { type AskingClient, openKey } from '~/modules/clients/index.server';
import { type ApiBook } from '~/modules/clients/shared';
import { assertNever } from '~/platform/assert-never';
import { type Db } from '~/platform/db.server';
import { isConnectionFault } from '~/platform/db-errors.server';
import { log } from '~/platform/log.server';
import { requestIdOf } from '~/platform/request-id.server';

import { limitRate } from './limit-rate.server';
import { type Operation, type Sent } from './operation.server';
import { operationsAt } from './operations.server';
import { readJson } from './read-json.server';
import { type Answer, invalidRequest, type Problem, problem, problemResponse } from './reply.server';

export interface ApiSettings {
  db: Db;
  /** Origin of our own pages, without a trailing slash. */
  appUrl: string;
  /** The book that this store sells in. */
  storeBook: ApiBook;
  /** Whether the demo's published key is good. */
  isDemo: boolean;
  /** What one client may ask of this process. */
  requestsPerMinute: number;
}

export interface Arrived {
  request: Request;
  params: Readonly<Record<string, string | undefined>>;
}

/**
 * Answers one request by the operation of its path and method: key, rate, scope, then what was sent, then the operation
 * itself. Every refusal is a problem of a known code; what is unexpected is logged and answered as our fault.
 */
export async function answerRequest(
  settings: ApiSettings,
  arrived: Arrived,
  path: string,
): Promise<Response> {
  const { request } = arrived;
  const operations = operationsAt(path);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const operation = operations.find((one) => one.method === method);
  const headers = new Headers();
  const reply =
    operation === undefined
      ? refuseMethod(request.method, operations)
      : await askSafely(settings, arrived, operation, headers);
  const response = respond(reply, operation, { requestId: requestIdOf(request), appUrl: settings.appUrl });
  response.headers.set('Cache-Control', 'no-store');
  for (const [name, value] of headers) response.headers.set(name, value);
  return response;
}

function respond(
  reply: Answer<unknown> | Problem,
  operation: Operation | undefined,
  about: { requestId: string; appUrl: string },
): Response {
  if (reply.outcome === 'problem') return problemResponse(reply, about);
  return Response.json(reply.body, {
    status: operation?.method === 'POST' ? 201 : 200,
    headers: reply.isReplayed ? { 'Idempotency-Replayed': 'true' } : {},
  });
}

/** A path has the methods of its operations, and a path without any is none. */
function refuseMethod(method: string, operations: readonly Operation[]): Problem {
  if (operations.length === 0) return problem('not_found', 'The API has no such path.');
  const methods = operations.map((one) => (one.method === 'GET' ? 'GET, HEAD' : one.method)).join(', ');
  return problem('method_not_allowed', `${method} is none of ${methods}.`, {}, { Allow: methods });
}

async function askSafely(
  settings: ApiSettings,
  arrived: Arrived,
  operation: Operation,
  headers: Headers,
): Promise<Answer<unknown> | Problem> {
  try {
    return await ask(settings, arrived, operation, headers);
  } catch (error) {
    log.error('api request not answered', { operation: operation.id, err: error });
    if (!isConnectionFault(error)) return problem('internal_error', 'Something went wrong on our side.');
    return problem('unavailable', 'The database does not answer.', {}, { 'Retry-After': '2' });
  }
}

async function ask(
  settings: ApiSettings,
  arrived: Arrived,
  operation: Operation,
  headers: Headers,
): Promise<Answer<unknown> | Problem> {
  const { db, appUrl, storeBook, isDemo, requestsPerMinute } = settings;
  const bearer = bearerOf(arrived.request);
  const opened = await openClient(db, bearer, isDemo);
  if (opened.outcome === 'problem') return opened;
  const { client } = opened;
  const rate = await limitRate(client.clientId, requestsPerMinute);
  for (const [name, value] of Object.entries(rate.headers)) headers.set(name, value);
  if (rate.isOver) return problem('rate_limited', `At most ${requestsPerMinute} requests a minute.`);
  const { scope } = operation;
  if (!client.scopes.includes(scope))
    return problem('missing_scope', `This client lacks ${scope}.`, { scope });
  const read = await readSent(arrived, operation);
  if (read.outcome === 'problem') return read;
  return operation.handle(read.sent, { db, client, bearer, now: new Date(), appUrl, storeBook });
}

const bearerOf = (request: Request): string =>
  /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';

async function openClient(
  db: Db,
  bearer: string,
  isDemo: boolean,
): Promise<{ outcome: 'open'; client: AskingClient } | Problem> {
  const opened = await openKey(db, bearer, isDemo);
  switch (opened.outcome) {
    case 'open':
      return opened;
    case 'unknown':
      return refuseKey(bearer === '' ? 'Send it as `Authorization: Bearer ck_…`.' : 'There is no such key.');
    case 'expired':
      return refuseKey(`Another key took its place, and it ended on ${opened.at.toISOString()}.`);
    case 'revoked':
      return refuseKey(`It was revoked on ${opened.at.toISOString()}.`);
    default:
      return assertNever(opened);
  }
}

const refuseKey = (detail: string) => problem('invalid_key', detail, {}, { 'WWW-Authenticate': 'Bearer' });

async function readSent(
  { request, params }: Arrived,
  operation: Operation,
): Promise<{ outcome: 'sent'; sent: Sent } | Problem> {
  const { searchParams } = new URL(request.url);
  const names = [...searchParams.keys()];
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice !== undefined)
    return invalidRequest([{ at: `query.${twice.slice(0, 40)}`, message: 'It stands twice.' }]);
  const sent = {
    params,
    query: Object.fromEntries(searchParams),
    idempotencyKey: request.headers.get('idempotency-key'),
  };
  if (operation.method === 'GET') return { outcome: 'sent', sent: { ...sent, body: undefined } };
  const read = await readJson(request);
  return read.outcome === 'problem' ? read : { outcome: 'sent', sent: { ...sent, body: read.json } };
}
