/**
 * The address that a text names; undefined when it names none. `URL.canParse` is not asked: once it is compiled, Node 20
 * says no to addresses beyond ASCII.
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
