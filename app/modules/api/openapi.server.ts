import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';

import { API_SCOPE_LABEL } from '~/modules/clients/shared';

import { documentMessages } from './document-messages.server';
import { idempotencyKey, type Operation } from './operation.server';
import { OPERATIONS } from './operations.server';
import { problemName, problemSchema } from './problem-schemas.server';
import { PROBLEM_CODES, type ProblemCode, PROBLEMS } from './shared';

const OF_ALL: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_key',
  'missing_scope',
  'rate_limited',
  'internal_error',
  'unavailable',
];
const OF_WRITES: readonly ProblemCode[] = [
  'body_too_large',
  'unsupported_media_type',
  'idempotency_key_reused',
];

/** Every refusal of an operation, by rising status. */
export const refusalsOf = ({ method, refusals }: Operation): ProblemCode[] =>
  [...OF_ALL, ...(method === 'POST' ? OF_WRITES : []), ...refusals].sort(
    (a, b) => PROBLEMS[a].status - PROBLEMS[b].status,
  );

const number = (description: string) => z.int().min(0).meta({ description });

const rateHeaders = z.object({
  'RateLimit-Limit': number('What this client may ask of one web process in a minute.'),
  'RateLimit-Remaining': number('What is left of it.'),
  'RateLimit-Reset': number('Seconds until all of it is there again.'),
});

const replayHeaders = rateHeaders.extend({
  'Idempotency-Replayed': z
    .literal('true')
    .optional()
    .meta({ description: 'This act was done before; here is its answer again.' }),
});

/** The OpenAPI 3.1 document of this API, made of the schemas that validate. */
export function openApiDocument(appUrl: string) {
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Credence',
        version: '1',
        description:
          'Spend the credits that your customers bought. Each POST carries an Idempotency-Key and is done once, whatever is repeated or lost.',
      },
      servers: [{ url: `${appUrl}/api/v1` }],
      security: [{ apiKey: [] }],
      paths: pathsOf(OPERATIONS),
      webhooks: documentMessages(),
      components: {
        // Those too that belong to no operation: a caller knows every code.
        schemas: Object.fromEntries(PROBLEM_CODES.map((code) => [problemName(code), problemSchema(code)])),
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'A key of one book: `ck_test_…` or `ck_live_…`.',
          },
        },
      },
    },
    // The pattern of every calendar is longer than all else that is said of a time.
    { override: ({ jsonSchema }) => void (jsonSchema.format === 'date-time' && delete jsonSchema.pattern) },
  );
}

function pathsOf(operations: readonly Operation[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    const method = operation.method === 'GET' ? 'get' : 'post';
    paths[operation.path] = { ...paths[operation.path], [method]: operationOf(operation) };
  }
  return paths;
}

function operationOf(operation: Operation): ZodOpenApiOperationObject {
  const isWrite = operation.method === 'POST';
  return {
    operationId: operation.id,
    summary: operation.summary,
    description: `${operation.description}\n\nScope \`${operation.scope}\`: ${API_SCOPE_LABEL[operation.scope].toLowerCase()}.`,
    requestParams: {
      path: operation.params,
      query: operation.query,
      ...(isWrite && { header: z.object({ 'Idempotency-Key': idempotencyKey }) }),
    },
    ...(isWrite && { requestBody: { content: { 'application/json': { schema: operation.body } } } }),
    responses: {
      [isWrite ? '201' : '200']: {
        description: operation.summary,
        headers: isWrite ? replayHeaders : rateHeaders,
        content: { 'application/json': { schema: operation.answer } },
      },
      ...Object.fromEntries(problemsByStatus(operation)),
    },
  };
}

function problemsByStatus(operation: Operation) {
  const codes = refusalsOf(operation);
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  return statuses.map((status) => {
    const own = codes.filter((code) => PROBLEMS[code].status === status);
    const description = own.map((code) => PROBLEMS[code].title).join('; ');
    const [first, ...others] = own.map(problemSchema);
    const schema = first && others.length === 0 ? first : z.union(own.map(problemSchema));
    return [String(status), { description, content: { 'application/problem+json': { schema } } }] as const;
  });
}
