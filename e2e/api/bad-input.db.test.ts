import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { OPERATIONS, problemSchema } from '../../app/modules/api/index.server';
import { PROBLEM_CODES, PROBLEMS } from '../../app/modules/api/shared';
import { useTestDatabase } from '../support/test-database';
import { asker, newClient, raw, richCustomer } from './testing/api-desk';

const database = useTestDatabase();
let key: string;
let customer: string;
let ask: ReturnType<typeof asker>;

beforeAll(async () => {
  ({ key } = await newClient(database.db));
  customer = await richCustomer(database.db, 1_000_000n);
  ask = asker(database.db);
});

const counts = z.tuple([
  z.object({
    transfers: z.bigint(),
    holds: z.bigint(),
    entries: z.bigint(),
    links: z.bigint(),
    acts: z.bigint(),
  }),
]);

/** What a refused request must leave as it was. */
async function written() {
  const [found] = counts.parse(
    await database.db.$queryRaw`
      SELECT (SELECT count(*) FROM transfer) AS transfers, (SELECT count(*) FROM hold) AS holds,
        (SELECT count(*) FROM entry) AS entries, (SELECT count(*) FROM staff_act) AS acts, (SELECT count(*) FROM store_link) AS links`,
  );
  return found;
}

const code = z.looseObject({ code: z.enum(PROBLEM_CODES) });

/** Sends it, and answers the code of a refusal that is what the document says, after which everything stands as before. */
async function refusal(request: Request): Promise<string> {
  const before = await written();
  const answer = await ask(request);
  const body: unknown = await answer.json();
  expect(answer.status, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
  expect(answer.status, JSON.stringify(body)).toBeLessThan(500);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const found = code.parse(body).code;
  expect(problemSchema(found).safeParse(body).error).toBeUndefined();
  expect(answer.status).toBe(PROBLEMS[found].status);
  expect(await written()).toEqual(before);
  return found;
}

const spendOf = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  raw('/spends', { key, body, headers });
const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))),
  );

describe('a spend is refused by name and nothing is written', () => {
  const amounts: [string, string][] = [
    ['zero', '0'],
    ['minus zero', '-0'],
    ['less than zero', '-3'],
    ['a fraction', '1.5'],
    ['a fraction below what a double holds', '1.0000000000000000001'],
    ['more than a request may move', '1000000000001'],
    ['more than a double holds', '9007199254740993'],
    ['more than bigint of SQL holds', '9223372036854775808'],
    ['more than any double', '1e400'],
    ['a text', '"3"'],
    ['an empty text', '""'],
    ['true', 'true'],
    ['null', 'null'],
    ['a list', '[3]'],
    ['an object', '{"value":3}'],
    ['SQL', '"1; DROP TABLE wallet"'],
    ['NaN', 'NaN'],
    ['a hexadecimal', '0x10'],
    ['a leading zero', '03'],
  ];
  it.each(amounts)('with %s as its amount', async (_, amount) => {
    expect(await refusal(spendOf(`{"customer":"user_1","amount":${amount}}`))).toBe('invalid_request');
  });

  const customers: [string, string][] = [
    ['an empty text', '""'],
    ['a number', '42'],
    ['null', 'null'],
    ['what is too long', `"${'a'.repeat(129)}"`],
    ['a line break', '"user\\n1"'],
    ['a zero byte', '"user\\u0000"'],
    ['half a character', '"\\ud800"'],
    ['unicode', '"usér"'],
    ['a slash', '"../user"'],
    ['SQL', '"\' OR 1=1 --"'],
  ];
  it.each(customers)('with %s as its customer', async (_, name) => {
    expect(await refusal(spendOf(`{"customer":${name},"amount":1}`))).toBe('invalid_request');
  });

  const reasons: [string, string][] = [
    ['an empty text', '""'],
    ['what is too long', `"${'a'.repeat(201)}"`],
    ['a zero byte', '"a\\u0000b"'],
    ['half a character', '"\\udc00"'],
    ['a number', '1'],
    ['null', 'null'],
  ];
  it.each(reasons)('with %s as its reason', async (_, why) => {
    expect(await refusal(spendOf(`{"customer":"user_1","amount":1,"reason":${why}}`))).toBe(
      'invalid_request',
    );
  });

  const bodies: [string, string | Uint8Array<ArrayBuffer>, string][] = [
    ['no body', '', 'invalid_request'],
    ['no JSON', 'amount=3', 'invalid_request'],
    ['half a body', '{"customer":"user_1","amount":', 'invalid_request'],
    ['two bodies', '{"customer":"user_1","amount":1}{}', 'invalid_request'],
    ['a list', '[]', 'invalid_request'],
    ['null', 'null', 'invalid_request'],
    ['a text', '"spend"', 'invalid_request'],
    ['a field twice', '{"customer":"user_1","amount":1,"amount":1000}', 'invalid_request'],
    ['a field twice with one value', '{"customer":"user_1","amount":1,"amount":1}', 'invalid_request'],
    ['a field twice, once escaped', '{"customer":"user_1","amount":1,"\\u0061mount":2}', 'invalid_request'],
    ['a field that is none', '{"customer":"user_1","amount":1,"book":"live"}', 'invalid_request'],
    ['a prototype', '{"customer":"user_1","__proto__":{"amount":1}}', 'invalid_request'],
    ['a constructor', '{"customer":"user_1","amount":1,"constructor":{}}', 'invalid_request'],
    ['no amount', '{"customer":"user_1"}', 'invalid_request'],
    ['no customer', '{"amount":1}', 'invalid_request'],
    ['no UTF-8', bytes('{"customer":"', [0xff, 0xfe], '","amount":1}'), 'invalid_request'],
    ['no end of brackets', '['.repeat(16_000), 'invalid_request'],
    ['too much', `{"customer":"user_1","amount":1,"reason":"${'a'.repeat(17_000)}"}`, 'body_too_large'],
  ];
  it.each(bodies)('with %s as its body', async (_, body, expected) => {
    expect(await refusal(spendOf(body))).toBe(expected);
  });

  const fine = () => JSON.stringify({ customer, amount: 1 });
  it('without JSON’s own content type', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json-patch+json',
      'multipart/form-data; boundary=x',
    ])
      expect(await refusal(spendOf(fine(), { 'content-type': type }))).toBe('unsupported_media_type');
    expect((await ask(spendOf(fine(), { 'content-type': 'Application/JSON; charset=UTF-8' }))).status).toBe(
      201,
    );
  });

  it('without an Idempotency-Key that can be one', async () => {
    const request = spendOf(fine());
    request.headers.delete('idempotency-key');
    expect(await refusal(request)).toBe('invalid_request');
    for (const name of ['', ' ', 'a b', 'a'.repeat(256), 'schlüssel'])
      expect(await refusal(spendOf(fine(), { 'idempotency-key': name }))).toBe('invalid_request');
  });

  it('with a query that it does not have, or one thing twice', async () => {
    expect(await refusal(raw('/spends?amount=3', { key, body: fine() }))).toBe('invalid_request');
    const twice = raw(`/balance?customer=a&customer=b`, { key, method: 'GET' });
    expect(await refusal(twice)).toBe('invalid_request');
  });

  it('by methods that it does not have', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const request = raw('/spends', { key, method });
      expect((await ask(request.clone())).headers.get('allow')).toBe('POST');
      expect(await refusal(request)).toBe('method_not_allowed');
    }
  });

  it('under paths that are none', async () => {
    for (const path of ['/', '/spend', '/spends/', '/balance/x', '/holds/x/y/z', '/../admin'])
      expect(await refusal(raw(path, { key, body: fine() }))).toBe('not_found');
  });

  it('says which places are wrong, all at once', async () => {
    const answer = await ask(spendOf('{"customer":7,"amount":"x","more":1}', { 'idempotency-key': 'a b' }));
    const body = z
      .looseObject({ errors: z.array(z.object({ at: z.string(), message: z.string() })) })
      .parse(await answer.json());
    expect(body.errors.map(({ at }) => at).sort()).toEqual([
      'body',
      'body.amount',
      'body.customer',
      'header.Idempotency-Key',
    ]);
  });

  it('instants that no calendar has are no instants', async () => {
    for (const at of [
      '',
      'now',
      '2026-02-30T00:00:00Z',
      '0000-01-01T00:00:00Z',
      '2026-11-21',
      '99999-01-01T00:00:00Z',
      '1e9',
    ])
      expect(await refusal(raw(`/balance?customer=user_1&at=${at}`, { key, method: 'GET' }))).toBe(
        'invalid_request',
      );
    for (const at of [
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999999Z',
      '2026-11-21T18:00:00+01:00',
      '2026-11-21T18:00:00%2B01:00',
    ])
      expect((await ask(raw(`/balance?customer=user_1&at=${at}`, { key, method: 'GET' }))).status).toBe(200);
  });
});

const wellFormed = (text: string) => text.replace(/\p{Cs}/gu, '?');

/** Anything that JSON can say, with what hurts more often than chance would bring it. */
const nasty = fc.oneof(
  fc.constantFrom(
    0,
    -1,
    1.5,
    2 ** 53,
    1e21,
    '',
    ' ',
    'null',
    "' OR 1=1 --",
    '\u0000',
    '\ud800',
    '💳'.repeat(300),
    '../..',
    null,
    true,
    [],
    {},
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.double(),
);
const names = [
  'customer',
  'amount',
  'reason',
  'expires_in',
  'expires_at',
  'kind',
  'return_url',
  'path',
  'email',
  'name',
  '__proto__',
  'toString',
];

describe('whatever is sent', () => {
  it('every operation answers what its document says, or refuses by name and writes nothing', async () => {
    const fields = {
      customer: fc.oneof(fc.constantFrom('user_1', customer), fc.uuid()),
      amount: fc.integer({ min: 1, max: 5 }),
      reason: fc.constant('fine'),
    };
    const isLikely = fc.oneof(fc.record(fields), fc.record(fields, { requiredKeys: [] }));
    const isOdd = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })), nasty, {
      maxKeys: 2,
    });
    const request = fc.record({
      operation: fc.constantFrom(...OPERATIONS),
      likely: isLikely,
      odd: fc.oneof(fc.constant({}), isOdd),
      id: fc.oneof(
        fc.constantFrom('user_1', customer, 'txf_1', 'hld_1', 'pay_1', '%00', "'", '💳'),
        fc.string({ minLength: 1, maxLength: 100 }),
      ),
      idempotencyKey: fc.oneof(fc.uuid(), fc.string({ maxLength: 300 })),
    });
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(request, async ({ operation, likely, odd, id, idempotencyKey }) => {
        const { method, path, answer: schema } = operation;
        const known = new Set(Object.keys((method === 'GET' ? operation.query : operation.body).shape));
        const likelyHere = Object.entries(likely).filter(([name]) => known.has(name));
        const sent: Record<string, unknown> = { ...Object.fromEntries(likelyHere), ...odd };
        const segment = /^\.{1,2}$/.test(id) ? '.x' : wellFormed(id);
        const query = new URLSearchParams(
          Object.entries(sent).map(([name, value]) => [name, String(typeof value === 'object' ? '' : value)]),
        );
        const target =
          path.replace('{id}', encodeURIComponent(segment)) +
          (method === 'GET' ? `?${query.toString()}` : '');
        const isHeader = /^[\t\x20-\x7e]*$/.test(idempotencyKey);
        const made = raw(target, {
          ...{ key, method },
          ...(method === 'POST' && { body: JSON.stringify(sent) }),
          headers: { 'idempotency-key': isHeader ? idempotencyKey : randomUUID() },
        });
        const before = await written();
        const response = await ask(made);
        const body: unknown = await response.json();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        if (response.ok) return void schema.parse(body);
        expect(response.status, JSON.stringify(body)).toBeLessThan(500);
        problemSchema(code.parse(body).code).parse(body);
        expect(await written()).toEqual(before);
      }),
      { numRuns: 800 },
    );
    for (const status of [200, 201, 400, 402, 404])
      expect(statuses.get(status), `${status} was reached`).toBeGreaterThan(0);
  }, 120_000);
});
