import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { deliveryOf, eventBody, makeRealm, OLD_SECRET, SECRET } from '~/modules/stripe/testing/deliveries';
import { closeDb, db } from '~/platform/db.server';

const KEY = 'sk_test_0123456789';
const database = useTestDatabase();

/** The modules of every path, imported once the environment is there, as a web process does. */
const paths = {
  '/webhooks/stripe': () => import('../../routes/webhooks.stripe'),
  '/stripe/webhook': () => import('../../routes/stripe.webhook'),
  '/stripe/subscription-webhook': () => import('../../routes/stripe.subscription-webhook'),
  '/api/webhooks/stripe': () => import('../../routes/api.webhooks.stripe'),
  '/payments-webhook': () => import('../../routes/payments-webhook'),
};
const PATHS = Object.keys(paths) as (keyof typeof paths)[];

async function post(path: keyof typeof paths, request: Request): Promise<Response> {
  const route = await paths[path]();
  return route.action({ request, params: {}, context: {} });
}

beforeAll(() => {
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('APP_URL', 'http://127.0.0.1:3140');
  vi.stubEnv('STRIPE_SECRET_KEY', KEY);
  vi.stubEnv('STRIPE_API_BASE', 'http://127.0.0.1:1');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', `${SECRET},${OLD_SECRET}`);
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
});
afterAll(async () => {
  await closeDb(db());
  vi.unstubAllEnvs();
});

describe('the webhook paths', () => {
  it('answer 503 while the realm of a new key cannot be read, so that Stripe sends it again', async () => {
    const response = await post('/webhooks/stripe', deliveryOf(eventBody().body));
    expect([response.status, await response.json()]).toEqual([
      503,
      { received: false, code: 'realm_unknown' },
    ]);
  });

  it('receive while Stripe is down once the key is known', async () => {
    const { fingerprintOf } = await import('~/modules/stripe/realm.server');
    const realm = await makeRealm(database.db);
    await database.db.realmKey.create({ data: { fingerprint: fingerprintOf(KEY), realmId: realm.id } });
    await vi.waitFor(
      async () => {
        const response = await post('/webhooks/stripe', deliveryOf(eventBody().body));
        expect(response.status).toBe(200);
      },
      { timeout: 10_000, interval: 200 },
    );
  });

  it.each(PATHS)('%s stores what is signed and says where it came in', async (path) => {
    const { id, body } = eventBody();
    const response = await post(path, deliveryOf(body, { path }));
    expect([response.status, await response.json()]).toEqual([200, { received: true }]);
    expect(await database.db.delivery.findFirstOrThrow({ where: { eventId: id } })).toMatchObject({ path });
  });

  it.each(PATHS)('%s refuses a forgery with 400 and says only which check failed', async (path) => {
    const response = await post(
      path,
      deliveryOf(eventBody().body, { path, secret: 'whsec_of_someone_else' }),
    );
    expect([response.status, await response.json()]).toEqual([
      400,
      { received: false, code: 'bad_signature' },
    ]);
  });

  it.each(PATHS)('%s answers 405 with Allow to every other method', async (path) => {
    const route = await paths[path]();
    const put = new Request(`http://127.0.0.1${path}`, { method: 'PUT', body: '{}' });
    for (const response of [route.loader(), await post(path, put)])
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('answer 413 and close the connection on a body that is too big', async () => {
    const response = await post('/webhooks/stripe', deliveryOf('x'.repeat(1024 * 1024 + 1)));
    expect([response.status, response.headers.get('connection')]).toEqual([413, 'close']);
  });

  it('verify by the old and the new secret while one is rotated', async () => {
    for (const secret of [SECRET, OLD_SECRET]) {
      const response = await post('/webhooks/stripe', deliveryOf(eventBody().body, { secret }));
      expect(response.status).toBe(200);
    }
  });

  it('answer 500 while the database cannot be reached, so that Stripe sends it again', async () => {
    await closeDb(db());
    const response = await post('/webhooks/stripe', deliveryOf(eventBody().body));
    expect([response.status, await response.json()]).toEqual([500, { received: false, code: 'not_stored' }]);
  });
});
