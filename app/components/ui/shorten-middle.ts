/**
 * Keeps the prefix up to its last underscore, `head` characters after it and `tail` at the end:
 * "pay_01hxyzabcdefgh" → "pay_01hx…efgh". What is not longer that way stays whole.
 */
export function shortenMiddle(id: string, head = 4, tail = 4): string {
  const prefixEnd = id.lastIndexOf('_', id.length - tail - 1) + 1;
  const kept = prefixEnd + head;
  if (kept + tail + 1 >= id.length) return id;
  return `${id.slice(0, kept)}…${id.slice(id.length - tail)}`;
}
