/** The origin that a text names and nothing beyond it: `https://app.example.com`; undefined for anything else. */
export function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && (text === url.origin || text === `${url.origin}/`) ? url.origin : undefined;
}
