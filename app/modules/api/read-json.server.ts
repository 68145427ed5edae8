import { visit } from 'jsonc-parser';

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
    const json: unknown = JSON.parse(text);
    assertClear(text);
    return { outcome: 'read', json };
  } catch (error) {
    return invalidRequest([{ at: 'body', message: whyNot(error) }]);
  }
}

class UnclearJson extends Error {}

/** What `JSON.parse` would read one way and another reader another way. */
function assertClear(text: string): void {
  const fields: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void fields.push(new Set()),
    onObjectEnd: () => void fields.pop(),
    onObjectProperty: (name) => {
      const seen = fields.at(-1);
      if (seen?.has(name))
        throw new UnclearJson(`The field ${JSON.stringify(name.slice(0, 40))} stands twice in one object.`);
      seen?.add(name);
    },
    onLiteralValue: (value: unknown, offset, length) => {
      const written = text.slice(offset, offset + length);
      if (typeof value === 'number' && !isExact(value, written))
        throw new UnclearJson(`The number ${written.slice(0, 40)} cannot be read exactly.`);
    },
  });
}

/** Every number of 15 digits is one double and no other number's. */
function isExact(value: number, written: string): boolean {
  const [digits = ''] = written.toLowerCase().split('e');
  const significant = digits.replace(/[-.]/g, '').replace(/^0+/, '');
  return Number.isFinite(value) && (significant.length <= 15 || String(value) === written);
}

function whyNot(error: unknown): string {
  if (error instanceof UnclearJson) return error.message;
  return error instanceof TypeError ? 'It is no UTF-8 text.' : 'It is no JSON.';
}
