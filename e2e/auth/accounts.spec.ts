import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { freshEmail, linkInMail, logIn, PASSWORD, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';

test('sign-up, log-out and log-in again', async ({ page }) => {
  const email = freshEmail();
  await signUp(page, email);
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('link', { name: 'Log in' }).first()).toBeVisible();
  await logIn(page, email, PASSWORD);

  // The query of a link in a mail opens the account; the log of requests must not hold it.
  const webLog = await readFile(path.join(process.env.E2E_DATA_DIR ?? '', 'logs/web.log'), 'utf8');
  expect(webLog).toContain('/verify-email');
  expect(webLog).not.toContain('token=');
});

test('a wrong password and an unknown address read the same', async ({ page }) => {
  const email = freshEmail();
  await signUp(page, email);
  await page.context().clearCookies();
  const said: string[] = [];
  for (const tried of [email, freshEmail()]) {
    await page.goto('/log-in');
    await page.getByLabel('E-mail').fill(tried);
    await page.getByLabel('Password', { exact: true }).fill('not the passphrase');
    await page.getByRole('button', { name: 'Log in' }).click();
    said.push(await page.getByRole('alert').first().innerText());
  }
  expect(said[0]).toBe(said[1]);
});

test('a forgotten password is set anew, and the old one opens nothing', async ({ page }) => {
  const email = freshEmail();
  await signUp(page, email);
  await page.context().clearCookies();
  await page.goto('/forgot-password');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: /send/i }).click();
  await page.goto(await linkInMail(page, email, '/reset-password'));
  await page.getByLabel('New password', { exact: true }).fill('another long passphrase');
  await page.getByRole('button', { name: /set|save|reset/i }).click();
  await page.context().clearCookies();
  await logIn(page, email, 'another long passphrase');
});

async function signUpOnly(page: Page, email: string): Promise<void> {
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill('Nora Newcomer');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: /check your mail/i })).toBeVisible();
}

test('an address that nobody confirmed opens nothing', async ({ page }) => {
  const email = freshEmail();
  await signUpOnly(page, email);
  await page.goto('/log-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Account of/ })).toBeHidden();
});

test('who gets a link but did not sign up opens nothing with it, and is shown the way to a password', async ({
  page,
}) => {
  const email = freshEmail();
  await signUpOnly(page, email);
  await page.goto(await linkInMail(page, email, '/verify-email'));
  await expect(page.getByText('If you did not sign up, close this page.')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill('not the passphrase');
  await page.getByRole('button', { name: /confirm/i }).click();
  await expect(page.getByText('That is not the password that was chosen at sign-up.')).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByRole('button', { name: /^Account of/ })).toBeHidden();
  await page.getByRole('link', { name: 'Choose a new one' }).click();
  await expect(page).toHaveURL(/\/forgot-password$/);
});

test('a form that another site sends on a visitor’s behalf is refused', async ({ page }) => {
  await logIn(page, 'customer@demo.test');
  for (const path of ['/?index', '/?index&_data=routes%2F_store._index', '/log-out', '/settings/theme']) {
    const answer = await page.request.post(path, {
      form: { pack: 'team', quantity: '1', theme: 'dark' },
      headers: { origin: 'https://evil.example' },
      maxRedirects: 0,
    });
    expect(answer.status(), path).toBe(403);
  }
});

for (const path of ['/log-in', '/sign-up', '/forgot-password', '/']) {
  test(`${path} passes axe, on a phone too`, async ({ page }) => {
    await page.goto(path);
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });
}
