import { expect, test } from '@playwright/test';

import { freshEmail, logIn, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { CARDS, HostedPage } from '../fixtures/hosted-page';
import { hydrated } from '../fixtures/hydrated';

test('finance sees a sale in the month, its list, its file, and that all of it equals the ledger', async ({
  page,
  browser,
}) => {
  await signUp(page, freshEmail());
  await page.goto('/');
  await page.getByRole('button', { name: 'Buy Team' }).click();
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.succeeds);
  await expect(page.getByRole('heading', { name: 'Credits added' })).toBeVisible();

  const desk = await (await browser.newContext()).newPage();
  await logIn(desk, 'support@demo.test');
  await desk.goto('/admin/finance');
  await hydrated(desk);
  const rolled = desk.getByRole('table', { name: 'Roll-forward' });
  await expect(rolled.getByRole('row', { name: /^Sold: packs/ })).toContainText('$');
  await expect(rolled.getByRole('row', { name: /^Closing/ })).toBeVisible();
  // Other tests sell and spend meanwhile: what is counted is one instant.
  await desk.getByRole('button', { name: 'Check against the ledger' }).click();
  await expect(desk.getByText('Equal to the ledger')).toBeVisible();
  await expectAccessible(desk);

  const file = desk.waitForEvent('download');
  await desk.getByRole('link', { name: 'Export CSV' }).click();
  expect((await file).suggestedFilename()).toMatch(/^finance-test-\d{4}-\d\d\.csv$/);
  await rolled.getByRole('link', { name: 'Sold: packs' }).click();
  await expect(desk.getByRole('heading', { name: 'Payments' })).toBeVisible();
  await expect(desk.getByRole('link', { name: 'Remove the filter Kind: Pack' })).toBeVisible();
});

test('the audit is searched, opened and verified', async ({ page }) => {
  await logIn(page, 'support@demo.test');
  await page.goto('/admin/audit');
  await hydrated(page);
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await expect(page.getByText('The chain is intact')).toBeVisible();
  await expectAccessible(page);
  const rows = page.getByRole('table', { name: 'Audit' });
  await rows.getByRole('link').first().click();
  await expect(page.getByRole('link', { name: 'All their acts' })).toBeVisible();
  await expectAccessible(page);
});
