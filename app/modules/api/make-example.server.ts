import type * as z from 'zod';

import { type DocumentNode, resolved, type SchemaNode, withoutNull } from './read-document.server';

export type Json = z.core.util.JSONType;

/** A value that a schema allows, of the examples that it gives. */
export function makeExample(schema: SchemaNode, document: DocumentNode): Json {
  const own = resolved(withoutNull(schema).schema, document);
  if (own.example !== undefined)
    return own.type === 'integer' && typeof own.example === 'string' ? Number(own.example) : own.example;
  if (own.const !== undefined) return own.const;
  const [word] = own.enum ?? [];
  if (word !== undefined) return word;
  if (own.type === 'object') {
    const properties = Object.entries(own.properties ?? {});
    return Object.fromEntries(properties.map(([name, one]) => [name, makeExample(one, document)]));
  }
  if (own.type === 'array') return own.items ? [makeExample(own.items, document)] : [];
  if (own.type === 'integer' || own.type === 'number') return own.minimum ?? 0;
  if (own.type === 'boolean') return false;
  return own.anyOf?.[0] ? makeExample(own.anyOf[0], document) : '…';
}
