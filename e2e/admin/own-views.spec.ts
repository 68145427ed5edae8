import { type Page } from '@playwright/test';

import { logIn } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { expect, test } from '../fixtures/test';

const heads = (page: Page) => page.getByRole('table', { name: 'Payments' }).getByRole('columnheader');
const tabs = (page: Page) => page.getByRole('navigation', { name: 'Saved views' });

/** Names it in the dialog that “Save view” opens. */
async function saveAs(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
}

test('a reader chooses columns by keyboard, keeps the list under a name, finds it again and removes it', async ({
  page,
}) => {
  const name = `Mine ${crypto.randomUUID().slice(0, 8)}`;
  await logIn(page, 'viewer@demo.test');
  await page.goto('/admin/payments?state=paid');
  const menu = page.getByRole('button', { name: 'Columns' });
  await expect(async () => {
    await menu.press('ArrowDown');
    await expect(page.getByRole('checkbox', { name: 'State' })).toBeFocused({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press('Space');
  await expect(heads(page).filter({ hasText: 'State' })).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'Payment id' }).check();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  const chosen = ['Amount', 'Customer', 'Pack', 'Card', 'Credits', 'Payment id', 'Age'];
  await expect(heads(page)).toHaveText(chosen);
  await page.reload();
  await expect(heads(page)).toHaveText(chosen);

  const save = page.getByRole('button', { name: 'Save view' });
  const dialog = page.getByRole('dialog', { name: 'Save this view' });
  await expect(async () => {
    await save.click();
    await expect(dialog).toBeVisible({ timeout: 1000 });
  }).toPass();
  await saveAs(page, ' ');
  await expect(dialog.getByText('Give it a name.').first()).toBeVisible();
  await expectAccessible(page);
  await saveAs(page, name);
  await expect(dialog).toBeHidden();
  await expect(tabs(page).getByRole('link', { name })).toHaveAttribute('aria-current', 'page');

  await tabs(page).getByRole('link', { name: 'All', exact: true }).click();
  await page.goto('/admin/payments?state=open');
  await expect(async () => {
    await save.click();
    await expect(dialog).toBeVisible({ timeout: 1000 });
  }).toPass();
  await saveAs(page, name);
  await expect(dialog.getByText('You have a view of that name')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 390, height: 844 });
  await tabs(page).getByRole('link', { name }).click();
  await expect(heads(page)).toHaveText(chosen);
  await expect(page.getByRole('link', { name: 'Remove the filter State: Paid' })).toBeVisible();
  await page.getByRole('button', { name: `Remove the view ${name}` }).click();
  await expect(tabs(page).getByRole('link', { name })).toHaveCount(0);
  await expect(save).toBeVisible();
});
