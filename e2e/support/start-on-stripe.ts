import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { startSandbox } from '../stripe-sandbox/index';
import { accountOfSpecs, STRIPE_ITSELF } from './stripe-account';
import { listen } from './stripe-listen';

/**
 * The product as `npm start` runs it, on the Stripe account of the specs: its catalogue gets its prices there, and what
 * happens there comes by `stripe listen`, whose secret is the app's. The sandbox beside it is the mailbox alone.
 */
const account = accountOfSpecs();
if (account === undefined) throw new Error('E2E_STRIPE_URL and STRIPE_TEST_SECRET_KEY name the account.');
const { PORT = '', CREDENCE_SANDBOX_PORT = '', CREDENCE_DATA_DIR = '' } = process.env;

mkdirSync(CREDENCE_DATA_DIR, { recursive: true });
const mailbox = await startSandbox({ port: Number(CREDENCE_SANDBOX_PORT) });
const listening = await listen(account, {
  forwardTo: `http://127.0.0.1:${PORT}/webhooks/stripe`,
  folder: CREDENCE_DATA_DIR,
  onEnd: (said) => void process.stderr.write(`stripe listen has ended, no event comes any more: ${said}\n`),
});
const product = spawn(process.execPath, ['--import', 'tsx', 'app/cli/credence.ts', 'start'], {
  cwd: path.resolve(import.meta.dirname, '../..'),
  stdio: 'inherit',
  env: {
    ...process.env,
    CREDENCE_MODE: 'demo',
    STRIPE_SECRET_KEY: account.secretKey,
    STRIPE_WEBHOOK_SECRETS: listening.secret,
    STRIPE_API_BASE: account.url === STRIPE_ITSELF ? '' : account.url,
    MAIL_SANDBOX_URL: `${mailbox.url}/_control/mail`,
  },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void product.kill(signal));
product.once('exit', (code) => {
  listening.stop();
  void mailbox.stop().finally(() => process.exit(code ?? 1));
});
