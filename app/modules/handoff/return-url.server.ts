import { originOf } from '~/modules/clients/index.server';
import { parseUrl } from '~/platform/parse-url';

const LONGEST = 2000;

/**
 * An address that a page of ours may lead back to, written as browsers read it; undefined when it is none. Its origin
 * (scheme, host and port) is one of `origins` and nothing else: no wildcard, no sub-domain. What readers take in different
 * ways is refused, not mended: credentials, backslashes, white space, control characters, anything but `http(s)://`.
 */
export function checkReturnUrl(text: string, origins: readonly string[]): string | undefined {
  if (!/^https?:\/\/[^/\\]/i.test(text) || /[\s\\\p{Cc}\p{Cf}]/u.test(text)) return undefined;
  if (text.length > LONGEST) return undefined;
  // Credentials that are blank vanish in the parsing.
  if (/^[^/]*\/\/[^/?#]*@/.test(text)) return undefined;
  const url = parseUrl(text);
  if (url === undefined || url.href.length > LONGEST) return undefined;
  return origins.some((origin) => originOf(origin) === url.origin) ? url.href : undefined;
}
