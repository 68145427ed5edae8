import { routes } from '@remix-run/dev/server-build';
import { routeMatcher } from '~/platform/route-patterns';

let matcher: ((path: string) => string | undefined) | undefined;

/** The pattern of the route that answers a path, of this very build. Made on first use: the build is still loading before. */
export function patternOf(): (path: string) => string | undefined {
  matcher ??= routeMatcher(Object.values(routes).flatMap((route) => (route === undefined ? [] : [route])));
  return matcher;
}
