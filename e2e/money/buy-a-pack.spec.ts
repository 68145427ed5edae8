import { expect, test } from '@playwright/test';

import { freshEmail, logIn, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { CARDS, HostedPage } from '../fixtures/hosted-page';

test('a customer signs up, pays, and finds the credits on the page, in the history and in the console', async ({
  page,
  browser,
}) => {
  const email = freshEmail();
  await signUp(page, email);
  await page.goto('/');
  await expect(page.getByText('You have 0 credits')).toBeVisible();
  await page.getByRole('button', { name: 'Buy Team' }).click();

  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.succeeds);

  await expect(page.getByRole('heading', { name: 'Credits added' })).toBeVisible();
  await expect(page.getByText('you have 2,500 credits now')).toBeVisible();
  await expectAccessible(page);
  const paymentId = new URL(page.url()).pathname.split('/').at(-1) ?? '';

  await page.goto('/history');
  await expect(page.getByRole('table', { name: 'Credits that came and went' }).getByRole('row')).toHaveCount(
    2,
  );
  await expect(page.getByText('+2,500')).toBeVisible();
  await expectAccessible(page);

  const desk = await browser.newContext();
  const staff = await desk.newPage();
  await logIn(staff, 'support@demo.test');
  await staff.goto(`/admin/payments/${paymentId}`);
  await expect(staff.getByText('checkout.session.completed').first()).toBeVisible();
  await expect(staff.getByText(/Settled|settled by/).first()).toBeVisible();
  await expect(staff.getByText(/2,500/).first()).toBeVisible();
  await expectAccessible(staff);
  await desk.close();
});

test('a declined card says so, changes nothing, and the next card pays', async ({ page }) => {
  await signUp(page, freshEmail());
  await page.goto('/');
  await page.getByRole('button', { name: 'Buy Starter' }).click();
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.declines);
  await hosted.expectDecline('Your card was declined.');
  await hosted.pay(CARDS.succeeds);
  await expect(page.getByRole('heading', { name: 'Credits added' })).toBeVisible();
  await expect(page.getByText('you have 500 credits now')).toBeVisible();
});

test('3-D Secure is asked, failed, asked again and completed', async ({ page }) => {
  await signUp(page, freshEmail());
  await page.goto('/');
  await page.getByRole('button', { name: 'Buy Starter' }).click();
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.asksFor3ds);
  await hosted.answerChallenge('Fail');
  await expect(page.getByRole('alert').first()).toBeVisible();
  await hosted.pay(CARDS.asksFor3ds);
  await hosted.answerChallenge('Complete');
  await expect(page.getByRole('heading', { name: 'Credits added' })).toBeVisible();
});

test('leaving the payment page keeps the truth: nothing paid, and the way back is open', async ({ page }) => {
  await signUp(page, freshEmail());
  await page.goto('/');
  await page.getByRole('button', { name: 'Buy Starter' }).click();
  await new HostedPage(page).waitUntilOpen();
  await page.goto('/history');
  await page.getByRole('link', { name: 'Starter' }).click();
  await expect(page.getByRole('heading', { name: 'Waiting for your payment' })).toBeVisible();
  await page.getByRole('link', { name: 'Go on to the payment page' }).click();
  await new HostedPage(page).waitUntilOpen();
});

test("another customer's payment is not found", async ({ page, browser }) => {
  await signUp(page, freshEmail());
  await page.goto('/');
  await page.getByRole('button', { name: 'Buy Starter' }).click();
  await new HostedPage(page).waitUntilOpen();
  await page.goto('/history');
  await page.getByRole('link', { name: 'Starter' }).click();
  await page.waitForURL(/\/payments\/pay_/);
  const address = new URL(page.url()).pathname;

  const another = await browser.newContext();
  const other = await another.newPage();
  await signUp(other, freshEmail());
  const answer = await other.goto(address);
  expect(answer?.status()).toBe(404);
  await expect(other.getByRole('heading', { name: 'No such payment' })).toBeVisible();
  await another.close();
});
