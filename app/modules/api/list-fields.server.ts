import { type FieldDocs } from './docs-view';
import { type DocumentNode, nameOf, resolved, type SchemaNode, withoutNull } from './read-document.server';

export interface Naming {
  document: DocumentNode;
  /** Schema → the anchor where its fields are told once and for all. */
  tellers: ReadonlyMap<string, string>;
}

/** The fields of an object, those of objects inside it behind their own: `balance`, `balance.available`, `lots[].id`. */
export function listFields(schema: SchemaNode, naming: Naming, prefix = ''): FieldDocs[] {
  const { properties = {}, required = [] } = resolved(schema, naming.document);
  return Object.entries(properties).flatMap(([name, property]) => {
    const isRequired = required.includes(name);
    const field = describeField(`${prefix}${name}`, property, isRequired, naming);
    const inside = field.seeAnchor === null ? insideOf(property, naming.document) : undefined;
    return inside === undefined
      ? [field]
      : [field, ...listFields(inside.schema, naming, `${prefix}${name}${inside.mark}`)];
  });
}

/** One field or parameter. */
export function describeField(
  name: string,
  property: SchemaNode,
  isRequired: boolean,
  { document, tellers }: Naming,
): FieldDocs {
  const { schema, isNullable } = withoutNull(property);
  const own = resolved(schema, document);
  const words = own.enum ?? (own.const === undefined ? [] : [own.const]);
  return {
    name,
    type: `${typeOf(own, document)}${isNullable ? ' or null' : ''}`,
    isRequired,
    meaning: property.description ?? own.description ?? '',
    words: words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))),
    seeAnchor: tellers.get(nameOf(schema) ?? '') ?? null,
  };
}

function typeOf(schema: SchemaNode, document: DocumentNode): string {
  if (schema.type === 'array') {
    const items = schema.items && resolved(schema.items, document);
    return `list of ${items?.type === 'object' ? 'objects' : `${items?.type ?? 'value'}s`}`;
  }
  if (schema.format === 'date-time') return 'time';
  if (schema.format === 'uri') return 'URL';
  return typeof schema.type === 'string' ? schema.type : 'any';
}

/** The object that a field is or lists, and what stands before its fields' names. */
function insideOf(
  property: SchemaNode,
  document: DocumentNode,
): { schema: SchemaNode; mark: string } | undefined {
  const schema = resolved(withoutNull(property).schema, document);
  if (schema.type === 'object') return { schema, mark: '.' };
  const items = schema.type === 'array' && schema.items && resolved(schema.items, document);
  return items && items.type === 'object' ? { schema: items, mark: '[].' } : undefined;
}
