import { describe, expect, it } from 'vitest';

import { putCatalogItem } from '../../app/modules/catalog/index.server';
import { DOCTOR_CODES } from '../../app/modules/health/doctor-codes';
import { ALL_CHECKS } from '../../app/modules/health/examine.server';
import { syncCatalog } from '../../app/modules/payments/index.server';
import { setUpPortal } from '../../app/modules/stripe/index.server';
import { HANDLED_EVENT_TYPES } from '../../app/modules/stripe/event-types';
import { closeDb, createDb, inTransaction } from '../../app/platform/db.server';
import { minutes } from '../../app/platform/time';
import { startUnderTest } from '../stripe-sandbox/testing/under-test';
import { codesOf, has, only, OTHER_SECRET, SETUP, usePatient, wrong } from './testing/patient';

const p = usePatient();
const { run, settingsOf, stripe, web } = p;

describe('the doctor', () => {
  it('finds nothing wrong where nothing is, and decides each of its codes exactly once', async () => {
    const report = await run();
    expect(wrong(report)).toEqual([]);
    const decided = [...ALL_CHECKS.flatMap(({ codes }) => codes), 'database_unreachable'];
    expect([...decided].sort()).toEqual(Object.keys(DOCTOR_CODES).sort());
    expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(Object.keys(DOCTOR_CODES)));
  });

  it('writes nothing, its probe of the webhook address included', async () => {
    const before = await p.database.db.delivery.count();
    await run();
    expect(await p.database.db.delivery.count()).toBe(before);
  });

  it('asks nothing outside when it is told so', async () => {
    const report = await run({ STRIPE_API_BASE: 'http://127.0.0.1:1' }, { isOffline: true });
    expect(wrong(report)).toEqual([]);
    expect(report.counts.skipped).toBeGreaterThan(20);
  });
});

describe('key and account', () => {
  it('a key that Stripe does not know', async () => {
    const report = await run(
      { STRIPE_SECRET_KEY: 'sk_live_notplayedhere', STRIPE_API_BASE: '', CREDENCE_MODE: 'test' },
      {
        settings: { secretKey: 'sk_live_notplayedhere', apiBase: p.shop.settings.apiBase },
      },
    );
    const finding = has('key_refused', report);
    expect(finding).toMatchObject({ stopsStart: true });
    expect(finding.fix).toContain('set STRIPE_SECRET_KEY');
    expect(JSON.stringify(report)).not.toContain('sk_live_notplayedhere');
  });

  it('a Stripe that does not answer', async () => {
    const report = await run({ STRIPE_API_BASE: 'http://127.0.0.1:1' });
    expect(only('stripe_unreachable', report).fix).toContain('api.stripe.com');
  });

  it('a restricted key that lacks permissions, each by its name', async () => {
    await settingsOf({ restrictedKeysLack: ['POST /v1/refunds', 'GET /v1/events'] });
    const secretKey = 'rk_test_doctorrestricted';
    const report = await run({ STRIPE_SECRET_KEY: secretKey });
    await settingsOf({ restrictedKeysLack: [] });
    expect(only('key_lacks_permission', report)).toMatchObject({ stopsStart: true });
    expect(wrong(report).map(({ subject }) => subject)).toEqual([
      'Charges and Refunds: Write',
      'Events: Read',
    ]);
    expect(codesOf(await run({ STRIPE_SECRET_KEY: secretKey }))).toEqual([]);
  });

  it('a test key in production', async () => {
    const env = {
      CREDENCE_MODE: 'production',
      SMTP_URL: 'smtp://127.0.0.1:1',
      APP_URL: 'https://credits.example.com',
    };
    const report = await run({ ...env, STRIPE_API_BASE: '' }, { settings: p.shop.settings });
    has('key_test_in_production', report);
    const mail = has('mail_unreachable', report);
    expect(mail.fix).toContain('SMTP_URL');
    has('endpoint_none', report);
    has('url_unreachable', report);
  });

  it('an account without a name, and one that is not registered for the tax that it should add', async () => {
    await settingsOf({ accountNamed: false, taxRegistrations: [] });
    const report = await run({ STRIPE_TAX: 'on' });
    await settingsOf({ accountNamed: true, taxRegistrations: ['US'] });
    expect(codesOf(report)).toEqual(['account_unnamed', 'tax_not_ready']);
    expect(has('account_unnamed', report).said).toContain('Checkout refuses every purchase');
    has('tax_not_ready', report);
    expect(codesOf(await run({ STRIPE_TAX: 'on' }))).toEqual([]);
  });
});

it('a live account that may take no payments', async () => {
  const both = await startUnderTest({ live: {} });
  await fetch(`${both.url}/_control/live/settings`, {
    method: 'PUT',
    body: JSON.stringify({ chargesEnabled: false }),
  });
  const settings = { secretKey: 'sk_live_doctor000000', apiBase: both.url };
  const report = await run({ STRIPE_SECRET_KEY: settings.secretKey, STRIPE_API_BASE: '' }, { settings });
  await both.stop();
  expect(has('account_cannot_charge', report).fix).toContain('onboarding');
  expect(has('endpoint_none', report).fix).toBe(`${SETUP} --live`);
});

it('a portal that was never made, and one that somebody changed', async () => {
  await inTransaction(p.database.db, 'plan', (tx) =>
    putCatalogItem(tx, {
      ...{
        code: 'monthly',
        kind: 'plan',
        position: 9,
        name: 'Monthly',
        description: 'Monthly',
        credits: 10n,
      },
      ...{ expiresDays: null, plan: { interval: 'month' }, prices: { usd: 500n } },
    }),
  );
  await syncCatalog(p.database.db, p.shop.settings, p.shop.realm.id);
  expect(only('portal_missing', await run()).fix).toBe(SETUP);
  await setUpPortal(p.database.db, p.shop.settings, p.shop.realm.id);
  expect(codesOf(await run())).toEqual([]);
  const [portal] = (await stripe().billingPortal.configurations.list()).data;
  await stripe().billingPortal.configurations.update(portal?.id ?? '', { active: false });
  expect(only('portal_changed', await run()).said).toContain('active is false, not true');
  await setUpPortal(p.database.db, p.shop.settings, p.shop.realm.id);
  expect(codesOf(await run())).toEqual([]);
});

describe('the endpoint', () => {
  const update = (changes: object) => stripe().webhookEndpoints.update(p.endpointId, changes);
  const back = () =>
    update({
      url: `${p.address.url}/webhooks/stripe`,
      enabled_events: [...HANDLED_EVENT_TYPES],
      disabled: false,
    });

  it('that is disabled, misses events (by name) and hears some in vain', async () => {
    const some = [...HANDLED_EVENT_TYPES].filter((type) => type !== 'invoice.paid');
    await update({ disabled: true, enabled_events: [...some, 'customer.created'] });
    const report = await run();
    await back();
    expect(codesOf(report)).toEqual([
      'endpoint_disabled',
      'endpoint_events_missing',
      'endpoint_events_superfluous',
    ]);
    expect(has('endpoint_events_missing', report).said).toBe(`${p.endpointId} does not hear invoice.paid.`);
    expect(has('endpoint_events_superfluous', report).said).toContain('customer.created');
    expect(has('endpoint_disabled', report).fix).toBe(SETUP);
  });

  it('that leads to a path that nothing takes deliveries at', async () => {
    p.standing = (asked) =>
      asked.url.pathname === '/webhooks/stripe' ? web([p.secret])(asked) : { status: 404 };
    await update({ url: `${p.address.url}/hooks/old` });
    const report = await run();
    await back();
    expect(codesOf(report)).toEqual(['endpoint_none', 'endpoint_wrong_path']);
    expect(has('endpoint_wrong_path', report).said).toContain('it answers 404');
    expect(has('endpoint_none', report).fix).toBe(SETUP);
  });

  it('that leads to where the platform serves one deployment instead of APP_URL', async () => {
    const env = { VERCEL_URL: 'shop-abc123.vercel.app', VERCEL_PROJECT_PRODUCTION_URL: 'shop.example.com' };
    await update({ url: 'https://shop-abc123.vercel.app/webhooks/stripe' });
    const report = await run(env);
    await back();
    expect(codesOf(report)).toEqual(['endpoint_none', 'endpoint_other_host']);
    expect(has('endpoint_other_host', report).said).toContain('shop-abc123.vercel.app');
  });

  it('of another API version, and a second one', async () => {
    const second = await stripe().webhookEndpoints.create({
      ...{
        url: `${p.address.url}/stripe/webhook`,
        enabled_events: [...HANDLED_EVENT_TYPES] as ['invoice.paid'],
      },
      api_version: '2024-06-20',
    });
    const report = await run();
    await stripe().webhookEndpoints.del(second.id);
    expect(codesOf(report)).toEqual(['endpoint_version', 'endpoint_duplicate']);
    expect(has('endpoint_version', report)).toMatchObject({ severity: 'warning' });
    expect(has('endpoint_duplicate', report)).toMatchObject({ severity: 'warning' });
  });

  it('whose own secret is not set here', async () => {
    await update({ metadata: { credence_secret: '0123456789abcdef' } });
    const report = await run();
    await update({ metadata: { credence_secret: '' } });
    expect(only('secret_not_set', report).fix).toContain('--rotate-secret');
  });
});

describe('the public address', () => {
  it('is no address of this machine in production, nor without TLS, nor of one deployment', async () => {
    const production = { CREDENCE_MODE: 'production', SMTP_URL: 'smtp://127.0.0.1:1', STRIPE_API_BASE: '' };
    const at = (APP_URL: string, more = {}) =>
      run({ ...production, APP_URL, ...more }, { isOffline: true, settings: p.shop.settings });
    expect(has('app_url_localhost', await at('http://localhost:3000'))).toMatchObject({
      stopsStart: true,
    });
    has('app_url_insecure', await at('http://credits.example.com'));
    const vercel = { VERCEL_URL: 'a-1.vercel.app', VERCEL_PROJECT_PRODUCTION_URL: 'credits.example.com' };
    const finding = has('app_url_of_platform', await at('https://a-1.vercel.app', vercel));
    expect(finding.fix).toContain('Set APP_URL to https://credits.example.com');
  });

  it.each([
    ['url_not_found', { status: 404 }, 'answers 404'],
    ['url_redirects', { status: 308, headers: { location: 'https://www.example.com/' } }, 'redirects to'],
    ['url_protected', { status: 401, body: '<title>Authentication Required</title>' }, 'it answers 401'],
    [
      'url_protected',
      { status: 302, headers: { location: 'https://vercel.com/sso-api?url=x' } },
      'A log-in stands',
    ],
    ['url_unreachable', 'cut', 'was not reached'],
  ] as const)('%s: %j', async (code, reply, said) => {
    p.standing = () => (reply === 'cut' ? reply : { ...reply });
    expect(only(code, await run()).said).toContain(said);
  });

  it('is answered by a process with other secrets, or by somebody who only looks like us', async () => {
    p.standing = web([OTHER_SECRET]);
    expect(only('url_other_installation', await run()).fix).toContain('STRIPE_WEBHOOK_SECRETS');
    p.standing = () => ({
      status: 400,
      body: JSON.stringify({ received: false, code: 'probed', answer: 'guessed' }),
    });
    only('url_other_installation', await run());
  });

  it('a database on another clock', async () => {
    const name = new URL(p.database.url).pathname.slice(1);
    await p.database.db.$executeRaw`CREATE SCHEMA shifted`;
    await p.database.db
      .$executeRaw`CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 minute' $$`;
    await p.database.db.$executeRawUnsafe(
      `ALTER DATABASE ${name} SET search_path = shifted, pg_catalog, public`,
    );
    const shifted = createDb(p.database.url, 2);
    const report = await run({}, { db: shifted });
    await closeDb(shifted);
    await p.database.db.$executeRawUnsafe(`ALTER DATABASE ${name} RESET search_path`);
    await p.database.db.$executeRaw`DROP SCHEMA shifted CASCADE`;
    // The worker's last beat is of the former clock.
    expect(has('clock_of_database', report).said).toMatch(/(59|60) s behind the database’s/);
  });

  it('a clock that is wrong', async () => {
    await settingsOf({ clockOffsetMs: minutes(10) });
    const report = await run();
    await settingsOf({ clockOffsetMs: 0 });
    const finding = only('clock_of_stripe', report);
    expect(finding.said).toMatch(/clock is (59\d|60\d) s behind Stripe’s/);
    expect(finding.fix).toContain('timedatectl');
  });
});
