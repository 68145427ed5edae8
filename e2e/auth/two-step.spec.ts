import { expect, type Page, test } from '@playwright/test';
import { generateSync } from 'otplib';

import { freshEmail, linkInMail, logIn, PASSWORD } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { hydrated } from '../fixtures/hydrated';

/** An admin invites somebody, who chooses a password under the link of the mail. */
async function join(admin: Page, person: Page, email: string): Promise<void> {
  await admin.goto('/admin/settings/team');
  await hydrated(admin);
  await admin.getByRole('button', { name: 'Invite' }).click();
  await admin.getByLabel('E-mail').fill(email);
  await admin.getByLabel('Name').fill('Kim New');
  await admin.getByLabel('Role').selectOption('support');
  await admin.getByLabel('Reason').selectOption('joins');
  await admin.getByLabel('Comment').fill('Starts today');
  await expectAccessible(admin);
  await admin.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(admin.getByText(`on its way to ${email}`)).toBeVisible();
  await person.goto(await linkInMail(person, email, '/join'));
  await person.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await person.getByRole('button', { name: 'Join the team' }).click();
  await person.waitForURL(/\/admin$/);
}

test('whoever is invited sets up two-step log-in, logs in by it, and is out when they are removed', async ({
  page: admin,
  browser,
}) => {
  const email = freshEmail();
  await logIn(admin, 'admin@demo.test');
  const desk = await browser.newContext();
  const person = await desk.newPage();
  await join(admin, person, email);

  await person.goto('/account/two-step');
  await person.getByLabel('Your password').fill(PASSWORD);
  await person.getByRole('button', { name: 'Show the QR code' }).click();
  await expect(person.getByRole('img', { name: /QR code/ })).toBeVisible();
  await expectAccessible(person);
  const secret = (await person.getByText(/^([A-Z2-7]{4} ?){8}$/).innerText()).replace(/\s/g, '');
  await person.getByRole('textbox', { name: 'Code' }).fill(generateSync({ secret }));
  await person.getByRole('button', { name: 'Switch it on' }).click();
  const codes = await person.getByRole('figure', { name: 'Recovery codes' }).innerText();
  const [recovery = '', proof = ''] = codes.match(/(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}/g) ?? [];

  await desk.clearCookies();
  await person.goto('/log-in');
  await person.getByLabel('E-mail').fill(email);
  await person.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await person.getByRole('button', { name: 'Log in' }).click();
  await expect(person.getByRole('heading', { name: 'Enter your code' })).toBeVisible();
  await expectAccessible(person);
  // The password alone opened nothing yet.
  expect((await person.request.get('/admin', { maxRedirects: 0 })).status()).toBe(303);
  await person.getByRole('textbox', { name: 'Code' }).fill(recovery);
  await person.getByRole('button', { name: 'Log in' }).click();
  await person.waitForURL(/\/admin$/);

  await person.goto('/account/two-step');
  await expect(person.getByText('9 recovery codes are left')).toBeVisible();
  await person.getByLabel('Your password').fill(PASSWORD);
  await person.getByRole('textbox', { name: 'Code' }).fill(proof);
  await person.getByRole('button', { name: 'Make new recovery codes' }).click();
  await expect(person.getByText('Every code that you kept before is void')).toBeVisible();
  await expectAccessible(person);
  await expect(person.getByRole('figure', { name: 'Recovery codes' })).not.toContainText(recovery);

  await admin.goto('/admin/settings/team');
  await hydrated(admin);
  await expectAccessible(admin);
  const row = admin.getByRole('listitem').filter({ hasText: email });
  await row.getByRole('button', { name: 'Remove' }).click();
  await admin.getByLabel('Reason').selectOption('leaves');
  await admin.getByLabel('Comment').fill('Last day');
  await admin.getByRole('button', { name: `Remove ${email}` }).click();
  await expect(admin.getByText(`The console is closed to ${email}`)).toBeVisible();
  await person.reload();
  await expect(person).toHaveURL(/\/log-in/);
  await desk.close();
});
