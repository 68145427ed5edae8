import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { authContext, createUser, writeSessionToken } from '../../app/modules/auth/index.server';
import { startSession } from '../../app/modules/auth/sessions.server';
import { type DoctorReport } from '../../app/modules/health/shared';
import { closeDb, db } from '../../app/platform/db.server';
import { useTestDatabase } from '../support/test-database';

const database = useTestDatabase();
const APP = 'https://credits.example.com';

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', APP);
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_51doctor00000');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_doctor000000');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
  vi.stubEnv('STRIPE_API_BASE', 'http://127.0.0.1:1');
});
afterAll(async () => {
  await closeDb(db());
  vi.unstubAllEnvs();
});

async function cookieOfViewer(): Promise<string> {
  const made = await createUser(database.db, {
    ...{ email: 'viewer@doctor.example', name: 'Viewer', role: 'viewer', password: 'four old words' },
    verified: true,
  });
  if (made.outcome !== 'created') throw new Error(made.outcome);
  const client = { ip: '198.51.100.1', userAgent: 'Test/1' };
  const { now } = authContext();
  const token = await startSession(database.db, { userId: made.userId, client, now, former: undefined });
  return (await writeSessionToken(token)).split(';')[0] ?? '';
}

it('the web process that examines answers with its report: the page may come from another one', async () => {
  const { action, loader } = await import('../../app/routes/admin.settings.doctor');
  const headers = { cookie: await cookieOfViewer(), origin: APP, 'x-client-address': '198.51.100.1' };
  const url = `${APP}/admin/settings/doctor`;
  const ask = { params: {}, context: {} };
  const before = await loader({ ...ask, request: new Request(url, { headers }) });
  const said: { report: DoctorReport } = await action({
    ...ask,
    request: new Request(url, { method: 'POST', headers }),
  });
  expect(said).not.toEqual(before);
  expect(said.report.counts.fault).toBeGreaterThan(0);
  expect(await loader({ ...ask, request: new Request(url, { headers }) })).toEqual(said);
}, 60_000);
