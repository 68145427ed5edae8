import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { MESSAGES, messageTypeSchema } from '~/modules/outbox/index.server';

import { apiDocs } from './api-docs.server';
import { docsView } from './docs-view.server';
import { openApiDocument, refusalsOf } from './openapi.server';
import { idempotencyKey, type Operation } from './operation.server';
import { OPERATIONS } from './operations.server';
import { PROBLEM_CODES, PROBLEMS } from './shared';
import { writeCurl } from './write-snippets.server';

const APP = 'https://credits.example.com';
const docs = apiDocs(APP, null);
const described = (operation: Operation) => {
  const found = docs.operations.find(({ id }) => id === operation.id);
  if (!found) throw new Error(`${operation.id} is not described.`);
  return found;
};

/** What `curl` is given when a shell runs the snippet. */
function argumentsOf(snippet: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${snippet}`;
  const said = execFileSync('sh', ['-c', script], {
    env: { ...process.env, CREDENCE_KEY: 'ck_test_x' },
    encoding: 'utf8',
  });
  return said.split('\0').slice(0, -1);
}

/** The request that those arguments make. */
function requestOf(snippet: string) {
  const given = argumentsOf(snippet);
  const valuesOf = (flag: string) => given.filter((_, n) => given[n - 1] === flag);
  const [url = ''] = given.filter((one) => one.startsWith('http'));
  const [body] = valuesOf('-d');
  return {
    url: new URL(url),
    method: valuesOf('-X')[0] ?? 'GET',
    headers: new Headers(
      valuesOf('-H').map((line): [string, string] => {
        const [name = '', ...value] = line.split(': ');
        return [name, value.join(': ')];
      }),
    ),
    body: body === undefined ? undefined : z.json().parse(JSON.parse(body)),
  };
}

describe('the API’s page', () => {
  it('has every operation, with the problems that it can answer and the scope that it takes', () => {
    expect(docs.operations.map(({ id }) => id).sort()).toEqual(OPERATIONS.map(({ id }) => id).sort());
    for (const operation of OPERATIONS) {
      const { method, path, summary, paragraphs, problems } = described(operation);
      expect({ method, path, summary }).toEqual({
        method: operation.method,
        path: operation.path,
        summary: operation.summary,
      });
      expect(paragraphs.join(' ')).toContain(`\`${operation.scope}\``);
      expect(problems.map(({ code }) => code).sort()).toEqual([...refusalsOf(operation)].sort());
    }
  });

  it('has every problem, with the fields that only it has', () => {
    expect(docs.problems.map(({ code }) => code)).toEqual([...PROBLEM_CODES]);
    for (const { code, ...said } of docs.problems) expect(said).toMatchObject(PROBLEMS[code]);
    const extrasOf = (code: string) => docs.problems.find((one) => one.code === code)?.extras;
    expect(extrasOf('insufficient_credits')?.map(({ name }) => name)).toEqual(['balance', 'shortfall']);
    expect(extrasOf('not_found')).toEqual([]);
  });

  it('says of each field what it means, and has no two places under one anchor', () => {
    const tables = [
      ...docs.operations.flatMap(({ id, request, answer }) =>
        [...request.map(({ fields }) => fields), answer.fields].map((fields) => ({ id, fields })),
      ),
      ...docs.problems.map(({ code, extras }) => ({ id: code, fields: extras })),
    ];
    const mute = tables.flatMap(({ id, fields }) =>
      fields
        .filter(({ meaning, words }) => meaning === '' && words.length !== 1)
        .map(({ name }) => `${id} ${name}`),
    );
    expect(mute).toEqual([]);
    const anchors = [...docs.operations.map(({ id }) => id), ...docs.problems.map(({ code }) => code)];
    expect(new Set(anchors).size).toBe(anchors.length);
  });

  it('tells the fields of a thing once, and leads there from where it is a part', () => {
    const customer = docs.operations.find(({ id }) => id === 'readCustomer')?.answer.fields ?? [];
    expect(customer.find(({ name }) => name === 'balance')?.seeAnchor).toBe('readBalance');
    expect(customer.map(({ name }) => name)).toContain('lots[].expires_at');
    expect(customer.map(({ name }) => name)).not.toContain('balance.available');
  });

  it.each(OPERATIONS.map((one) => [one.id, one] as const))(
    '%s: the curl asks for what the operation takes',
    (_, operation) => {
      const { url, method, headers, body } = requestOf(described(operation).curl);
      const at = new RegExp(`^/api/v1${operation.path.replace('{id}', '([^/]+)')}$`).exec(url.pathname);
      expect(url.origin).toBe(APP);
      expect(at).not.toBeNull();
      expect(method).toBe(operation.method);
      expect(headers.get('authorization')).toBe('Bearer ck_test_x');
      expect(operation.params.safeParse(at?.[1] === undefined ? {} : { id: at[1] }).error).toBeUndefined();
      expect(operation.query.safeParse(Object.fromEntries(url.searchParams)).error).toBeUndefined();
      expect(operation.body.safeParse(body ?? {}).error).toBeUndefined();
      if (method === 'GET') return;
      expect(headers.get('content-type')).toBe('application/json');
      expect(idempotencyKey.safeParse(headers.get('idempotency-key')).error).toBeUndefined();
      expect(Object.keys(z.looseObject({}).parse(body)).sort()).toEqual(
        Object.keys(operation.body.shape).sort(),
      );
    },
  );

  it.each(OPERATIONS.map((one) => [one.id, one] as const))(
    '%s: the answer is one that the operation can give, each of its values an example',
    (_, operation) => {
      const { example } = described(operation).answer;
      expect(operation.answer.safeParse(JSON.parse(example)).error).toBeUndefined();
      expect(example).not.toContain('"…"');
    },
  );

  it('shows the key of the demo where it is good, and none elsewhere', () => {
    expect(argumentsOf(`${apiDocs(APP, 'ck_test_demo').start.key}\ncurl "$CREDENCE_KEY"`)).toEqual([
      'ck_test_demo',
    ]);
    expect(JSON.stringify(docs)).not.toContain('ck_test_C');
    expect(requestOf(docs.start.curl).url.href).toBe(`${APP}/api/v1/balance?customer=user_42`);
  });

  it('has every message, with an example that it can be and the fields of its data', () => {
    const { headers, answers, parts, messages } = docs.webhooks;
    expect(messages.map(({ name }) => name)).toEqual(messageTypeSchema.options);
    expect(headers.map(({ name }) => name)).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature']);
    expect(answers.map(({ status }) => status).sort()).toEqual(['2XX', '410']);
    expect(parts.map(({ name }) => name)).toEqual(['MessageBalance']);
    for (const type of messageTypeSchema.options) {
      const { fields, example = '' } = messages.find(({ name }) => name === type) ?? {};
      const message = z.looseObject({ type: z.literal(type), data: MESSAGES[type] });
      expect(message.safeParse(JSON.parse(example)).error).toBeUndefined();
      expect(example).not.toContain('"…"');
      expect(fields?.map(({ name }) => name)).toEqual(Object.keys(MESSAGES[type].shape));
      expect(fields?.filter(({ meaning }) => meaning === '')).toEqual([]);
    }
  });

  it('is not made of a document that refers to what it does not have', () => {
    const document = openApiDocument(APP);
    const { schemas: all = {} } = document.components ?? {};
    const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'Balance'));
    expect(() => docsView({ ...document, components: { schemas } }, null)).toThrow('no schema Balance');
  });
});

it('a curl carries its body through the shell as it is', () => {
  const body = { reason: `it's "$HOME" \`id\` \\ 100% \n done` };
  const asked = {
    ...{ method: 'POST' as const, baseUrl: APP, path: '/a/{id}', body },
    ...{ pathValues: { id: "o'hara b" }, queryValues: { q: '$x &' }, headerValues: { 'X-A': "it's" } },
  };
  const request = requestOf(writeCurl(asked));
  expect(request.body).toEqual(body);
  expect(request.url.pathname).toBe("/a/o'hara%20b");
  expect(request.url.searchParams.get('q')).toBe('$x &');
  expect(request.headers.get('x-a')).toBe("it's");
});
