import { type RequestHandler } from '@remix-run/node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { PUBLIC } from '../../app/architecture-rules';
import {
  authContext,
  createUser,
  ensureCustomer,
  startHandOff,
  writeSessionToken,
} from '../../app/modules/auth/index.server';
import { startSession } from '../../app/modules/auth/sessions.server';
import { ROLES } from '../../app/modules/auth/shared';
import { fingerprintOf } from '../../app/modules/stripe/index.server';
import { closeDb, db } from '../../app/platform/db.server';
import { minutes } from '../../app/platform/time';
import { everyRow } from '../support/every-row';
import { asksProof, type Guard, guardOf, intentsOf } from '../support/route-guards';
import { serveRoutes, type WalkedRoute } from '../support/route-handler';
import { useTestDatabase } from '../support/test-database';

const database = useTestDatabase();
const APP = 'https://credits.example.com';
const EVIL = 'https://evil.example';

const WALKERS = ['nobody', 'hand-off', ...ROLES] as const;
type Walker = (typeof WALKERS)[number];
const READS = ['GET', 'HEAD'] as const;
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Method = (typeof READS)[number] | (typeof WRITES)[number];
/** A page, a direct request for its data, and the form of that which Remix had before and still answers. */
const FORMS = ['page', 'data', 'former data'] as const;
type Form = (typeof FORMS)[number];

let routes: WalkedRoute[] = [];
let handle: RequestHandler;
const users = new Map<Walker, string>();

beforeAll(async () => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', APP);
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_51walk000000');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_walk00000000');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
  // Nobody answers there, at once: no walker gets as far as Stripe.
  vi.stubEnv('STRIPE_API_BASE', 'http://127.0.0.1:1');
  await database.db.realm.create({
    data: { id: 'rlm_walk', account: 'acct_walk', mode: 'test', name: 'Walk' },
  });
  const fingerprint = fingerprintOf('sk_test_51walk000000');
  await database.db.realmKey.create({ data: { fingerprint, realmId: 'rlm_walk' } });
  ({ routes, handle } = await serveRoutes());
  for (const role of ROLES) {
    const email = `${role}@walk.example`;
    const made = await createUser(database.db, {
      email,
      name: role,
      role,
      password: 'four old words',
      verified: true,
    });
    if (made.outcome === 'created') users.set(role, made.userId);
  }
});
afterAll(async () => {
  await closeDb(db());
  vi.unstubAllEnvs();
});

/** A cookie of its own for each route: a walk over the log-out ends no other walk. */
async function cookieOf(walker: Walker, provenAt = new Date()): Promise<string> {
  if (walker === 'nobody') return '';
  const { now } = authContext();
  const client = { ip: '198.51.100.1', userAgent: 'Walk/1' };
  const start = { client, now, former: undefined };
  const token =
    walker === 'hand-off'
      ? await startHandOff(database.db, {
          ...{ ...start, book: 'test', returnUrl: 'https://product.example.com/' },
          customerId: await ensureCustomer(database.db, 'walker'),
        })
      : await startSession(database.db, { ...start, userId: users.get(walker) ?? '' });
  if (walker !== 'hand-off')
    await database.db.session.updateMany({ where: { userId: users.get(walker) ?? '' }, data: { provenAt } });
  return (await writeSessionToken(token)).split(';')[0] ?? '';
}

interface Step {
  route: WalkedRoute;
  method: Method;
  form: Form;
  cookie: string;
  origin?: string;
  fields?: Record<string, string>;
}

function requestOf({ route, method, form, cookie, origin = APP, fields = {} }: Step): Request {
  const url = new URL(route.path === '' ? '/' : route.path, APP);
  const isRead = method === 'GET' || method === 'HEAD';
  if (form === 'data') {
    url.pathname = url.pathname === '/' ? '/_root.data' : `${url.pathname}.data`;
    if (isRead) url.searchParams.set('_routes', route.id);
  }
  if (form === 'former data') url.searchParams.set('_data', route.id);
  if (route.id.endsWith('_index')) url.searchParams.set('index', '');
  // Remix compares the host with the origin: our own guard has to stand where a proxy lets both be forged.
  const headers = { cookie, origin, host: new URL(origin).host, 'x-client-address': '198.51.100.1' };
  return new Request(
    url,
    isRead ? { method, headers } : { method, headers, body: new URLSearchParams(fields) },
  );
}

type Verdict = 'let in' | 'to the log-in' | 'forbidden' | 'foreign' | 'no such method' | 'fault';

async function walk(step: Step): Promise<{ verdict: Verdict; body: string }> {
  const response = await handle(requestOf(step));
  const body = await response.text();
  const verdict = verdictOf(response, body, step.method === 'HEAD');
  return { verdict: verdict === 'fault' && isPastGuards(step, body) ? 'let in' : verdict, body };
}

/**
 * Two ways of asking break on answers that they cannot write down, past the guards: the former one on a status with a body,
 * and the one of a whole page on big integers of a loader that has none.
 */
const isPastGuards = ({ route, form, method }: Step, body: string) =>
  form === 'former data'
    ? body.includes('Unexpected Server Error')
    : form === 'page' && !route.isPage && (method === 'HEAD' || body.includes('serialize a BigInt'));

function verdictOf(response: Response, body: string, isBlank: boolean): Verdict {
  const goesTo = response.headers.get('location') ?? response.headers.get('x-remix-redirect') ?? '';
  if (goesTo.startsWith('/log-in?next=')) return 'to the log-in';
  if (response.status === 405) return 'no such method';
  if (response.status >= 500) return 'fault';
  if (response.status !== 403) return 'let in';
  if (body.includes('did not come from a page of this site')) return 'foreign';
  return isBlank || body.includes('Your account may not do this') ? 'forbidden' : 'let in';
}

/** What a guard answers to each walker. */
function expectedOf(guard: Guard, walker: Walker): Verdict {
  switch (guard.asks) {
    case 'nothing':
    case 'visitor':
      return 'let in';
    case 'customer':
      if (walker === 'nobody') return 'to the log-in';
      return walker === 'hand-off' || walker === 'customer' ? 'let in' : 'forbidden';
    case 'user':
      if (walker === 'nobody') return 'to the log-in';
      return walker === 'hand-off' ? 'forbidden' : 'let in';
    case 'staff': {
      if (walker === 'nobody') return 'to the log-in';
      const ranks: readonly string[] = ROLES;
      return ranks.indexOf(walker) >= ranks.indexOf(guard.least) ? 'let in' : 'forbidden';
    }
  }
}

const isPublic = ({ file }: WalkedRoute, name: 'loader' | 'action') => PUBLIC.has(`${file} ${name}`);
const isApi = ({ file }: WalkedRoute) => file.startsWith('app/routes/api.v1.');
const loaderGuard = (route: WalkedRoute): Guard =>
  route.hasLoader && !isPublic(route, 'loader') ? guardOf(route.file, 'loader') : { asks: 'nothing' };

/** A page is opened by its own guard and by those of the layouts around it: the strictest answer stands. */
function expectedOfPage(route: WalkedRoute, walker: Walker): Verdict {
  const around = routes.find(({ id }) => id === route.parentId);
  const own = expectedOf(loaderGuard(route), walker);
  return own !== 'let in' || around === undefined ? own : expectedOfPage(around, walker);
}

/** What is open to anyone answers what it likes, a way to the log-in or to no such method too; it only never breaks. */
const isFree = (guard: Guard, verdict: Verdict) =>
  (guard.asks === 'nothing' || guard.asks === 'visitor') && verdict !== 'fault';

async function reads(route: WalkedRoute, walker: Walker, cookie: string): Promise<string[]> {
  const faults: string[] = [];
  for (const method of READS) {
    for (const form of FORMS) {
      // A layout is no page, and asked for its old data by name it needs a loader.
      if (
        (form === 'page' && !route.isLeaf) ||
        (form === 'former data' && (!route.hasLoader || method === 'HEAD'))
      )
        continue;
      const { verdict, body } = await walk({ route, method, form, cookie });
      const isWhole = form === 'page' || (form === 'data' && method === 'HEAD');
      const expected = isWhole ? expectedOfPage(route, walker) : expectedOf(loaderGuard(route), walker);
      if (verdict !== expected && !isFree(loaderGuard(route), verdict))
        faults.push(
          `${method} ${form} of ${route.id} by ${walker}: ${verdict}, not ${expected} ${body.slice(0, 200)}`,
        );
    }
  }
  return faults;
}

async function writes(route: WalkedRoute, walker: Walker): Promise<string[]> {
  const guard: Guard = isPublic(route, 'action') ? { asks: 'nothing' } : guardOf(route.file, 'action');
  const faults: string[] = [];
  const cookie = await cookieOf(walker);
  for (const method of WRITES) {
    for (const form of FORMS) {
      if (form === 'former data' && method !== 'POST') continue;
      const { verdict, body } = await walk({ route, method, form, cookie });
      // Where nothing takes a form, the guards of the layouts around it still answer first.
      const isRefused = !route.hasAction && verdict !== 'let in' && verdict === expectedOfPage(route, walker);
      const expected = route.hasAction ? expectedOf(guard, walker) : 'no such method';
      if (verdict !== expected && !isRefused && !(route.hasAction && isFree(guard, verdict)))
        faults.push(
          `${method} ${form} of ${route.id} by ${walker}: ${verdict}, not ${expected} ${body.slice(0, 200)}`,
        );
    }
  }
  return faults;
}

test('the walk knows every route, and each asks who is there unless it is open by intent', () => {
  expect(routes.length).toBeGreaterThan(40);
  const open = routes.flatMap((route) =>
    (['loader', 'action'] as const)
      .filter((name) => (name === 'loader' ? route.hasLoader : route.hasAction))
      .filter((name) => !isPublic(route, name) && !isApi(route))
      .filter((name) => guardOf(route.file, name).asks === 'nothing')
      .map((name) => `${route.file} ${name}`),
  );
  // They read the cookie themselves, or need no one: what they are said to check is same origin.
  expect(open.filter((name) => name.endsWith('loader'))).toEqual([]);
  expect(open.filter((name) => name.includes('admin'))).toEqual([]);
});

describe.each(WALKERS)('to %s', (walker) => {
  test('every page and its data open as its guards say, by every way of reading', async () => {
    const cookie = await cookieOf(walker);
    const faults: string[] = [];
    for (const route of routes.filter((one) => !isApi(one)))
      faults.push(...(await reads(route, walker, cookie)));
    expect(faults).toEqual([]);
  }, 120_000);

  test('every form is taken as its guard says, by every way of writing', async () => {
    const faults: string[] = [];
    for (const route of routes.filter((one) => one.isLeaf && !isApi(one)))
      faults.push(...(await writes(route, walker)));
    expect(faults).toEqual([]);
  }, 120_000);
});

test('a log-in opens nothing of the API: keys do', async () => {
  const cookie = await cookieOf('admin');
  for (const route of routes.filter((one) => isApi(one) && !isPublic(one, 'loader'))) {
    for (const method of [...READS, ...WRITES]) {
      const response = await handle(requestOf({ route, method, form: 'page', cookie }));
      expect([401, 404, 405], `${method} ${route.path}`).toContain(response.status);
    }
  }
});

test('no action takes a form of another site, not even an admin’s', async () => {
  const faults: string[] = [];
  const cookie = await cookieOf('admin');
  const taking = routes.filter((one) => one.hasAction && !isPublic(one, 'action') && !isApi(one));
  expect(taking.length).toBeGreaterThan(10);
  for (const route of taking) {
    for (const method of WRITES) {
      for (const form of FORMS) {
        const { verdict } = await walk({ route, method, form, cookie, origin: EVIL });
        if (verdict !== 'foreign') faults.push(`${method} ${form} of ${route.id}: ${verdict}`);
      }
    }
  }
  expect(faults).toEqual([]);
});

test('whoever proved too long ago that it is them is asked for it first, and nothing is written', async () => {
  const cookie = await cookieOf('admin', new Date(Date.now() - minutes(16)));
  const acting = routes.filter((route) => route.hasAction && asksProof(route.file));
  const before = await everyRow(database.db);
  for (const route of acting) {
    const guard = guardOf(route.file, 'action');
    const isAlwaysAsked = guard.asks === 'staff' && guard.needsProof;
    const asked = [];
    for (const intent of ['', ...(await intentsOf(route.file))]) {
      const { body } = await walk({ route, method: 'POST', form: 'data', cookie, fields: { intent } });
      if (body.includes('prove_first')) asked.push(intent);
      else if (isAlwaysAsked) expect.soft(body, `${route.id} ${intent}`).toContain('prove_first');
    }
    expect(asked.length, `${route.id} asks for a proof for at least one of its acts`).toBeGreaterThan(0);
  }
  expect(await everyRow(database.db)).toBe(before);
});
