/** A decoded body or query: Stripe's form encoding knows only text, lists and hashes. */
export type FormValue = string | FormValue[] | FormHash;
export interface FormHash {
  [key: string]: FormValue;
}

const MOST_LEVELS = 64;

/** Thrown where Stripe's own reader gives up; nothing was read. */
export class FormTooDeep extends Error {}

/**
 * Reads `a[b][c]=v`, `a[0][b]=v` (as the SDK writes it) and `a[]=v`, `a[][b]=v` (as the CLI and curl do). In the
 * last form a key that the current element already has begins the next element. Later texts go over earlier ones.
 */
export function decodeForm(...texts: string[]): FormHash {
  const form = new Form();
  for (const text of texts) {
    for (const [name, value] of new URLSearchParams(text)) {
      if (name !== '') form.assign(splitName(name), value);
    }
  }
  return listify(form.root);
}

function splitName(name: string): [string, ...string[]] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (!match) return [name];
  const [, head = '', tail = ''] = match;
  const segments = tail === '' ? [] : tail.slice(1, -1).split('][');
  if (segments.length >= MOST_LEVELS) throw new FormTooDeep(`${head} has more than ${MOST_LEVELS} levels.`);
  return [head, ...segments];
}

class Form {
  readonly root: FormHash = Object.create(null);
  /** How many elements `[]` has made of a hash. */
  private readonly lengths = new WeakMap<FormHash, number>();

  assign(path: [string, ...string[]], value: string): void {
    let hash = this.root;
    for (const [depth, segment] of path.entries()) {
      const next = path[depth + 1];
      const key = segment === '' ? this.elementKey(hash, next) : segment;
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
  private elementKey(list: FormHash, next: string | undefined): string {
    const length = this.lengths.get(list) ?? endOf(list);
    const last = list[String(length - 1)];
    const isOpen = next !== undefined && next !== '' && typeof last === 'object' && !(next in last);
    this.lengths.set(list, isOpen ? length : length + 1);
    return String(isOpen ? length - 1 : length);
  }
}

/** The first place behind the elements that were named by their number. */
function endOf(list: FormHash): number {
  let end = 0;
  for (const key of Object.keys(list)) if (/^\d+$/.test(key)) end = Math.max(end, Number(key) + 1);
  return end;
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
