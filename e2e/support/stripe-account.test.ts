import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

import { accountOfSpecs, stripeTestKey } from './stripe-account';

const root = path.resolve(import.meta.dirname, '../..');
const PROCESS = { timeout: 30_000 };

/** `npm run test:stripe` with that key. */
async function runWith(key: string): Promise<{ code: number; said: string }> {
  const args = ['--import', 'tsx', 'e2e/run-on-stripe.ts'];
  const env = { ...process.env, STRIPE_TEST_SECRET_KEY: key };
  const run = promisify(execFile)(process.execPath, args, { cwd: root, env });
  return run.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
  );
}

it('without a key the run says that it was skipped, and what to set', PROCESS, async () => {
  const { code, said } = await runWith(' ');
  expect(code).toBe(0);
  expect(said).toMatch(
    /^Against Stripe itself: skipped, for STRIPE_TEST_SECRET_KEY is not set\. .*sk_test_…/,
  );
  expect(said.trimEnd().split('\n')).toHaveLength(1);
});

it('a live key is refused before anything starts, and is not repeated', PROCESS, async () => {
  const { code, said } = await runWith('sk_live_0123456789abcdef');
  expect(code).toBe(1);
  expect(said).toContain('STRIPE_TEST_SECRET_KEY holds a live key, which is refused');
  expect(said).not.toContain('0123456789abcdef');
});

it.each(['sk_live_0123456789', 'rk_live_0123456789', ' sk_live_0123456789 '])(
  'the live key %s is refused',
  (key) => {
    const env = { STRIPE_TEST_SECRET_KEY: key, E2E_STRIPE_URL: 'https://api.stripe.com' };
    expect(() => stripeTestKey(env)).toThrow('a live key, which is refused');
    expect(() => accountOfSpecs(env)).toThrow('a live key, which is refused');
  },
);

it.each(['pk_test_0123456789', 'rk_test_0123456789', 'sk_test_', 'whatever', 'sk_test_01234567 89'])(
  'what is no secret key of the test mode is refused: %s',
  (key) => {
    expect(() => stripeTestKey({ STRIPE_TEST_SECRET_KEY: key })).toThrow(
      'must be a secret key of the test mode',
    );
  },
);

it('a key alone turns no run of the specs on the sandbox into one on an account', () => {
  const STRIPE_TEST_SECRET_KEY = 'sk_test_0123456789';
  expect(accountOfSpecs({ STRIPE_TEST_SECRET_KEY })).toBeUndefined();
  const E2E_STRIPE_URL = 'http://127.0.0.1:4700';
  expect(accountOfSpecs({ STRIPE_TEST_SECRET_KEY, E2E_STRIPE_URL })).toEqual({
    secretKey: STRIPE_TEST_SECRET_KEY,
    url: E2E_STRIPE_URL,
  });
  expect(() => accountOfSpecs({ E2E_STRIPE_URL })).toThrow('STRIPE_TEST_SECRET_KEY');
});
