import { type ApiDocs, type OperationDocs, type Place, type ProblemDocs } from './docs-view';
import { describeWebhooks } from './describe-webhooks.server';
import { describeField, listFields, type Naming } from './list-fields.server';
import { type Json, makeExample } from './make-example.server';
import {
  type DocumentNode,
  nameOf,
  type OperationNode,
  readDocument,
  resolved,
  type SchemaNode,
} from './read-document.server';
import { PROBLEM_CODES, type ProblemCode, PROBLEMS } from './shared';
import { startSnippets } from './start-snippets.server';
import { type RequestExample, writeCurl, writeTypeScript } from './write-snippets.server';

const JSON_BODY = 'application/json';
const PROBLEM_BODY = 'application/problem+json';

/**
 * The API's page, made of its OpenAPI document.
 * @param demoKey the key that the demo publishes; null everywhere else
 * @throws Error when the document refers to what it does not have
 */
export function docsView(openApi: unknown, demoKey: string | null): ApiDocs {
  const document = readDocument(openApi);
  const baseUrl = document.servers[0]?.url ?? '';
  const asked = Object.entries(document.paths).flatMap(([path, { get, post }]) => [
    ...(get ? [{ path, method: 'GET' as const, operation: get }] : []),
    ...(post ? [{ path, method: 'POST' as const, operation: post }] : []),
  ]);
  const naming = { document, tellers: tellersOf(asked.map(({ operation }) => operation)) };
  return {
    lead: document.info.description,
    baseUrl,
    start: startSnippets(baseUrl, demoKey),
    operations: asked.map((one) => describeOperation(one, baseUrl, naming)),
    webhooks: describeWebhooks(naming),
    problems: PROBLEM_CODES.map((code) => describeProblem(code, naming)),
  };
}

function tellersOf(operations: readonly OperationNode[]): Map<string, string> {
  const tellers = new Map<string, string>();
  for (const operation of operations) {
    const name = nameOf(answerOf(operation).schema);
    if (name !== null && operation.operationId !== undefined) tellers.set(name, operation.operationId);
  }
  return tellers;
}

function answerOf({ operationId, responses }: OperationNode): { status: string; schema: SchemaNode } {
  const [status, found] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
  const schema = found?.content?.[JSON_BODY]?.schema;
  if (status === undefined || !schema) throw new Error(`${operationId} answers nothing.`);
  return { status, schema };
}

type Asked = { path: string; method: 'GET' | 'POST'; operation: OperationNode };

function describeOperation(asked: Asked, baseUrl: string, naming: Naming): OperationDocs {
  const { path, method, operation } = asked;
  const { document } = naming;
  const { status, schema } = answerOf(operation);
  const example = exampleOf(asked, baseUrl, document);
  return {
    id: operation.operationId ?? `${method}${path}`,
    method,
    path,
    summary: operation.summary,
    paragraphs: operation.description.split('\n\n'),
    request: requestOf(operation, naming),
    curl: writeCurl(example),
    typescript: writeTypeScript(example),
    answer: {
      status,
      meaning: resolved(schema, document).description ?? '',
      fields: listFields(schema, naming),
      example: JSON.stringify(makeExample(schema, document), null, 2),
    },
    problems: problemsOf(operation, document),
  };
}

const PLACES = { path: 'Path', query: 'Query', header: 'Header' } as const;

function requestOf(operation: OperationNode, naming: Naming): OperationDocs['request'] {
  const body = bodyOf(operation);
  const parts: { place: Place; fields: OperationDocs['answer']['fields'] }[] = [
    ...Object.entries(PLACES).map(([where, place]) => ({
      place,
      fields: operation.parameters
        .filter((one) => one.in === where)
        .map(({ name, schema, required }) => describeField(name, schema, required, naming)),
    })),
    { place: 'Body', fields: body ? listFields(body, naming) : [] },
  ];
  return parts.filter(({ fields }) => fields.length > 0);
}

const bodyOf = (operation: OperationNode) => operation.requestBody?.content[JSON_BODY]?.schema;

/** A request with all that it needs, and with all that its body can say. */
function exampleOf(
  { path, method, operation }: Asked,
  baseUrl: string,
  document: DocumentNode,
): RequestExample {
  const body = bodyOf(operation);
  const valuesOf = (where: keyof typeof PLACES): Record<string, Json> =>
    Object.fromEntries(
      operation.parameters
        .filter((one) => one.in === where && one.required)
        .map(({ name, schema }) => [name, makeExample(schema, document)]),
    );
  return {
    ...{ method, baseUrl, path },
    pathValues: valuesOf('path'),
    queryValues: valuesOf('query'),
    headerValues: valuesOf('header'),
    body: body && makeExample(body, document),
  };
}

function problemsOf(operation: OperationNode, document: DocumentNode): OperationDocs['problems'] {
  const schemas = Object.values(operation.responses).flatMap(({ content }) => {
    const schema = content?.[PROBLEM_BODY]?.schema;
    return schema ? (resolved(schema, document).anyOf ?? [schema]) : [];
  });
  const codes = schemas.map((schema) => resolved(schema, document).properties?.['code']?.const);
  return PROBLEM_CODES.filter((code) => codes.includes(code)).map((code) => ({
    code,
    status: PROBLEMS[code].status,
    title: PROBLEMS[code].title,
  }));
}

/** What every problem has, whatever its code. */
const OF_EVERY_PROBLEM = ['type', 'title', 'status', 'code', 'detail', 'request_id'];

function describeProblem(code: ProblemCode, naming: Naming): ProblemDocs {
  const schemas = Object.values(naming.document.components.schemas);
  const schema = schemas.find((one) => one.properties?.['code']?.const === code);
  if (!schema) throw new Error(`The document has no problem ${code}.`);
  const { status, title, meaning } = PROBLEMS[code];
  const fields = listFields(schema, naming);
  return {
    ...{ code, status, title, meaning },
    extras: fields.filter(({ name }) => !OF_EVERY_PROBLEM.includes(name)),
  };
}
