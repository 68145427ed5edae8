import { expect, test } from '@playwright/test';

import { freshEmail, linkInMail, logIn, PASSWORD, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';

test('sign-up, log-out and log-in again', async ({ page }) => {
  const email = freshEmail();
  await signUp(page, email);
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('link', { name: 'Log in' }).first()).toBeVisible();
  await logIn(page, email, PASSWORD);
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

test('buying waits for the verified address', async ({ page }) => {
  const email = freshEmail();
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill('Nora Newcomer');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: /check your mail/i })).toBeVisible();
  await logIn(page, email, PASSWORD);
  await page.goto('/');
  await expect(page.getByText('Confirm your e-mail address to buy')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Buy Team' })).toBeDisabled();
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
