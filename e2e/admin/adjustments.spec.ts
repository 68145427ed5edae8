import { expect, type Page, test } from '@playwright/test';

import { freshEmail, logIn } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { withDatabase } from '../fixtures/database';
import { hydrated } from '../fixtures/hydrated';

/** A customer without a log-in, as the product made them. */
async function newCustomer(): Promise<{ id: string; email: string }> {
  const [id, email] = [`cst_${crypto.randomUUID().replaceAll('-', '')}`, freshEmail()];
  await withDatabase((client) =>
    client.query('INSERT INTO customer (id, email) VALUES ($1, $2)', [id, email]),
  );
  return { id, email };
}

const dialogOf = (page: Page) => page.getByRole('dialog', { name: /credits/i });

/** Opens the dialog, types, and answers what its button offers to do. */
async function typeAdjustment(page: Page, amount: string, offer: string): Promise<void> {
  await hydrated(page);
  await page.getByRole('button', { name: 'Adjust credits' }).click();
  const dialog = dialogOf(page);
  await dialog.getByLabel('Credits', { exact: true }).fill(amount);
  await dialog.getByLabel('Reason').selectOption({ label: 'Our service failed' });
  await dialog.getByLabel('Comment').fill('Ticket 4711: the export lost their film.');
  await expect(dialog.getByRole('button', { name: offer })).toBeEnabled();
}

test('support adjusts within the limit, and a ticket reads what the balance was before', async ({ page }) => {
  const customer = await newCustomer();
  await logIn(page, 'support@demo.test');
  await page.goto(`/admin/customers/${customer.id}`);
  await typeAdjustment(page, '1,000', 'Add 1,000 credits');
  const dialog = dialogOf(page);
  await expect(dialog.getByRole('row', { name: 'Available 0 1,000' })).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Add 1,000 credits' }).click();
  await expect(dialog.getByRole('status')).toContainText('1,000 credits added');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByText('1,000 available')).toBeVisible();
  const before = await withDatabase(async (client) => {
    const { rows } = await client.query<{ at: string }>(
      `SELECT to_char((x.recorded_at - interval '1 second') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') AS at
       FROM transfer x JOIN wallet w ON w.id = x.wallet WHERE w.customer = $1`,
      [customer.id],
    );
    return rows[0]?.at ?? '';
  });
  await page.getByLabel('As of (UTC)').fill(before);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByText('0 available', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Timeline' }).click();
  await expect(page.getByText('Ticket 4711: the export lost their film.')).toBeVisible();
});

test('an adjustment above the limit takes two people: who asked cannot approve it, finance does, once', async ({
  page,
  browser,
}) => {
  const customer = await newCustomer();
  await logIn(page, 'support@demo.test');
  await page.goto(`/admin/customers/${customer.id}`);
  await typeAdjustment(page, '4000', 'Ask to add 4,000 credits');
  await dialogOf(page).getByRole('button', { name: 'Ask to add 4,000 credits' }).click();
  await expect(dialogOf(page).getByRole('status')).toContainText('nothing has moved');
  await dialogOf(page).getByRole('link', { name: 'Show the request' }).click();
  await expect(page.getByRole('heading', { name: 'Add credits: 4,000 credits' })).toBeVisible();
  await expect(page.getByText('you cannot approve it')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0);

  const desk = await browser.newContext();
  const finance = await desk.newPage();
  await logIn(finance, 'finance@demo.test');
  await finance.goto('/admin/approvals');
  const row = finance.getByRole('row').filter({ hasText: customer.email });
  await row.getByRole('link', { name: 'Add credits' }).click();
  await expect(finance.getByRole('row', { name: 'Available 0 credits 4,000 credits' })).toBeVisible();
  await expectAccessible(finance);
  await finance.getByRole('button', { name: 'Approve' }).click();
  await finance.getByLabel('Reason').selectOption('checked');
  await finance.getByLabel('Comment').fill('Seen the ticket.');
  await finance.getByRole('button', { name: 'Approve 4,000 credits' }).click();
  await finance.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await expect(finance.getByText('Approved and carried out by Fay Finance')).toBeVisible();
  await finance.getByRole('link', { name: 'Transfer', exact: true }).click();
  await expect(finance.getByRole('heading', { name: 'Adjusted 4,000' })).toBeVisible();
  await desk.close();

  await page.goto(`/admin/customers/${customer.id}`);
  await expect(page.getByText('4,000 available')).toBeVisible();
});
