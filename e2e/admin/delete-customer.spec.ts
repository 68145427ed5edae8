import { freshEmail, logIn } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { withDatabase } from '../fixtures/database';
import { hydrated } from '../fixtures/hydrated';
import { expect, test } from '../fixtures/test';

/** A customer without a log-in, as the product made them. */
async function newCustomer(): Promise<{ id: string; email: string }> {
  const [id, email] = [`cst_${crypto.randomUUID().replaceAll('-', '')}`, freshEmail()];
  await withDatabase((client) =>
    client.query('INSERT INTO customer (id, email, name) VALUES ($1, $2, $3)', [id, email, 'Gone Soon']),
  );
  return { id, email };
}

/** The hour in which it can be called off is over. */
const passTheHour = (customerId: string) =>
  withDatabase(async (client) => {
    await client.query(
      `UPDATE customer_deletion SET begins_at = clock_timestamp() - interval '1 second' WHERE customer = $1 AND state = 'asked'`,
      [customerId],
    );
    await client.query(
      `SELECT graphile_worker.add_job('customers.delete', json_build_object('deletionId', id)) FROM customer_deletion WHERE customer = $1 AND state = 'asked'`,
      [customerId],
    );
  });

test('an admin deletes a customer: told what it does, called off once, then gone from their page', async ({
  page,
}) => {
  const { id, email } = await newCustomer();
  await logIn(page, 'finance@demo.test');
  await page.goto(`/admin/customers/${id}`);
  await expect(page.getByRole('heading', { name: email })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Delete customer' })).toHaveCount(0);
  await page.context().clearCookies();
  await logIn(page, 'admin@demo.test');
  await page.goto(`/admin/customers/${id}`);
  await hydrated(page);

  const ask = async (typed: string) => {
    const dialog = page.getByRole('dialog', { name: 'Delete customer' });
    await dialog.getByLabel(`Type ${email} to confirm`).fill(typed);
    await dialog.getByLabel('Reason').selectOption({ label: 'The customer asked for it' });
    await dialog.getByLabel('Comment').fill('By mail, ticket 4712.');
    await dialog.getByRole('button', { name: 'Delete this customer' }).click();
    return dialog;
  };
  await page.getByRole('button', { name: 'Delete customer' }).click();
  await expect(
    page.getByText('No hand-off from the product lets them in, and they buy nothing from then on.'),
  ).toBeVisible();
  await expectAccessible(page);
  const refused = await ask('somebody@example.test');
  await expect(refused.getByText('This is not who the customer is.')).toBeVisible();
  const asked = await ask(email);
  await expect(asked.getByRole('status')).toContainText('until then it can be called off');
  await asked.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByText('The deletion of this customer is asked for')).toBeVisible();

  await page.getByRole('button', { name: 'Call it off' }).click();
  const off = page.getByRole('dialog', { name: 'Call the deletion off' });
  await off.getByLabel('Reason').selectOption({ label: 'Another reason' });
  await off.getByLabel('Comment').fill('They changed their mind.');
  await off.getByRole('button', { name: 'Call it off' }).click();
  await expect(off.getByRole('status')).toContainText('It is called off');
  await off.getByRole('button', { name: 'Close' }).last().click();

  await page.getByRole('button', { name: 'Delete customer' }).click();
  const again = await ask(email);
  await expect(again.getByRole('status')).toContainText('They are logged out');
  await passTheHour(id);
  await expect(async () => {
    await page.goto(`/admin/customers/${id}`);
    await expect(page.getByText('This customer is deleted')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(page.getByText(email)).toHaveCount(0);
  await expect(page.getByText('Gone Soon')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Delete customer' })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Timeline' }).click();
  await expect(page.getByText(email)).toHaveCount(0);
});
