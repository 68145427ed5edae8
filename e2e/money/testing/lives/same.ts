export function must(isKept: boolean, fault: string): void {
  if (!isKept) throw new Error(fault);
}

export const worded = (value: unknown): string =>
  String(JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one)));

/** Says from a little before the first difference on how the two go on. */
export function same(here: unknown, there: unknown, what: string): void {
  const [is, wanted] = [worded(here), worded(there)];
  const at = Math.max(0, [...is].findIndex((letter, n) => letter !== wanted[n]) - 60);
  must(is === wanted, `${what}: ${is.slice(at, at + 300)}, and must be ${wanted.slice(at, at + 300)}`);
}
