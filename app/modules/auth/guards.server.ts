import { redirect } from '@remix-run/node';

import { db } from '~/platform/db.server';
import { env } from '~/platform/env.server';
import { isOwnOrigin } from '~/platform/http.server';
import { log } from '~/platform/log.server';

import { readSessionToken } from './session-cookie.server';
import { readSession } from './sessions.server';
import { hasRole, type SessionUser, type StaffRole } from './shared';

/**
 * Where the demo's accounts live, whose password is published: a database that once ran the demo and sells for real now
 * still holds them. No mail reaches this domain, so nobody else can have an account there.
 */
const DEMO_DOMAIN = '@demo.test';

/** The user of this request, if its cookie opens a live session. */
export async function currentUser(request: Request): Promise<SessionUser | undefined> {
  const token = await readSessionToken(request);
  const user = token === undefined ? undefined : await readSession(db(), token, new Date());
  const isOfDemo = user?.email.endsWith(DEMO_DOMAIN) ?? false;
  return isOfDemo && env().CREDENCE_MODE !== 'demo' ? undefined : user;
}

/** @throws 303 to the log-in, which leads back here. */
export async function requireUser(request: Request): Promise<SessionUser> {
  const user = await currentUser(request);
  if (user === undefined) throw toLogIn(request);
  return user;
}

/** @throws 303 to the log-in; 403 for a user who holds no credits. */
export async function requireCustomer(request: Request): Promise<SessionUser & { customerId: string }> {
  const user = await requireUser(request);
  const { customerId } = user;
  if (customerId === undefined) throw forbidden(request, user, 'customer');
  return { ...user, customerId };
}

/** @throws 303 to the log-in; 403 for a lower role. */
export async function requireStaff(
  request: Request,
  least: StaffRole,
): Promise<SessionUser & { role: StaffRole }> {
  const user = await requireUser(request);
  const { role } = user;
  if (role === 'customer' || !hasRole(role, least)) throw forbidden(request, user, least);
  return { ...user, role };
}

function toLogIn(request: Request): Response {
  return redirect(`/log-in?next=${encodeURIComponent(pageOf(request))}`, 303);
}

function forbidden(request: Request, user: SessionUser, needed: string): Response {
  log.warn('access refused', {
    userId: user.id,
    role: user.role,
    needed,
    path: new URL(request.url).pathname,
  });
  return new Response('Your account may not do this.', { status: 403 });
}

/** The page to come back to: for a form that was sent, the page that it stood on. */
function pageOf(request: Request): string {
  const url = new URL(request.url);
  if (request.method === 'GET' || request.method === 'HEAD') return url.pathname + url.search;
  const referer = request.headers.get('referer');
  if (referer === null || !isOwnOrigin(referer, env().APP_URL)) return '/';
  const page = new URL(referer);
  return page.pathname + page.search;
}
