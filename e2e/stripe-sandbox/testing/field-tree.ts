import { isJsonObject, type Json, type JsonObject } from '../json';

/**
 * A tree of fields as text: one field a line, indentation is nesting, `?` may be absent, `| null` may be null,
 * `{…}` is a hash whose fields follow; if none follow, it is not judged.
 */
export interface FieldTree {
  fields: Map<string, Field>;
}

interface Field extends FieldTree {
  isOptional: boolean;
  types: string[];
}

export type TreesByTag = Map<string, FieldTree>;

export function readTree(text: string): { tag: string; tree: FieldTree } {
  const root: FieldTree = { fields: new Map() };
  const open: FieldTree[] = [root];
  for (const line of text.split('\n')) {
    const [, indent = '', name, mark, types = ''] = /^( *)(\w+)(\??): (.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const field: Field = { isOptional: mark === '?', types: splitTypes(types), fields: new Map() };
    const depth = indent.length / 2;
    open[depth]?.fields.set(name, field);
    open[depth + 1] = field;
  }
  return { tag: root.fields.get('object')?.types[0] ?? '', tree: root };
}

/** `string | Array<a | b> | null` → its three parts. */
function splitTypes(types: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const piece of types.split(/( \| |[<>{}])/)) {
    if (piece === '<' || piece === '{') depth += 1;
    if (piece === '>' || piece === '}') depth -= 1;
    if (piece === ' | ' && depth === 0) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

/** What is missing, unknown, null without right or of another kind; each with its path. */
export function differences(value: JsonObject, tree: FieldTree, trees: TreesByTag, path: string): string[] {
  if (value['deleted'] === true) return [];
  const found: string[] = [];
  for (const [name, field] of tree.fields) {
    if (!(name in value) && !field.isOptional) found.push(`${path}.${name} is missing`);
  }
  for (const [name, part] of Object.entries(value)) {
    const field = tree.fields.get(name);
    if (field) found.push(...fieldDifferences(part, field, trees, `${path}.${name}`));
    else found.push(`${path}.${name} is unknown`);
  }
  return found;
}

function fieldDifferences(value: Json, field: Field, trees: TreesByTag, path: string): string[] {
  if (value === null) return field.types.includes('null') ? [] : [`${path} is null`];
  if (Array.isArray(value)) return arrayDifferences(value, field, trees, path);
  if (isJsonObject(value)) return hashDifferences(value, field, trees, path);
  return field.types.some((type) => fits(value, type)) ? [] : [`${path} is ${JSON.stringify(value)}`];
}

function arrayDifferences(value: Json[], field: Field, trees: TreesByTag, path: string): string[] {
  const [, inner] = /^Array<(.*)>$/.exec(field.types.find((type) => type.startsWith('Array<')) ?? '') ?? [];
  if (inner === undefined) return [`${path} is a list`];
  const element = { ...field, types: splitTypes(inner) };
  return value.flatMap((part) => fieldDifferences(part, element, trees, `${path}[]`));
}

function hashDifferences(value: JsonObject, field: Field, trees: TreesByTag, path: string): string[] {
  const type = field.types.find((part) => /^_?[A-Z{]/.test(part));
  if (type === undefined) return [`${path} is a hash`];
  if (type === '{…}' && field.fields.size === 0) return [];
  if (type === '{…}') return differences(value, field, trees, path);
  if (type === 'Address') return differences(value, ADDRESS, trees, path);
  if (type.startsWith('{ [key')) return [];
  const { object: tag, data } = value;
  if (type.startsWith('ApiList<')) {
    const isList = tag === 'list' && Array.isArray(data) && 'has_more' in value && 'url' in value;
    if (!isList) return [`${path} is not a list object`];
    return data.flatMap((part) => taggedDifferences(part, trees, `${path}.data[]`));
  }
  return type === 'Metadata' ? [] : taggedDifferences(value, trees, path);
}

/** Objects without a tree of their own are not judged. */
function taggedDifferences(value: Json, trees: TreesByTag, path: string): string[] {
  if (!isJsonObject(value) || typeof value['object'] !== 'string') return [`${path} has no tag`];
  const tree = trees.get(value['object']);
  return tree ? differences(value, tree, trees, path) : [];
}

const line: Field = { isOptional: false, types: ['string', 'null'], fields: new Map() };
const ADDRESS: FieldTree = {
  fields: new Map(['city', 'country', 'line1', 'line2', 'postal_code', 'state'].map((name) => [name, line])),
};

/** A union that was cut short (`…`) takes any text. */
function fits(value: string | number | boolean, type: string): boolean {
  if (type.endsWith('…') && type !== '{…}') return typeof value === 'string';
  if (type === 'Decimal') return typeof value === 'string';
  return type === typeof value || type === String(value);
}
