import { isSafeNumber, parse } from 'lossless-json';

import { readBody } from '~/platform/read-body.server';

import { invalidRequest, type Problem, problem } from './reply.server';

/** Bytes; as the meaning of `body_too_large` says. */
const BODY_LIMIT = 16 * 1024;

export type ReadJsonOutcome = { outcome: 'read'; json: unknown } | Problem;

/**
 * Reads a request's body as one JSON value that can be read in one way only: a field that stands twice, a number that a
 * double would round and bytes that are no UTF-8 are refused. An empty body reads as undefined.
 */
export async function readJson(request: Request): Promise<ReadJsonOutcome> {
  const read = await readBody(request, BODY_LIMIT);
  if (read.outcome === 'too_big') {
    // The rest of it is never read, so the connection cannot carry another request.
    return problem(
      'body_too_large',
      `The body has more than ${BODY_LIMIT} bytes.`,
      {},
      { Connection: 'close' },
    );
  }
  if (read.body.byteLength === 0) return { outcome: 'read', json: undefined };
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    return problem('unsupported_media_type', `The body came as ${JSON.stringify(type)}.`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(read.body);
    parse(text, null, { parseNumber: assertExact, onDuplicateKey: ({ key }) => refuseTwice(key) });
    return { outcome: 'read', json: JSON.parse(text) };
  } catch (error) {
    return invalidRequest([{ at: 'body', message: whyNot(error) }]);
  }
}

class UnclearJson extends Error {}

function refuseTwice(key: string): never {
  throw new UnclearJson(`The field ${JSON.stringify(key.slice(0, 40))} stands twice in one object.`);
}

function assertExact(text: string): number {
  if (isSafeNumber(text)) return Number(text);
  throw new UnclearJson(`The number ${text.slice(0, 40)} cannot be read exactly.`);
}

function whyNot(error: unknown): string {
  if (error instanceof UnclearJson) return error.message;
  return error instanceof TypeError ? 'It is no UTF-8 text.' : 'It is no JSON.';
}
