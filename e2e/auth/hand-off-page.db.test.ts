import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { ensureCustomer } from '../../app/modules/auth/index.server';
import { createStoreLink } from '../../app/modules/handoff/index.server';
import { closeDb, db } from '../../app/platform/db.server';
import { newId } from '../../app/platform/ids.server';
import { useTestDatabase } from '../support/test-database';

const database = useTestDatabase();
const APP = 'https://credits.example.com';
const PRODUCT = 'https://product.example.com';

/** Imported once the environment is there, as a web process does. */
const route = () => import('../../app/routes/hand-off');

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', APP);
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_51handoff0000');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_handoff00000');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
});
afterAll(async () => {
  await closeDb(db());
  vi.unstubAllEnvs();
});

async function newLink(externalId = newId('req')) {
  const made = await createStoreLink(database.db, {
    ...{ clientId: 'apc_1', bearer: 'ck_test_key', book: 'test', storeBook: 'test', key: newId('req') },
    ...{ returnUrl: `${PRODUCT}/credits`, returnOrigins: [PRODUCT], path: '/plan', name: 'Ada' },
    ...{ customerId: await ensureCustomer(database.db, externalId), appUrl: APP, now: new Date() },
  });
  if (made.outcome !== 'created') throw new Error(made.outcome);
  return made.url;
}

interface Answer {
  status: number;
  headers: Headers;
  said: unknown;
}

function answerOf(given: Response | { data: unknown; init: ResponseInit | null }): Answer {
  if (given instanceof Response) return { status: given.status, headers: given.headers, said: undefined };
  return { status: given.init?.status ?? 200, headers: new Headers(given.init?.headers), said: given.data };
}

async function look(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { loader } = await route();
  return answerOf(await loader({ request: new Request(url, { headers }), params: {}, context: {} }));
}

let networks = 0;
async function open(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { action } = await route();
  const body = new URLSearchParams({ token: new URL(url).searchParams.get('token') ?? '' });
  networks += 1;
  const sent = { origin: APP, 'x-client-address': `10.8.0.${networks}`, ...headers };
  const request = new Request(url, { method: 'POST', body, headers: sent });
  return answerOf(await action({ request, params: {}, context: {} }));
}

const cookieIn = ({ headers }: Answer): string => headers.get('set-cookie')?.split(';')[0] ?? '';

test('the store opens by itself for whom a page of the product sent, and for nobody else', async () => {
  const url = await newLink();
  const said = async (referer?: string) => (await look(url, referer === undefined ? {} : { referer })).said;
  for (const referer of [`${PRODUCT}/`, `${PRODUCT}/account?x=1`, PRODUCT])
    expect(await said(referer)).toMatchObject({ state: 'ready', goesByItself: true });
  const strangers = [
    undefined,
    '',
    'https://evil.example/',
    'https://product.example.com.evil.example/',
    'https://sub.product.example.com/',
    'http://product.example.com/',
    'https://evil.example/?https://product.example.com/',
    'about:client',
  ];
  for (const referer of strangers) expect(await said(referer)).toMatchObject({ goesByItself: false });
});

test('whoever is in the store as somebody else is asked, also when the product sent them', async () => {
  const cookie = cookieIn(await open(await newLink('user_1')));
  const another = await look(await newLink('user_2'), { cookie, referer: `${PRODUCT}/` });
  expect(another.said).toMatchObject({ state: 'ready', other: 'Ada', goesByItself: false });
  const same = await look(await newLink('user_1'), { cookie, referer: `${PRODUCT}/` });
  expect(same.said).toMatchObject({ state: 'ready', other: null, goesByItself: true });
});

describe('the page', () => {
  test('is kept by no cache and tells later requests no more than our origin', async () => {
    const url = await newLink();
    for (const { headers } of [
      await look(url),
      await open(url),
      await look(url),
      await look(`${APP}/hand-off?token=x`),
    ]) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('strict-origin');
    }
  });

  test('says in its status what has become of the link', async () => {
    const url = await newLink();
    expect((await look(url)).status).toBe(200);
    await open(url);
    expect(await look(url)).toMatchObject({
      status: 410,
      said: { state: 'used', wayBack: { to: `${PRODUCT}/credits` } },
    });
    expect(await look(`${APP}/hand-off?token=x`)).toMatchObject({ status: 404, said: { state: 'unknown' } });
    expect(JSON.stringify((await look(url)).said)).not.toContain('Ada');
  });

  test('of a used link lets its own customer on to where it led', async () => {
    const url = await newLink();
    const cookie = cookieIn(await open(url));
    const again = await look(url, { cookie });
    expect([again.status, again.headers.get('location')]).toEqual([302, '/plan']);
  });
});

describe('the form', () => {
  test('opens the session by a cookie of ours and leads to the path', async () => {
    const opened = await open(await newLink());
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/plan']);
    for (const part of ['__Host-session=', 'HttpOnly', 'Secure', 'SameSite=Lax'])
      expect(opened.headers.get('set-cookie')).toContain(part);
  });

  test('of another site is refused, and the link stays good', async () => {
    const url = await newLink();
    for (const origin of [PRODUCT, 'https://evil.example', 'null'])
      await expect(open(url, { origin })).rejects.toMatchObject({ status: 403 });
    expect((await open(url)).status).toBe(303);
  });

  test('that comes late leads to the page that says so, without a session', async () => {
    const url = await newLink();
    await open(url);
    const late = await open(url);
    expect([late.status, late.headers.get('set-cookie')]).toEqual([303, null]);
    expect(late.headers.get('location')).toBe(url.slice(APP.length));
  });

  test('is refused for a while after too many', async () => {
    const address = { 'x-client-address': '10.7.0.1' };
    const tries = Array.from({ length: 101 }, () => open(`${APP}/hand-off?token=x`, address));
    const refused = (await Promise.all(tries)).filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused[0]?.said).toMatchObject({ fault: expect.stringContaining('Too many tries') });
  });
});
