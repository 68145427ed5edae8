import { parseUrl } from '~/platform/parse-url';

const BASE = 'http://same.invalid';

/**
 * The path to go back to after log-in, or the fallback. Only an absolute path of this site passes: a browser reads
 * `//host`, `/\host`, and either of them behind a control character or a dot segment, as another site.
 */
export function safeRedirect(next: unknown, fallback = '/'): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next)) return fallback;
  const url = parseUrl(next, BASE);
  if (url === undefined || url.origin !== BASE || url.pathname.startsWith('//')) return fallback;
  return url.pathname + url.search + url.hash;
}
