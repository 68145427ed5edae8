import type { World } from '../engine/world';
import { ACCOUNT_VERSION, isKnownVersion } from '../versions/versions';
import { authenticate, refuseUnpermitted } from './authenticate';
import { refuseWhileAdvancing } from './clock-checks';
import { meetingFault, rateLimited, slownessOf, spendFault, type MetFault } from './faults';
import { checkExpand, renderAnswer } from './expand';
import { decodeForm, FormTooDeep, type FormHash } from './form';
import type { IdempotencyKeys } from './idempotency';
import { list, parseParams, text } from './params';
import { explainMode, invalid, Refusal, renderRefusal } from './refusal';
import type { ApiRequest } from './request';
import { findRoute } from './routes';
import * as z from 'zod';

export interface HttpRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: string;
  body: string;
  header(name: string): string | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const FORM_TYPE = 'application/x-www-form-urlencoded';
const expandParams = z.object({ expand: list(text()).optional() });

/** The mode that a request is for, and the account's other mode if it is played. */
export interface Realm {
  world: World;
  twin: World | null;
}

/** One API request from the wire to the wire; null: the connection is cut without an answer. */
export async function handleApi(
  realm: Realm,
  keys: IdempotencyKeys,
  request: HttpRequest,
): Promise<HttpAnswer | null> {
  const { world } = realm;
  const fault = meetingFault(world, request);
  switch (fault?.effect) {
    case 'unavailable':
      spendFault(world, fault);
      world.store.save();
      return null;
    case 'lost_answer':
      spendFault(world, fault);
      await answerTo(realm, keys, request, null, true);
      world.store.save();
      return null;
    case 'slow':
      spendFault(world, fault);
      await new Promise((resolve) => setTimeout(resolve, slownessOf(fault)));
      return answerTo(realm, keys, request, null);
    case 'rate_limit':
    case 'server_error':
      return answerTo(realm, keys, request, fault);
    case undefined:
      return answerTo(realm, keys, request, null);
  }
}

/** Answers, notes the answer and shows it to whoever tails the request logs. */
async function answerTo(
  realm: Realm,
  keys: IdempotencyKeys,
  request: HttpRequest,
  failure: MetFault | null,
  isLost = false,
): Promise<HttpAnswer> {
  const { world } = realm;
  const startedMs = world.nowMs();
  const answer = await answerQuietly(realm, keys, request, failure);
  world.requests.note({
    id: answer.headers['Request-Id'] ?? '',
    atMs: startedMs,
    durationMs: world.nowMs() - startedMs,
    method: request.method,
    path: request.path,
    query: request.query,
    body: request.body,
    idempotencyKey: request.header('idempotency-key') ?? null,
    version: answer.headers['Stripe-Version'] ?? ACCOUNT_VERSION,
    userAgent: request.header('user-agent') ?? null,
    status: answer.status,
    answer: answer.body,
    isReplay: answer.headers['Idempotent-Replayed'] === 'true',
    isLost,
  });
  world.listeners.log({
    createdAt: world.now(),
    method: request.method,
    requestId: answer.headers['Request-Id'] ?? '',
    status: answer.status,
    path: request.path,
    body: answer.body,
  });
  return answer;
}

async function answerQuietly(
  realm: Realm,
  keys: IdempotencyKeys,
  request: HttpRequest,
  failure: MetFault | null,
): Promise<HttpAnswer> {
  const { world } = realm;
  const requestId = world.ids.short('req');
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'Request-Id': requestId,
    Date: new Date(world.nowMs()).toUTCString(),
  };
  const key = request.method === 'POST' ? request.header('idempotency-key') : undefined;
  if (key !== undefined && key !== '') headers['Idempotency-Key'] = key;
  try {
    const apiKey = authenticate(request.header('authorization'), world.livemode);
    refuseUnpermitted(apiKey, world.settings().restrictedKeysLack, request, world.account.id);
    const version = versionOf(request);
    headers['Stripe-Version'] = version;
    if (failure?.effect === 'rate_limit') {
      spendFault(world, failure);
      world.store.save();
      throw rateLimited(failure, world.livemode);
    }
    const exchange = { ...realm, keys, request, requestId, version, apiKey, failure };
    const answer =
      key === undefined || key === '' ? await execute(exchange, null) : await executeOnce(exchange, key);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  } catch (error) {
    const answer = answerOf(error, realm, requestId);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }
}

interface Exchange extends Realm {
  keys: IdempotencyKeys;
  request: HttpRequest;
  requestId: string;
  version: string;
  apiKey: string;
  /** The fault that takes the place of execution. */
  failure: MetFault | null;
}

function versionOf(request: HttpRequest): string {
  const version = request.header('stripe-version') ?? ACCOUNT_VERSION;
  if (!isKnownVersion(version)) throw invalid(`Invalid Stripe API version: ${version}`);
  return version;
}

async function executeOnce(exchange: Exchange, key: string): Promise<HttpAnswer> {
  const { keys, request, version } = exchange;
  const begun = keys.begin({ key, ...request, version });
  if (begun.state === 'answered') {
    const { answer } = begun;
    const headers = {
      'Idempotent-Replayed': 'true',
      'Original-Request': answer.requestId,
      // The same key gets the same failure for as long as it is kept.
      ...(answer.status >= 500 && { 'Stripe-Should-Retry': 'false' }),
    };
    return { status: answer.status, headers, body: answer.body };
  }
  try {
    return await execute(exchange, { key, fingerprint: begun.fingerprint });
  } finally {
    keys.end(key);
  }
}

/** Runs the endpoint; with a key, its answer is saved in the same act. */
async function execute(
  exchange: Exchange,
  keyed: { key: string; fingerprint: string } | null,
): Promise<HttpAnswer> {
  const { world, keys, requestId, failure } = exchange;
  if (failure) spendFault(world, failure);
  const { latencyMs } = world.settings();
  if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
  const { answer, isFinal } = act(exchange, keyed?.key ?? null);
  if (keyed && isFinal) {
    const { status, body } = answer;
    keys.save({
      id: keyed.key,
      fingerprint: keyed.fingerprint,
      status,
      body,
      requestId,
      createdMs: world.nowMs(),
    });
  }
  world.store.save();
  return answer;
}

function act(exchange: Exchange, idempotencyKey: string | null): { answer: HttpAnswer; isFinal: boolean } {
  const { world, request, requestId, version, apiKey } = exchange;
  try {
    if (exchange.failure) throw unknownError();
    const { endpoint, path } = findRoute(request.method, request.path);
    const decoded = decodeRequest(request);
    const { expand, form } = splitExpand(decoded);
    for (const wanted of expand) {
      if (isTotalOf(request.path, wanted)) continue;
      checkExpand(wanted, endpoint.resource, endpoint.isList ?? false, version);
    }
    const cause = { requestId, idempotencyKey, apiVersion: version };
    const found: ApiRequest = { world, path, form, expand, version, apiKey, cause };
    refuseWhileAdvancing(request.method, endpoint.resource, found);
    const answer = endpoint.run(found);
    const body = JSON.stringify(renderAnswer(world, version, answer, endpoint.resource, expand), null, 2);
    return { answer: { status: 200, headers: {}, body }, isFinal: true };
  } catch (error) {
    const isFinal = error instanceof Refusal ? (error.options.isFinal ?? false) : true;
    return { answer: answerOf(error, exchange, requestId), isFinal };
  }
}

/** What a POST has in its query counts too; bodies that are not forms are not read. */
function decodeRequest({ method, query, body, header }: HttpRequest): FormHash {
  const type = header('content-type')?.toLowerCase() ?? FORM_TYPE;
  const isForm = method === 'POST' && type.startsWith(FORM_TYPE);
  try {
    return decodeForm(query, ...(isForm ? [body] : []));
  } catch (error) {
    if (!(error instanceof FormTooDeep)) throw error;
    throw invalid(`Invalid request: ${error.message}`, { code: 'parameter_invalid' });
  }
}

/** Searches count their results if they are asked to. */
function isTotalOf(path: string, wanted: string): boolean {
  return path.endsWith('/search') && wanted === 'total_count';
}

function splitExpand(decoded: FormHash): { expand: string[]; form: FormHash } {
  const { expand = [] } = parseParams(expandParams, decoded);
  const form = Object.fromEntries(Object.entries(decoded).filter(([name]) => name !== 'expand'));
  return { expand, form };
}

function answerOf(error: unknown, { world, twin }: Realm, requestId: string): HttpAnswer {
  if (error instanceof Refusal) {
    const { headers = {}, missing } = error.options;
    const isElsewhere = missing !== undefined && (twin?.store.holds(missing) ?? false);
    const refusal = isElsewhere ? explainMode(error, world.livemode) : error;
    return { status: error.status, headers, body: renderRefusal(refusal, requestId, world) };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`sandbox: ${requestId} failed: ${message}\n`);
  return { status: 500, headers: {}, body: renderRefusal(unknownError(), requestId, world) };
}

function unknownError(): Refusal {
  const message = 'An unknown error occurred. If this error persists, please contact us.';
  return new Refusal(500, { type: 'api_error', message }, { isFinal: true });
}
