import { env } from '~/platform/env.server';
import { isOwnOrigin } from '~/platform/http.server';
import { log } from '~/platform/log.server';
import { browserOriginOf } from '~/platform/request-id.server';

/**
 * Whether a write comes from a page of ours. Browsers name the origin of every POST; where one does not, Sec-Fetch-Site
 * and then Referer speak for it. A request that names nothing is not known to be ours.
 */
export function isSameOrigin(headers: Headers, appUrl: string): boolean {
  const origin = browserOriginOf(headers);
  if (origin !== null) return isOwnOrigin(origin, appUrl);
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const referer = headers.get('referer');
  return referer !== null && isOwnOrigin(referer, appUrl);
}

/**
 * The first line of every action that acts for the cookie's owner.
 * @throws 403
 */
export function assertSameOrigin(request: Request): void {
  if (isSameOrigin(request.headers, env().APP_URL)) return;
  log.warn('cross-origin request refused', { path: new URL(request.url).pathname });
  throw new Response('This request did not come from a page of this site.', { status: 403 });
}
