import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { examine } from '../../../app/modules/health/index.server';
import { type DoctorReport, type Finding } from '../../../app/modules/health/shared';
import { type Heartbeat, startHeartbeat } from '../../../app/modules/jobs/index.server';
import { fingerprintOf } from '../../../app/modules/stripe/index.server';
import { PINNED_VERSION } from '../../../app/modules/stripe/endpoint-drift';
import { HANDLED_EVENT_TYPES } from '../../../app/modules/stripe/event-types';
import { signatureOf } from '../../../app/modules/stripe/testing/deliveries';
import { receive } from '../../../app/modules/webhooks/receive.server';
import { type Env, loadEnv } from '../../../app/platform/env.server';
import { openShop } from '../../money/testing/sandbox-shop';
import { clientFor } from '../../stripe-sandbox/testing/under-test';
import { serve } from '../../support/serve';
import { useTestDatabase } from '../../support/test-database';

export const OTHER_SECRET = 'whsec_other0123456789abcdefgh';
export const SETUP = 'npm run credence -- stripe setup --apply';
const KEY = 'sk_test_credencemoney';

type Answer = Parameters<typeof serve>[0];

const OF_TEST_POSTGRES = ['database_not_durable', 'database_storage_unsafe'];

/** The test's Postgres is not durable on purpose. */
export const wrong = ({ findings }: DoctorReport): Finding[] =>
  findings.filter(
    ({ severity, code }) =>
      (severity === 'fault' || severity === 'warning') && !OF_TEST_POSTGRES.includes(code),
  );
export const codesOf = (report: DoctorReport) => [...new Set(wrong(report).map(({ code }) => code))];

/** The finding of that code, its fix filled in. */
export function has(code: string, report: DoctorReport): Finding {
  const finding = wrong(report).find((one) => one.code === code);
  if (finding === undefined) throw new Error(`${code} is not among ${codesOf(report).join(', ')}`);
  expect(finding.fix).not.toBe('');
  expect(finding.fix).not.toContain('{subject}');
  return finding;
}

/** The same, where nothing else is wrong. */
export function only(code: string, report: DoctorReport): Finding {
  expect(codesOf(report)).toEqual([code]);
  return has(code, report);
}

/** An installation with which nothing is wrong: a shop at a sandbox, its endpoint, a web process and a worker. */
export function usePatient() {
  const database = useTestDatabase();
  let shop: Awaited<ReturnType<typeof openShop>> | undefined;
  let address: Awaited<ReturnType<typeof serve>> | undefined;
  let worker: Heartbeat | undefined;
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('It is there only while tests run.');
    return value;
  };

  const patient = {
    database,
    /** The endpoint's own secret, and the endpoint. */
    secret: '',
    endpointId: '',
    /** What stands at the public address: a web process of ours unless a test puts something else there. */
    standing: (() => ({ status: 500 })) as Answer,
    get shop() {
      return there(shop);
    },
    get address() {
      return there(address);
    },
    startWorker: async () => {
      worker = await startHeartbeat(database.db);
    },
    endWorker: async () => worker?.stop(),
    stripe: () => clientFor(there(shop).sandbox.url, { key: KEY }),
    /** A web process that has these secrets. */
    web:
      (secrets: readonly string[]): Answer =>
      async ({ url, headers, body }) => {
        const request = new Request(url, { method: 'POST', headers, body: new Uint8Array(body) });
        const said = await receive(
          { db: database.db, endpoints: [{ realm: there(shop).realm, secrets }], now: new Date() },
          request,
        );
        if (said.outcome === 'received') return { status: 200 };
        if (said.outcome === 'not_stored') return { status: 500 };
        if (said.outcome === 'realm_unknown') return { status: 503 };
        const reply =
          said.outcome === 'probed' ? { code: 'probed', answer: said.answer } : { code: said.code };
        return { status: 400, body: JSON.stringify({ received: false, ...reply }) };
      },
    /** Sends an event as Stripe does. */
    deliver: (body: string, secret: string, at = new Date()) =>
      fetch(`${there(address).url}/webhooks/stripe`, {
        method: 'POST',
        headers: {
          'stripe-signature': signatureOf(body, secret, at),
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        body,
      }),
    proven: (secret: string, realmId: string) =>
      database.db.webhookSecret.create({
        data: { realmId, fingerprint: fingerprintOf(secret), provenAt: new Date(), provenBy: 'evt_1' },
      }),
    settingsOf: (settings: object) =>
      fetch(`${there(shop).sandbox.url}/_control/settings`, {
        method: 'PUT',
        body: JSON.stringify(settings),
      }),
    run(
      changes: Record<string, string> = {},
      more: Partial<Parameters<typeof examine>[0]> = {},
    ): Promise<DoctorReport> {
      const env = envWith(changes);
      const settings = {
        secretKey: env.STRIPE_SECRET_KEY,
        apiBase: changes.STRIPE_API_BASE ?? there(shop).settings.apiBase,
        automaticTax: env.STRIPE_TAX === 'on',
      };
      return examine({ db: database.db, env, settings, ...more });
    },
  };

  function envWith(changes: Record<string, string>): Env {
    return loadEnv({
      CREDENCE_MODE: 'test',
      DATABASE_URL: database.url,
      APP_URL: there(address).url,
      STRIPE_SECRET_KEY: KEY,
      STRIPE_API_BASE: there(shop).sandbox.url,
      STRIPE_WEBHOOK_SECRETS: patient.secret,
      MAIL_SANDBOX_URL: `${there(shop).sandbox.url}/_control/mail`,
      ENCRYPTION_KEYS: 'k'.repeat(32),
      ...changes,
    });
  }

  beforeAll(async () => {
    shop = await openShop(database.db);
    address = await serve((asked) => patient.standing(asked));
    await database.db.realmKey.create({ data: { fingerprint: fingerprintOf(KEY), realmId: shop.realm.id } });
    const { id, secret = '' } = await patient.stripe().webhookEndpoints.create({
      url: `${address.url}/webhooks/stripe`,
      enabled_events: [...HANDLED_EVENT_TYPES] as ['invoice.paid'],
      api_version: PINNED_VERSION,
    });
    Object.assign(patient, { endpointId: id, secret, standing: patient.web([secret]) });
    await patient.proven(secret, shop.realm.id);
    await patient.startWorker();
  }, 60_000);
  afterEach(() => {
    patient.standing = patient.web([patient.secret]);
  });
  afterAll(async () => {
    await patient.endWorker();
    address?.close();
    await shop?.sandbox.stop();
  });
  return patient;
}
