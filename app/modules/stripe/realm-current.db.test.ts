import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { serve } from '../../../e2e/support/serve';
import { useTestDatabase } from '../../../e2e/support/test-database';
import { closeDb, db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { formerRealm } from './realm-current.server';

const database = useTestDatabase();

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}
const json = (status: number, body: object): Answer => ({
  ...{ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

// why: a Stripe is needed that first refuses and then hangs; the sandbox always knows whose a key is.
let answer: () => Answer | Promise<Answer>;
let stripe: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', 'https://credits.example.com');
  vi.stubEnv('SESSION_SECRET', 'f3a1'.repeat(16));
  vi.stubEnv('ENCRYPTION_KEYS', '0f3a'.repeat(12));
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_desk00000000');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_desk000000000');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
  stripe = await serve(() => answer());
});
afterAll(async () => {
  await closeDb(db());
  vi.unstubAllEnvs();
  stripe.close();
});

it('a former key that Stripe did not name holds nobody up while it is asked for again', async () => {
  const settings = { secretKey: `sk_test_${randomUUID().replaceAll('-', '')}`, apiBase: stripe.url };
  answer = () => json(401, { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } });
  await expect(formerRealm(settings)).rejects.toThrow('Invalid API Key provided');
  let speak: (said: Answer) => void = () => undefined;
  const hanging = new Promise<Answer>((resolve) => {
    speak = resolve;
  });
  answer = () => hanging;
  vi.setSystemTime(Date.now() + seconds(3));
  // Whoever waited for the answer that hangs would wait until the test's time is over.
  for (let n = 0; n < 2; n += 1)
    await expect(formerRealm(settings)).rejects.toThrow('Invalid API Key provided');
  speak(json(200, { id: 'acct_late', object: 'account' }));
  await vi.waitFor(async () => expect((await formerRealm(settings)).account).toBe('acct_late'), {
    timeout: seconds(20),
  });
  vi.useRealTimers();
});
