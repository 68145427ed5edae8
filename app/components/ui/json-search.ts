export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type JsonParent = readonly Json[] | { readonly [key: string]: Json };

/** JSON Pointer of a child, the way the viewer names its nodes. */
export function childPath(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function isParent(value: Json): value is JsonParent {
  return typeof value === 'object' && value !== null;
}

export function entriesOf(value: JsonParent): readonly (readonly [string | number, Json])[] {
  return isList(value) ? value.map((child, index) => [index, child] as const) : Object.entries(value);
}

export function isList(value: JsonParent): value is readonly Json[] {
  return Array.isArray(value);
}

export interface JsonMatches {
  /** Nodes whose key or scalar value contains the words. */
  hits: ReadonlySet<string>;
  /** Their ancestors, which must be unfolded to see them. */
  open: ReadonlySet<string>;
}

/** Case-insensitive search in keys and scalar values; blank words match nothing. */
export function searchJson(root: Json, words: string): JsonMatches {
  const needle = words.trim().toLowerCase();
  const hits = new Set<string>();
  const open = new Set<string>();
  if (needle === '') return { hits, open };
  function visit(value: Json, path: string, key: string): boolean {
    const isHit =
      key.toLowerCase().includes(needle) ||
      (!isParent(value) && String(value).toLowerCase().includes(needle));
    if (isHit) hits.add(path);
    let isInside = false;
    if (isParent(value)) {
      for (const [name, child] of entriesOf(value)) {
        if (visit(child, childPath(path, name), String(name))) isInside = true;
      }
      if (isInside) open.add(path);
    }
    return isHit || isInside;
  }
  visit(root, '', '');
  return { hits, open };
}
