/** The address that a text names, if it names one. Compiled, `URL.canParse` of Node 20 knows none beyond ASCII. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
