import http from 'node:http';
import https from 'node:https';
import {
  RequestFilteringHttpAgent,
  RequestFilteringHttpsAgent,
  type RequestFilteringAgentOptions,
} from 'request-filtering-agent';

import { seconds } from '~/platform/time';

import { type AddressRules, formFault, isAllowedByName } from './address.server';
import { type PostError } from './shared';

/** What became of one request: it was answered with a status, or it was not for a reason. */
export type PostResult = { at: Date; ms: number } & (
  { status: number; error: null; answer: string } | { status: null; error: PostError; answer: null }
);

/** From the look-up of the name to the last byte that is read. */
const TIMEOUT = seconds(15);
const MOST_BYTES = 4096;
const KEPT_CHARACTERS = 500;

/**
 * The address that is really connected to is looked at, whatever its name resolves to at that moment. Connections are not
 * kept: what was looked at is what is asked. An agent of its own knows no proxy of the environment.
 */
const FILTER: RequestFilteringAgentOptions & http.AgentOptions = { keepAlive: false };
const PUBLIC = {
  http: new RequestFilteringHttpAgent(FILTER),
  https: new RequestFilteringHttpsAgent(FILTER),
};
const ANY = { http: new http.Agent({ keepAlive: false }), https: new https.Agent({ keepAlive: false }) };

/** Posts once and follows no redirect. Never throws: what goes wrong is the result. */
export async function post(
  address: string,
  request: { headers: Record<string, string>; body: string },
  rules: AddressRules,
  timeout = TIMEOUT,
): Promise<PostResult> {
  const at = new Date();
  const startedAt = performance.now();
  const took = () => ({ at, ms: Math.round(performance.now() - startedAt) });
  if (formFault(address, rules) !== undefined)
    return { ...took(), status: null, error: 'address_not_allowed', answer: null };
  try {
    const answered = await ask(new URL(address), request, rules, timeout);
    return { ...took(), ...answered, error: null };
  } catch (error) {
    return { ...took(), status: null, error: postError(error), answer: null };
  }
}

function ask(
  url: URL,
  { headers, body }: { headers: Record<string, string>; body: string },
  rules: AddressRules,
  timeout: number,
): Promise<{ status: number; answer: string }> {
  const agents = isAllowedByName(url, rules) ? ANY : PUBLIC;
  const isHttps = url.protocol === 'https:';
  const options = { method: 'POST', headers, signal: AbortSignal.timeout(timeout) };
  return new Promise((resolve, reject) => {
    const request = isHttps
      ? https.request(url, { ...options, agent: agents.https })
      : http.request(url, { ...options, agent: agents.http });
    let isAnswered = false;
    const fail = (error: Error) => {
      if (!isAnswered) reject(error);
    };
    request.on('error', fail);
    request.once('close', () => fail(new Error('socket hang up')));
    request.once('response', (response) => {
      isAnswered = true;
      void readAnswer(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }));
    });
    request.end(body);
  });
}

/** The status has answered: a body that is cut, huge or endless only ends what is kept of it. */
async function readAnswer(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_BYTES) break;
    }
  } catch {
    // What came until then is kept.
  }
  response.destroy();
  const text = Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8');
  // Postgres keeps no NUL, and counts characters as code points.
  return [...text.replaceAll('\0', '\u{fffd}')].slice(0, KEPT_CHARACTERS).join('');
}

const ERROR_OF_CODE: Readonly<Record<string, PostError>> = {
  ABORT_ERR: 'timed_out',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
};
const TLS = /^(CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|UNABLE_TO|SELF_SIGNED)/;

function postError(error: unknown): PostError {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('is not allowed. Because')) return 'address_not_allowed';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_')) return 'bad_answer';
  if (TLS.test(code)) return 'tls_failed';
  return ERROR_OF_CODE[code] ?? 'connection_lost';
}
