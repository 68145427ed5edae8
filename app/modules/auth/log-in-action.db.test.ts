import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { closeDb, db } from '~/platform/db.server';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { newUser, PASSWORD, signUpAndReadToken, stranger } from './accounts-for-tests';

const database = useTestDatabase();
const APP = 'https://credits.example.com';

/** Imported once the environment is there, as a web process does. */
const pages = {
  '/log-in': () => import('../../routes/_store.log-in'),
  '/verify-email': () => import('../../routes/_store.verify-email'),
};

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', APP);
  vi.stubEnv('SESSION_SECRET', 'f3a1'.repeat(16));
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_51actions0000');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_actions0000');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
});
afterAll(async () => {
  await closeDb(db());
  vi.unstubAllEnvs();
});

/** What an action answers: its data or redirect, its status and its headers. */
async function post(path: keyof typeof pages, ip: string, fields: Record<string, string>) {
  const page = await pages[path]();
  const request = new Request(new URL(path, APP), {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: APP, 'x-client-address': ip },
  });
  const answer = await page.action({ request, params: {}, context: {} });
  if (!('init' in answer)) return { status: answer.status, headers: answer.headers, said: undefined };
  const { status, headers } = answer.init ?? {};
  return { status: status ?? 200, headers: new Headers(headers), said: answer.data };
}

const logInOf = (person: ReturnType<typeof stranger>, password = 'not the right one') =>
  post('/log-in', person.client.ip, { email: person.email, password });

test('log-in answers an unknown address, a known one and an unconfirmed one alike', async () => {
  const people = [stranger(), await newUser(database.db), await signUpAndReadToken(database.db)];
  const answers = [];
  for (const person of people) {
    const { status, headers, said } = await logInOf(person);
    const read = JSON.stringify(said).replaceAll(person.email, '[address]');
    answers.push({ status, headers: [...headers], read });
  }
  expect(answers[0]?.status).toBe(400);
  expect(answers[0]?.read).toContain('do not match a confirmed account');
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test('the eleventh try is answered 429 with Retry-After, alike for an unknown address and a known one', async () => {
  for (const person of [stranger(), await newUser(database.db)]) {
    for (let n = 0; n < 10; n += 1) expect((await logInOf(person)).status).toBe(400);
    const { status, headers, said } = await logInOf(person, PASSWORD);
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(15 * 60);
    expect(JSON.stringify(said)).toMatch(/Too many tries\. Wait \d+ minutes/);
  }
});

test('the page hands the headers of its action on, so that a browser without JavaScript gets them', async () => {
  const actionHeaders = new Headers({ 'Retry-After': '60' });
  const none = new Headers();
  for (const page of Object.values(pages)) {
    const { headers } = await page();
    const sent = headers({
      actionHeaders,
      loaderHeaders: none,
      parentHeaders: none,
      errorHeaders: undefined,
    });
    expect(new Headers(sent).get('retry-after')).toBe('60');
  }
});

test('a confirmation with a wrong password is answered 422 and repeats none, with none 422, then 429', async () => {
  const { token, client } = await signUpAndReadToken(database.db, new Date());
  const confirm = (password: string) =>
    post('/verify-email', client.ip, { token, password, intent: 'confirm' });
  const empty = await confirm('');
  expect([empty.status, JSON.stringify(empty.said)]).toEqual([
    422,
    expect.stringContaining('Enter your password.'),
  ]);
  for (let n = 0; n < 10; n += 1) {
    const { status, said } = await confirm('not the right one');
    expect(status).toBe(422);
    expect(JSON.stringify(said)).toContain('That is not the password that was chosen at sign-up.');
    expect(JSON.stringify(said)).not.toContain('not the right one');
  }
  const { status, headers } = await confirm(PASSWORD);
  expect(status).toBe(429);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a confirmation with the password opens a session and leads on', async () => {
  const { token, client } = await signUpAndReadToken(database.db, new Date());
  const fields = { token, password: PASSWORD, next: '/history', intent: 'confirm' };
  const { status, headers } = await post('/verify-email', client.ip, fields);
  expect([status, headers.get('location')]).toEqual([303, '/history']);
  expect(headers.get('set-cookie')).toMatch(/^__Host-session=/);
  const { status: again } = await post('/verify-email', client.ip, fields);
  expect(again).toBe(410);
});
