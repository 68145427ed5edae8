import { expect, type Page, test } from '@playwright/test';

import { logIn } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';

const once = () => crypto.randomUUID().slice(0, 8);
const dialog = (page: Page) => page.getByRole('dialog');

/** Opens a page once it answers, and looks at it. */
async function open(page: Page, path: string, what: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('navigation', { name: 'Settings' }).getByText(what)).toHaveAttribute(
    'aria-current',
    'page',
  );
  await expectAccessible(page);
}

/** Opens a dialog of the page, which is deaf until its scripts run. */
async function ask(page: Page, button: string | RegExp): Promise<void> {
  await expect(async () => {
    await page.getByRole('button', { name: button }).first().click();
    await expect(dialog(page)).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expectAccessible(page);
}

async function send(page: Page, reason: string, button: string): Promise<void> {
  await dialog(page).getByLabel('Reason').selectOption({ label: reason });
  await dialog(page).getByLabel('Comment').fill('said by a test');
  await dialog(page).getByRole('button', { name: button, exact: true }).click();
}
const close = (page: Page) => dialog(page).getByRole('button', { name: 'Close', exact: true }).last().click();

test('an admin makes a client whose key is shown once, and an endpoint with its secret', async ({ page }) => {
  await logIn(page, 'admin@demo.test');
  const name = `backend ${once()}`;
  await open(page, '/admin/settings/api', 'API keys');
  await ask(page, 'New client');
  await dialog(page).getByLabel('Name').fill(name);
  await dialog(page).getByLabel('Read balances').check();
  await dialog(page)
    .getByLabel(/^Origins/)
    .fill('https://app.example.test/with/a/path');
  await send(page, 'Planned change', 'Make the client and its key');
  await expect(dialog(page).getByText(/is no origin/)).toBeVisible();
  await dialog(page)
    .getByLabel(/^Origins/)
    .fill('https://app.example.test');
  await dialog(page).getByRole('button', { name: 'Make the client and its key' }).click();
  const shown = dialog(page).getByRole('figure', { name: 'API key' });
  await expect(shown).toContainText(/ck_test_\w{40}/);
  const key = /ck_test_\w{40}/.exec((await shown.textContent()) ?? '')?.[0] ?? '';
  await expectAccessible(page);
  await close(page);
  await page.reload();
  await expect(page.getByRole('table', { name: `Keys of ${name}` })).toContainText('never');
  expect(await page.content()).not.toContain(key);
  const asked = await page.request.get('/api/v1/balance?customer=nobody', {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(asked.status()).not.toBe(401);

  await open(page, '/admin/settings/endpoints', 'Endpoints');
  await ask(page, 'New endpoint');
  await dialog(page).getByLabel('Address').fill(`http://127.0.0.1:9/${once()}`);
  await send(page, 'Planned change', 'Add the endpoint');
  await expect(dialog(page).getByRole('figure', { name: 'Signing secret' })).toContainText('whsec_');
  await close(page);
  await ask(page, 'Remove');
  await send(page, 'Other', 'Remove the endpoint');
  await expect(dialog(page).getByText('Done')).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Close' }).last().click();
  await expect(dialog(page)).toBeHidden();
});

test('a pack, a policy and a limit are changed by what the dialog showed before', async ({ page }) => {
  await logIn(page, 'admin@demo.test');
  const code = `e2e-${once()}`;
  await open(page, '/admin/settings/catalogue', 'Catalogue');
  await ask(page, 'New pack');
  await dialog(page).getByLabel('Code').fill(code);
  await dialog(page).getByLabel('Name').fill(code);
  await dialog(page).getByLabel('Credits', { exact: true }).fill('100');
  await dialog(page).getByLabel('Prices').fill('SEK 20.001');
  await send(page, 'Planned change', 'Make the pack');
  await expect(dialog(page).getByText(/is no amount in SEK/)).toBeVisible();
  await dialog(page).getByLabel('Prices').fill('SEK 20.00');
  await dialog(page).getByRole('button', { name: 'Make the pack' }).click();
  await expect(dialog(page).getByText('its prices stand at Stripe')).toBeVisible();
  await close(page);
  const card = page.locator('section', { has: page.getByRole('heading', { name: code }) }).last();
  await card.getByRole('button', { name: 'Change' }).click();
  await dialog(page).getByLabel('Credits', { exact: true }).fill('150');
  await expect(dialog(page).getByRole('table', { name: 'The new version' })).toContainText('150');
  await expectAccessible(page);
  await send(page, 'Planned change', 'Make the new version');
  await expect(dialog(page).getByText('The new version is in force')).toBeVisible();
  await close(page);
  await card.getByText('2 versions').click();
  await expect(card.getByText('Credits: 100 → 150')).toBeVisible();
  await card.getByRole('button', { name: 'Take off sale' }).click();
  await send(page, 'Other', 'Take it off sale');
  await expect(dialog(page).getByText('It is not on sale any more.')).toBeVisible();
  await close(page);

  await open(page, '/admin/settings/policies', 'Policies');
  await ask(page, 'Change');
  await dialog(page)
    .getByLabel(/^After a refund/)
    .selectOption('debt');
  await expect(dialog(page).getByRole('table', { name: 'Spent credits' })).toContainText('a debt');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  const kept = page
    .getByRole('table', { name: 'Retention' })
    .getByRole('row', { name: /^Recipients and words/ });
  await expect(kept).toContainText('For 90 days, by default');
  await kept.getByRole('button', { name: 'Change' }).click();
  await dialog(page).getByLabel('Kept for, in days').fill('60');
  await expect(dialog(page).getByRole('row', { name: /^Kept/ })).toContainText('for 60 days');
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();

  await open(page, '/admin/settings/limits?book=live', 'Limits');
  const limits = page.getByRole('table', { name: 'Limits: Dismiss settled money' });
  await expect(limits).toBeVisible();
  await limits.getByRole('button', { name: 'Change' }).last().click();
  await dialog(page).getByLabel('In one act').fill('a lot');
  await send(page, 'Planned change', 'Change the limit');
  await expect(dialog(page).getByText(/^Enter an amount in/)).toBeVisible();
  const bound = String(10 + Math.floor(Math.random() * 900));
  await dialog(page).getByLabel('In one act').fill(bound);
  await expect(dialog(page).getByRole('row', { name: /^In one act/ })).toContainText(bound);
  await dialog(page).getByRole('button', { name: 'Change the limit' }).click();
  await expect(dialog(page).getByText('Every admin is told by mail')).toBeVisible();
});

test('a pause stands on every page of the console until it is over; support sees it and cannot turn it', async ({
  page,
  browser,
}) => {
  await logIn(page, 'admin@demo.test');
  await open(page, '/admin/settings/pauses', 'Pause switches');
  const live = page.getByRole('region', { name: 'Live book' });
  await expect(async () => {
    await live.getByRole('button', { name: 'Pause automatic top-ups' }).click();
    await expect(dialog(page)).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expectAccessible(page);
  await send(page, 'Something is broken', 'Pause automatic top-ups');
  await expect(dialog(page).getByText(/paused\. Nothing that had not begun/)).toBeVisible();
  await close(page);
  await expectAccessible(page);

  const desk = await browser.newContext();
  const staff = await desk.newPage();
  await logIn(staff, 'support@demo.test');
  await staff.goto('/admin/payments');
  const banner = staff.getByRole('complementary', { name: 'Paused' });
  await expect(banner).toContainText('in the live book by Ada Admin');
  await expect(banner).toContainText('said by a test');
  await banner.getByRole('link').click();
  await expect(staff.getByText(/Only admins/)).toBeVisible();
  await expect(staff.getByRole('button', { name: /go on$/ })).toHaveCount(0);
  await desk.close();

  await live.getByRole('button', { name: 'Let automatic top-ups go on' }).click();
  await send(page, 'The cause is over', 'Let it go on');
  await expect(dialog(page).getByText(/going on\. What waited/)).toBeVisible();
  await close(page);
  await expect(page.getByRole('complementary', { name: 'Paused' })).toHaveCount(0);
});
