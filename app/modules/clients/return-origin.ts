import { parseUrl } from '~/platform/parse-url';

/** The origin that a text names, as browsers write it; undefined where it names more than scheme, host and port, or no web origin. */
export function originOf(text: string): string | undefined {
  const url = parseUrl(text);
  if (url === undefined) return undefined;
  const { origin, protocol, pathname, search, hash, username, password } = url;
  const isBare = pathname === '/' && `${search}${hash}${username}${password}` === '';
  return isBare && (protocol === 'https:' || protocol === 'http:') ? origin : undefined;
}
