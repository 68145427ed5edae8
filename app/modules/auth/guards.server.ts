import { redirect } from '@remix-run/node';

import { db } from '~/platform/db.server';
import { env } from '~/platform/env.server';
import { isOwnOrigin } from '~/platform/http.server';
import { log } from '~/platform/log.server';
import { minutes } from '~/platform/time';

import { leadBack, storeBook } from './hand-off-guards.server';
import { readSessionToken } from './session-cookie.server';
import { readSession } from './sessions.server';
import {
  hasRole,
  type SessionUser,
  type Shopper,
  type StaffRole,
  type StaffUser,
  type Visitor,
} from './shared';
import { shopperOf } from './visitors.server';

/**
 * Where the demo's accounts live, whose password is published: a database that once ran the demo and sells for real now
 * still holds them. No mail reaches this domain, so nobody else can have an account there.
 */
const DEMO_DOMAIN = '@demo.test';

/** Who sends this request, if its cookie opens a live session: a person who logged in, or whom the product handed off. */
export async function currentVisitor(request: Request): Promise<Visitor | undefined> {
  const token = await readSessionToken(request);
  const visitor = token === undefined ? undefined : await readSession(db(), token, new Date());
  return visitor !== undefined && isLetIn(visitor) ? visitor : undefined;
}

function isLetIn(visitor: Visitor): boolean {
  if (visitor.kind === 'handed_off') return visitor.customer.book === storeBook();
  return env().CREDENCE_MODE === 'demo' || !visitor.user.email.endsWith(DEMO_DOMAIN);
}

/** The person who logged in; a hand-off is none. */
export async function currentUser(request: Request): Promise<SessionUser | undefined> {
  const visitor = await currentVisitor(request);
  return visitor?.kind === 'user' ? visitor.user : undefined;
}

/** For what belongs to a log-in. @throws 303 to the log-in, which leads back here; 403 for a hand-off. */
export async function requireUser(request: Request): Promise<SessionUser> {
  const visitor = await currentVisitor(request);
  if (visitor === undefined) throw toLogIn(request);
  if (visitor.kind === 'handed_off') throw forbidden(request, visitor, 'log-in');
  return visitor.user;
}

/**
 * Whoever shops here, by log-in or by hand-off.
 * @throws 303 to the log-in, or back to the product when a hand-off is over; 403 for a user who holds no credits.
 */
export async function requireCustomer(request: Request): Promise<Shopper> {
  const visitor = await currentVisitor(request);
  if (visitor === undefined) {
    await leadBack(request);
    throw toLogIn(request);
  }
  const shopper = shopperOf(visitor);
  if (shopper === undefined) throw forbidden(request, visitor, 'customer');
  return shopper;
}

/**
 * @throws 303 to the log-in, or to the page where two-step log-in is set up when staff need it and have none; 403 for a
 * lower role.
 */
export async function requireStaff<Least extends StaffRole>(
  request: Request,
  least: Least,
  { twoStep = env().STAFF_TOTP }: { twoStep?: 'required' | 'optional' } = {},
): Promise<StaffUser<Least>> {
  const user = await requireUser(request);
  const { role } = user;
  if (!hasRole(role, least)) throw forbidden(request, { kind: 'user', user }, least);
  if (twoStep === 'required' && !user.hasTotp) throw toTwoStep(request);
  return { ...user, role };
}

/** Money, credits and rights are touched only so long after a proof of identity: an open browser is none. */
const PROOF_LIFE = minutes(15);

export type Acting<Least extends StaffRole> =
  | { outcome: 'acting'; user: StaffUser<Least> }
  /** The action answers just this, and the dialog asks for the proof: a code too, where a log-in of theirs takes one. */
  | { outcome: 'prove_first'; withCode?: true };

/**
 * Who acts on money, credits, limits, roles or keys: staff of this role, who proved within the last 15 minutes that it is
 * them.
 * @throws as requireStaff does
 */
export async function actingStaff<Least extends StaffRole>(
  request: Request,
  least: Least,
): Promise<Acting<Least>> {
  const user = await requireStaff(request, least);
  const isProven = Date.now() - user.provenAt.getTime() < PROOF_LIFE;
  if (isProven) return { outcome: 'acting', user };
  return user.hasTotp ? { outcome: 'prove_first', withCode: true } : { outcome: 'prove_first' };
}

function toLogIn(request: Request): Response {
  return redirect(`/log-in?next=${encodeURIComponent(pageOf(request))}`, 303);
}

function toTwoStep(request: Request): Response {
  return redirect(`/account/two-step?next=${encodeURIComponent(pageOf(request))}`, 303);
}

function forbidden(request: Request, visitor: Visitor, needed: string): Response {
  const who =
    visitor.kind === 'user'
      ? { userId: visitor.user.id, role: visitor.user.role }
      : { customerId: visitor.customer.customerId, role: 'handed_off' };
  log.warn('access refused', { ...who, needed, path: new URL(request.url).pathname });
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
