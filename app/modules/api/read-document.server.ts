import * as z from 'zod';

/** A JSON Schema, as far as our documents use it. */
const schemaNode = z.object({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  description: z.string().optional(),
  example: z.json().optional(),
  const: z.json().optional(),
  enum: z.array(z.json()).optional(),
  minimum: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), schemaNode).optional();
  },
  get items() {
    return schemaNode.optional();
  },
  get anyOf() {
    return z.array(schemaNode).optional();
  },
});
export type SchemaNode = z.output<typeof schemaNode>;

const content = z.record(z.string(), z.object({ schema: schemaNode }));

const operation = z.object({
  operationId: z.string().optional(),
  summary: z.string().default(''),
  description: z.string().default(''),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().default(false),
        schema: schemaNode,
      }),
    )
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z
    .record(z.string(), z.object({ description: z.string(), content: content.optional() }))
    .default({}),
});
export type OperationNode = z.output<typeof operation>;

const pathItem = z.object({ get: operation.optional(), post: operation.optional() });

const document = z.object({
  info: z.object({ description: z.string() }),
  servers: z.array(z.object({ url: z.string() })).min(1),
  paths: z.record(z.string(), pathItem).default({}),
  webhooks: z.record(z.string(), pathItem).default({}),
  components: z.object({ schemas: z.record(z.string(), schemaNode).default({}) }),
});
export type DocumentNode = z.output<typeof document>;

/**
 * An OpenAPI document as its page reads it.
 * @throws ZodError when it says something in a way that our documents do not
 */
export const readDocument = (openApi: unknown): DocumentNode => document.parse(openApi);

const REF = '#/components/schemas/';

/** The name of the schema that this one is, and null for one that stands in its place. */
export const nameOf = (schema: SchemaNode): string | null =>
  schema.$ref?.startsWith(REF) === true ? schema.$ref.slice(REF.length) : null;

/**
 * What a schema says: the one that it refers to, in place of a reference.
 * @throws Error when the document has no such schema
 */
export function resolved(schema: SchemaNode, { components }: DocumentNode): SchemaNode {
  const name = nameOf(schema);
  if (name === null) return schema;
  const found = components.schemas[name];
  if (!found) throw new Error(`The document has no schema ${name}.`);
  return { ...found, ...(schema.description !== undefined && { description: schema.description }) };
}

/** A schema that may be null: what else it can be, and the schema without that. */
export function withoutNull(schema: SchemaNode): { schema: SchemaNode; isNullable: boolean } {
  const { anyOf, type } = schema;
  const others = anyOf?.filter((one) => one.type !== 'null') ?? [];
  const [only, ...more] = others;
  if (anyOf && only && more.length === 0 && others.length < anyOf.length)
    return { schema: { ...only, ...aboutOf(schema) }, isNullable: true };
  if (!Array.isArray(type)) return { schema, isNullable: false };
  const [name = 'string'] = type.filter((one) => one !== 'null');
  return { schema: { ...schema, type: name }, isNullable: type.includes('null') };
}

const aboutOf = ({ description, example }: SchemaNode) => ({
  ...(description !== undefined && { description }),
  ...(example !== undefined && { example }),
});
