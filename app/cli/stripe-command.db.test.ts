import { beforeEach, describe, expect, it, vi } from 'vitest';

import { DEMO_PACKS } from '../../prisma/demo';
import { clientFor, startUnderTest, type UnderTest } from '../../e2e/stripe-sandbox/testing/under-test';
import { useTestDatabase } from '../../e2e/support/test-database';
import { putCatalogItem } from '../modules/catalog/index.server';
import { HANDLED_EVENT_TYPES } from '../modules/stripe/event-types';
import { inTransaction } from '../platform/db.server';
import type { stripeCommand } from './stripe-command';

const database = useTestDatabase();
let account: UnderTest;

/** Each test begins with an account and a key that nobody has seen. */
let count = 0;
beforeEach(async () => {
  count += 1;
  account = await startUnderTest();
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', 'https://credits.example.com');
  vi.stubEnv('STRIPE_API_BASE', account.url);
  vi.stubEnv('STRIPE_SECRET_KEY', `sk_test_setup0000000${String(count)}`);
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', '');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
  vi.resetModules();
  await inTransaction(database.db, 'packs', async (tx) => {
    for (const pack of DEMO_PACKS) await putCatalogItem(tx, pack);
  });
  return async () => {
    vi.unstubAllEnvs();
    await account.stop();
  };
});

async function setup(...words: string[]): Promise<{ said: string; error: string }> {
  const said: string[] = [];
  // The environment is parsed once per process: each run is one.
  vi.resetModules();
  const { stripeCommand: run }: { stripeCommand: typeof stripeCommand } = await import('./stripe-command');
  const error = await run(['setup', ...words], (sentence) => said.push(sentence)).then(
    () => '',
    (fault: unknown) => String(fault),
  );
  return { said: said.join('\n'), error };
}
const secretIn = (said: string): string => /whsec_\w+/.exec(said)?.[0] ?? '';
const stripe = () => clientFor(account.url);
const endpoints = async () => (await stripe().webhookEndpoints.list()).data;
const ours = async () => {
  const found = (await endpoints()).find(({ url }) => url === 'https://credits.example.com/webhooks/stripe');
  if (found === undefined) throw new Error('There is no endpoint of ours.');
  return found;
};

/** Everything made, its secret set. */
async function madeAll(): Promise<void> {
  const { said, error } = await setup('--apply');
  expect(error).toBe('');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', secretIn(said));
}

describe('stripe setup', () => {
  it('shows what an empty account lacks and changes nothing until it is told to', async () => {
    const { said } = await setup();
    expect(said).toContain('+ price     starter at');
    expect(said).toContain('~ portal    at period end, no proration: there is none');
    expect(said).toContain('+ endpoint  https://credits.example.com/webhooks/stripe: there is none');
    expect(said).toMatch(/Nothing was changed: add --apply to do this\.$/);
    expect(await endpoints()).toEqual([]);
    expect((await stripe().products.list()).data).toEqual([]);
  });

  it('makes all of it, says the secret once, and has nothing to do the second time', async () => {
    const { said, error } = await setup('--apply');
    expect(error).toBe('');
    expect(said).toContain('This account is new here: it sells once web and worker start with its key.');
    expect(said).toContain(`STRIPE_WEBHOOK_SECRETS=whsec_`);
    const realm = await database.db.realm.findFirst({ where: { account: account.sandbox.account.id } });
    expect(realm).toMatchObject({ sells: false });
    const made = await ours();
    expect(new Set(made.enabled_events)).toEqual(HANDLED_EVENT_TYPES);
    expect(made).toMatchObject({ api_version: '2026-10-28.endive', status: 'enabled', livemode: false });
    const [portal] = (await stripe().billingPortal.configurations.list()).data;
    expect(portal?.features).toMatchObject({
      subscription_update: { enabled: false },
      subscription_cancel: { enabled: true, mode: 'at_period_end', proration_behavior: 'none' },
    });
    vi.stubEnv('STRIPE_WEBHOOK_SECRETS', secretIn(said));
    const second = await setup('--apply');
    expect(second.said).toMatch(/Nothing to do\.$/);
    expect(second.said).not.toContain('whsec_');
    expect(await endpoints()).toHaveLength(1);
  });

  it('repairs an endpoint that lost events, hears too many, or was disabled', async () => {
    await madeAll();
    const { id } = await ours();
    await stripe().webhookEndpoints.update(id, {
      enabled_events: ['invoice.paid', 'customer.created'],
      disabled: true,
    });
    const { said } = await setup('--apply');
    expect(said).toContain(`~ endpoint  ${id}: disabled → enabled; hears charge.dispute.closed`);
    expect(said).toContain('hears customer.created no more');
    const repaired = await ours();
    expect(repaired.status).toBe('enabled');
    expect(new Set(repaired.enabled_events)).toEqual(HANDLED_EVENT_TYPES);
    expect((await setup()).said).toMatch(/Nothing to do\.$/);
  });

  it('replaces an endpoint of another API version, which goes once the new secret is set', async () => {
    const old = await stripe().webhookEndpoints.create({
      url: 'https://credits.example.com/webhooks/stripe',
      enabled_events: ['*'],
      api_version: '2024-06-20',
    });
    const { said } = await setup('--apply');
    expect(said).toContain(
      `+ endpoint  https://credits.example.com/webhooks/stripe: ${old.id} speaks API 2024-06-20`,
    );
    expect(await endpoints()).toHaveLength(2);
    expect((await setup()).said).toMatch(/Nothing to do\.$/);
    vi.stubEnv('STRIPE_WEBHOOK_SECRETS', `${secretIn(said)},${old.secret ?? ''}`);
    expect((await setup('--apply')).said).toContain(`- endpoint  ${old.id}`);
    expect((await endpoints()).map(({ api_version }) => api_version)).toEqual(['2026-10-28.endive']);
    expect((await setup()).said).toMatch(/Nothing to do\.$/);
  });

  it('rolls the secret by a second endpoint', async () => {
    await madeAll();
    const before = await ours();
    const { said } = await setup('--apply', '--rotate-secret');
    expect(said).toContain(`STRIPE_WEBHOOK_SECRETS=${secretIn(said)},<the present value>`);
    expect(await endpoints()).toHaveLength(2);
    vi.stubEnv('STRIPE_WEBHOOK_SECRETS', `${secretIn(said)},${process.env.STRIPE_WEBHOOK_SECRETS ?? ''}`);
    await setup('--apply');
    expect((await endpoints()).map(({ id }) => id)).not.toContain(before.id);
    expect(await endpoints()).toHaveLength(1);
  });

  it('makes another price for one that is archived, gone or costs something else, and sells its product again', async () => {
    await madeAll();
    const rows = await database.db.stripePrice.findMany({
      where: { realm: { account: account.sandbox.account.id }, currency: 'usd' },
    });
    const [archived, changed, shelved] = rows;
    if (!archived || !changed || !shelved) throw new Error('Three packs are for sale.');
    await stripe().prices.update(archived.stripeId, { active: false });
    const other = await stripe().prices.create({
      ...{ currency: 'usd', unit_amount: 1, product: `credence_${changed.versionId}` },
    });
    const { realmId, versionId, currency } = changed;
    await database.db.stripePrice.update({
      where: { realmId_versionId_currency: { realmId, versionId, currency } },
      data: { stripeId: other.id },
    });
    await stripe().products.update(`credence_${shelved.versionId}`, { active: false });
    const { said, error } = await setup('--apply');
    expect(error).toBe('');
    expect(said).toContain(`the price of ${archived.stripeId} is archived`);
    expect(said).toContain(`${other.id}: amount is 1, the catalogue says`);
    expect(said).toContain(`the product of ${shelved.stripeId} is archived`);
    expect((await setup()).said).toMatch(/Nothing to do\.$/);
  });

  it('sets the portal back that somebody changed', async () => {
    await madeAll();
    const [portal] = (await stripe().billingPortal.configurations.list()).data;
    await stripe().billingPortal.configurations.update(portal?.id ?? '', {
      features: { subscription_cancel: { enabled: true, mode: 'immediately' } },
    });
    expect((await setup('--apply')).said).toContain(
      '~ portal    at period end, no proration: features.subscription_cancel.mode is immediately, not at_period_end',
    );
    expect((await setup()).said).toMatch(/Nothing to do\.$/);
  });

  it('leaves endpoints and products of others alone', async () => {
    const foreign = await stripe().webhookEndpoints.create({
      url: 'https://credits.example.com/other-product/hook',
      enabled_events: ['invoice.paid'],
    });
    const product = await stripe().products.create({ name: 'Not ours' });
    await madeAll();
    const left = await stripe().webhookEndpoints.retrieve(foreign.id);
    expect(left).toMatchObject({ enabled_events: ['invoice.paid'], url: foreign.url, metadata: {} });
    expect(await stripe().products.retrieve(product.id)).toMatchObject({ name: 'Not ours', metadata: {} });
    expect((await setup()).said).toMatch(/Nothing to do\.$/);
  });

  it('refuses a live key without --live, --live with a test key, and live events by http', async () => {
    expect((await setup('--live')).error).toContain('STRIPE_SECRET_KEY is a test key');
    vi.stubEnv('STRIPE_SECRET_KEY', 'sk_live_setup00000000');
    vi.stubEnv('STRIPE_API_BASE', '');
    expect((await setup('--apply')).error).toContain('add --live to work on the live account');
    expect((await setup('--live', '--url', 'http://credits.example.com')).error).toContain('by https only');
  });
});
