import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';

import {
  authContext,
  ensureCustomer,
  startHandOff,
  writeSessionToken,
} from '../../app/modules/auth/index.server';
import { closeDb, db } from '../../app/platform/db.server';
import { useTestDatabase } from '../support/test-database';

const database = useTestDatabase();
const APP = 'https://credits.example.com';
const folder = path.resolve(import.meta.dirname, '../../app/routes');

/** Every route that asks for a log-in anywhere: what it guards is not for a hand-off. */
const guarded = readdirSync(folder).filter((file) =>
  /require(User|Staff)\(/.test(readFileSync(path.join(folder, file), 'utf8')),
);

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', APP);
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_51walk000000');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_walk00000000');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
});
afterAll(async () => {
  await closeDb(db());
  vi.unstubAllEnvs();
});

type Handler = (args: { request: Request; params: Record<string, string>; context: object }) => unknown;
const handler = z.custom<Handler>((value) => typeof value === 'function').optional();
const routeModule = z.object({ loader: handler, action: handler });

async function cookieOfHandOff(): Promise<string> {
  const { now } = authContext();
  const token = await startHandOff(database.db, {
    customerId: await ensureCustomer(database.db, 'walker'),
    ...{ book: 'test', returnUrl: 'https://product.example.com/', now, former: undefined },
    client: { ip: '198.51.100.1', userAgent: 'Test/1' },
  });
  return (await writeSessionToken(token)).split(';')[0] ?? '';
}

async function statusOf(handle: Handler, request: Request): Promise<unknown> {
  try {
    return await handle({ request, params: { customerId: 'cst_x', paymentId: 'pay_x' }, context: {} });
  } catch (refusal) {
    if (refusal instanceof Response) return refusal.status;
    throw refusal;
  }
}

test('the console and the account are among the routes that ask for a log-in', () => {
  expect(guarded).toContain('_store.account.tsx');
  const console_ = readdirSync(folder).filter((file) => file.startsWith('admin'));
  expect(console_.length).toBeGreaterThan(10);
  expect(guarded).toEqual(expect.arrayContaining(console_));
});

describe.each(guarded)('a hand-off is refused by %s', (file) => {
  test('page, data and form', async () => {
    const { loader, action } = routeModule.parse(await import(path.join(folder, file)));
    expect([loader, action]).not.toEqual([undefined, undefined]);
    const cookie = await cookieOfHandOff();
    const route = file.replace(/\.tsx?$/, '');
    for (const address of ['/walk', `/walk.data?_routes=routes%2F${encodeURIComponent(route)}`]) {
      const url = new URL(address, APP);
      if (loader !== undefined)
        expect(await statusOf(loader, new Request(url, { headers: { cookie } }))).toBe(403);
      if (action === undefined) continue;
      const body = new URLSearchParams({
        intent: 'change-password',
        current: 'x',
        password: 'a long enough one',
      });
      const form = new Request(url, { method: 'POST', body, headers: { cookie, origin: APP } });
      expect(await statusOf(action, form)).toBe(403);
    }
  });
});
