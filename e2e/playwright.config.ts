import os from 'node:os';
import path from 'node:path';
import { defineConfig, devices } from '@playwright/test';
import { chromiumFlags, findChromium } from './support/chromium';
import { accountOfSpecs } from './support/stripe-account';

const root = path.resolve(import.meta.dirname, '..');
const output = path.join(import.meta.dirname, '.output');
const port = Number(process.env.E2E_PORT ?? 3_210);
const sandboxPort = Number(process.env.E2E_SANDBOX_PORT ?? 4_810);

// Workers inherit these; the fixtures read the mail that the demo shows on the sandbox's panel.
process.env.E2E_SANDBOX_URL ??= `http://127.0.0.1:${sandboxPort}`;
process.env.E2E_DATA_DIR ??= path.join(os.tmpdir(), `credence-e2e-${process.pid}`);
process.env.PLAYWRIGHT_CHROMIUM_PATH ??= findChromium(
  (sentence) => void process.stderr.write(`${sentence}\n`),
);

// The doors that fixtures call write no log between the lines of the report.
const { LOG_LEVEL = 'info' } = process.env;
process.env.LOG_LEVEL = 'silent';

/** Set by run-on-stripe.ts: the same specs against a Stripe account, as far as no panel of the sandbox is needed. */
const isOnStripe = accountOfSpecs() !== undefined;
const report = isOnStripe ? 'playwright-on-stripe' : 'playwright';

/** What these specs do to Stripe, every test would feel: they run one by one, after all others. */
const ALONE = '**/*.alone.spec.ts';

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '**/*.spec.ts',
  ...(isOnStripe ? { grep: /@stripe/ } : {}),
  outputDir: path.join(output, isOnStripe ? 'results-on-stripe' : 'results'),
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  workers: 2,
  timeout: 240_000,
  // A payment page that comes over the internet, and its bank, take longer.
  expect: { timeout: isOnStripe ? 45_000 : 10_000 },
  reporter: [['list'], ['json', { outputFile: path.join(output, `${report}.json`) }]],
  use: {
    baseURL: `http://localhost:${port}`,
    // A trace of every test costs a third of the run; `npx playwright test --trace on` makes one.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: process.env.PLAYWRIGHT_CHROMIUM_PATH, args: chromiumFlags() },
  },
  projects: [
    { name: 'desktop', testIgnore: ALONE, use: { ...devices['Desktop Chrome'] } },
    {
      name: 'alone',
      testMatch: ALONE,
      use: { ...devices['Desktop Chrome'] },
      dependencies: ['desktop'],
      fullyParallel: false,
      workers: 1,
    },
  ],
  webServer: {
    // The whole product as `npm start` runs it, on ports and data of its own.
    command: `node --import tsx ${isOnStripe ? 'e2e/support/start-on-stripe.ts' : 'app/cli/credence.ts start'}`,
    cwd: root,
    url: `http://127.0.0.1:${port}/readyz`,
    timeout: 180_000,
    stdout: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 30_000 },
    env: {
      PORT: String(port),
      APP_URL: `http://localhost:${port}`,
      DATABASE_URL: '',
      STRIPE_SECRET_KEY: '',
      SMTP_URL: '',
      CREDENCE_MODE: 'demo',
      CREDENCE_DATA_DIR: process.env.E2E_DATA_DIR,
      CREDENCE_SANDBOX_PORT: String(sandboxPort),
      CREDENCE_POSTGRES_PORT: process.env.E2E_POSTGRES_PORT ?? '54420',
      // Specs that meet a rate limit come from an address of their own.
      TRUSTED_PROXIES: '1',
      LOG_LEVEL,
    },
  },
});
