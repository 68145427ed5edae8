import { spawn } from 'node:child_process';
import path from 'node:path';

import { makeDataFolder } from './support/data-folder';
import { STRIPE_ITSELF, stripeTestKey } from './support/stripe-account';

/**
 * `npm run test:stripe`: the browser specs with the tag @stripe, against the test mode of the account of
 * STRIPE_TEST_SECRET_KEY, whose events come by `stripe listen`. Without a key it says that they are skipped.
 * `--sandbox` has a sandbox play the account, which needs no key and no internet; what else is given is Playwright's.
 */
const SKIPPED =
  'Against Stripe itself: skipped, for STRIPE_TEST_SECRET_KEY is not set. With a test key of an account of yours (sk_test_…), ' +
  'the browser tests tagged @stripe run there as well: STRIPE_TEST_SECRET_KEY=sk_test_… npm run test:stripe';

/** What is played answers and delivers as slowly as Stripe does: a spec that leans on the sandbox's haste fails. */
const MANNERS = { latencyMs: 100 };
const ON_THE_WAY = 'seed=1,delay=1,delay_ms=500-3000';

async function main(args: string[]): Promise<number> {
  const isPlayed = args.includes('--sandbox');
  const key = stripeTestKey();
  if (isPlayed) return playStripe(args.filter((arg) => arg !== '--sandbox'));
  if (key === undefined) {
    process.stdout.write(`${SKIPPED}\n`);
    return 0;
  }
  return runSpecs(args, { E2E_STRIPE_URL: STRIPE_ITSELF });
}

async function playStripe(args: string[]): Promise<number> {
  const { startSandbox } = await import('./stripe-sandbox/index');
  const { parseChaos } = await import('./stripe-sandbox/chaos/parse-mix');
  const stripe = await startSandbox({ port: 0, settings: MANNERS });
  stripe.sandbox.chaos.set(parseChaos(ON_THE_WAY));
  try {
    const STRIPE_TEST_SECRET_KEY = 'sk_test_playedbythesandbox';
    return await runSpecs(args, { E2E_STRIPE_URL: stripe.url, STRIPE_TEST_SECRET_KEY });
  } finally {
    await stripe.stop();
  }
}

async function runSpecs(args: string[], account: Record<string, string>): Promise<number> {
  const data = makeDataFolder();
  const cli = path.resolve(import.meta.dirname, '../node_modules/@playwright/test/cli.js');
  const specs = spawn(process.execPath, [cli, 'test', '--config', 'e2e/playwright.config.ts', ...args], {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: { ...process.env, ...account, E2E_DATA_DIR: data.folder },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void specs.kill(signal));
  try {
    return await new Promise((resolve) => specs.once('close', (code) => resolve(code ?? 1)));
  } finally {
    data.remove();
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
