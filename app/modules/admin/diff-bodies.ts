import { type FieldChange } from './page-views';

type Fields = Map<string, string>;

const isParent = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Every value of a JSON document by the way to it: `limits.perAct`. What is empty, and a list of plain values, is a value. */
function fieldsOf(value: unknown, path: string, into: Fields): Fields {
  const isPlain = !isParent(value) || (Array.isArray(value) && !value.some(isParent));
  const inner = isPlain ? [] : Object.entries(value);
  if (inner.length === 0) into.set(path, JSON.stringify(value));
  for (const [name, one] of inner) fieldsOf(one, path === '' ? name : `${path}.${name}`, into);
  return into;
}

/** What differs between two JSON documents, field by field, in the order of the first and then of the second. */
export function diffBodies(before: unknown, after: unknown): FieldChange[] {
  const [old, young] = [before, after].map((value) =>
    value === undefined || value === null ? new Map<string, string>() : fieldsOf(value, '', new Map()),
  );
  return [...new Set([...(old?.keys() ?? []), ...(young?.keys() ?? [])])]
    .map((path) => ({ path, before: old?.get(path), after: young?.get(path) }))
    .filter((field) => field.before !== field.after);
}
