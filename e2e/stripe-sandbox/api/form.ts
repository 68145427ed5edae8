/** A decoded body or query: Stripe's form encoding knows only text, lists and hashes. */
export type FormValue = string | FormValue[] | FormHash;
export interface FormHash {
  [key: string]: FormValue;
}

/**
 * Reads `a[b][c]=v`, `a[0][b]=v` (as the SDK writes it) and `a[]=v`, `a[][b]=v` (as the CLI and curl do). In the
 * last form a key that the current element already has begins the next element.
 */
export function decodeForm(text: string): FormHash {
  const root: FormHash = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const path = splitName(name);
    if (path !== undefined) assign(root, path, value);
  }
  return listify(root);
}

function splitName(name: string): string[] | undefined {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (!match) return [name];
  const [, head = '', tail = ''] = match;
  return [head, ...[...tail.matchAll(/\[([^[\]]*)\]/g)].map(([, segment = '']) => segment)];
}

function assign(root: FormHash, path: string[], value: string): void {
  let hash = root;
  for (const [depth, segment] of path.entries()) {
    const next = path[depth + 1];
    const key = segment === '' ? elementKey(hash, next) : segment;
    if (next === undefined) {
      hash[key] = value;
      return;
    }
    const child = hash[key];
    if (child !== undefined && typeof child !== 'string' && !Array.isArray(child)) hash = child;
    else {
      const made: FormHash = Object.create(null);
      hash[key] = made;
      hash = made;
    }
  }
}

/** The key of the list element that `[]` means. */
function elementKey(list: FormHash, next: string | undefined): string {
  const last = Object.keys(list).length - 1;
  const current = list[String(last)];
  if (next === undefined || next === '' || current === undefined) return String(last + 1);
  return typeof current === 'object' && !(next in current) ? String(last) : String(last + 1);
}

/** Hashes whose keys are 0, 1, 2 … are lists. A gap is closed up, as Stripe does. */
function listify(hash: FormHash): FormHash {
  for (const [key, value] of Object.entries(hash)) {
    if (typeof value === 'string' || Array.isArray(value)) continue;
    const inner = listify(value);
    hash[key] = isList(inner) ? listOf(inner) : inner;
  }
  return hash;
}

function isList(hash: FormHash): boolean {
  const keys = Object.keys(hash);
  return keys.length > 0 && keys.every((key) => /^\d+$/.test(key));
}

function listOf(hash: FormHash): FormValue[] {
  return Object.entries(hash)
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, value]) => value);
}

/** `['a', 'b', 0]` → `a[b][0]`. */
export function nameOf(path: readonly PropertyKey[]): string {
  const [head = '', ...rest] = path.map(String);
  return head + rest.map((segment) => `[${segment}]`).join('');
}
