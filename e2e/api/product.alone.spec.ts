import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';

import { findFreePort } from '../../app/cli/free-port';
import { expectAccessible } from '../fixtures/axe';
import { startExampleProduct } from '../fixtures/example-product';
import { CARDS } from '../fixtures/hosted-page';
import { buy, expectCredits } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

const root = path.resolve(import.meta.dirname, '../..');

/** An operator's command on the running demo; answers the part of what it says that is looked for. */
async function credence(looksFor: RegExp, ...words: string[]): Promise<string> {
  const args = ['--import', 'tsx', 'app/cli/credence.ts', ...words];
  const env = { ...process.env, CREDENCE_DATA_DIR: process.env.E2E_DATA_DIR, CREDENCE_MODE: 'demo' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
  const [match] = looksFor.exec(stdout) ?? [];
  if (match === undefined) throw new Error(`${looksFor.source} is not in: ${stdout}`);
  return match;
}

// Alone: what the book tells of low balances is for every customer of the demo.
test('a product spends, holds, hears of a low balance, and hands its user off to buy', async ({
  page,
  baseURL,
}) => {
  const port = await findFreePort(4_300);
  const own = `http://localhost:${port}`;
  const name = `lumen-${randomUUID()}`;
  const key = await credence(
    /ck_test_\w+/,
    'api-key',
    'create',
    '--book',
    'test',
    '--name',
    name,
    '--return-origins',
    own,
  );
  const secret = await credence(/whsec_\S+/, 'endpoint', 'add', '--book', 'test', '--url', `${own}/webhooks`);
  await credence(/below 5/, 'ledger', 'notices', '--book', 'test', '--low', '5');
  const product = await startExampleProduct({ credenceUrl: baseURL ?? '', key, webhookSecret: secret, port });
  const user = `user_${randomUUID().slice(0, 8)}`;

  await page.goto(`${own}/?user=${user}`);
  await expect(page.getByText('10 credits', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Make a picture' }).click();
  await expect(page.getByRole('status')).toHaveText('Your picture is ready. 7 credits are left.');
  await page.getByRole('button', { name: 'Make a film' }).click();
  await expect(page.getByRole('status')).toHaveText('3 more credits are needed for a film.');
  await page.getByRole('button', { name: 'Make a picture' }).click();
  await expect(page.getByText('4 credits', { exact: true })).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('alert')).toHaveText('Your credits are running low.', { timeout: 500 });
  }).toPass({ timeout: 15_000 });

  await page.getByRole('button', { name: 'Buy credits' }).click();
  await expect(page.getByText('You have 4 credits')).toBeVisible();
  await expectAccessible(page);
  const hosted = await buy(page, 'Team');
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '2,504');
  await page
    .getByRole('main')
    .getByRole('link', { name: /^Back to localhost/ })
    .click();
  await expect(page.getByText('2504 credits')).toBeVisible();
  await page.getByRole('button', { name: 'Make a film' }).click();
  await expect(page.getByRole('status')).toHaveText(
    'Your film took 7 of the 10 credits that were set aside.',
  );
  await expect(page.getByText('2497 credits')).toBeVisible();

  await credence(/no customer/, 'ledger', 'notices', '--book', 'test', '--low', 'off');
  product.close();
});
