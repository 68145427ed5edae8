import { expect, type Page, test } from '@playwright/test';

import { freshEmail, logIn, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { CARDS, HostedPage } from '../fixtures/hosted-page';

/** A declined card, then one that pays. */
async function buyAfterDecline(page: Page, email: string): Promise<string> {
  await signUp(page, email);
  await page.goto('/');
  await page.getByRole('button', { name: 'Buy Team' }).click();
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.declines);
  await hosted.expectDecline('Your card was declined.');
  await hosted.pay(CARDS.succeeds);
  await expect(page.getByRole('heading', { name: 'Credits added' })).toBeVisible();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

test('support finds a purchase by its e-mail and follows it from event to delivery, payment, lot and customer', async ({
  page,
  browser,
}) => {
  const email = freshEmail();
  const paymentId = await buyAfterDecline(page, email);
  const desk = await browser.newContext();
  const staff = await desk.newPage();
  await logIn(staff, 'support@demo.test');

  await staff.goto('/admin/payments');
  await staff.getByRole('searchbox', { name: /E-mail, name/ }).fill(email.slice(0, -3));
  await staff.getByRole('button', { name: 'Search', exact: true }).last().click();
  await expect(staff.getByText('1 payment', { exact: true })).toBeVisible();
  await staff.getByRole('table', { name: 'Payments' }).getByRole('link').first().click();
  await staff.waitForURL(new RegExp(paymentId));

  const stream = staff.getByRole('list', { name: /^Timeline/ });
  for (const sentence of [
    'The customer picked what to buy.',
    'We asked Stripe for a payment page. Stripe did it.',
    'The payment page is open.',
    'The card was declined. The customer may try again. Stripe says: “Your card was declined.”',
    'The money was taken.',
    'The money is settled. The credits are granted in the same step.',
    'Credits were added to the wallet.',
  ]) {
    await expect(stream.getByText(sentence).first()).toBeVisible();
  }
  await expectAccessible(staff);

  await stream.getByRole('link', { name: 'payment_intent.succeeded' }).first().click();
  await expect(staff.getByRole('heading', { name: 'payment_intent.succeeded' })).toBeVisible();
  await staff.getByRole('table', { name: 'Deliveries' }).getByRole('link').first().click();
  await expect(staff.getByRole('heading', { name: /^Delivery \d+$/ })).toBeVisible();
  await staff.getByRole('link', { name: 'payment_intent.succeeded' }).click();
  await staff.getByRole('link', { name: 'Show' }).first().click();
  await staff.waitForURL(new RegExp(`${paymentId}#event:evt_`));
  await stream.getByRole('link', { name: 'lot', exact: true }).click();
  await expect(staff.getByRole('heading', { name: '2,500 credits from pack' })).toBeVisible();
  await staff
    .getByRole('table', { name: 'Entries' })
    .getByRole('link', { name: /Show transfer/ })
    .click();
  await expect(staff.getByRole('heading', { name: 'Credits added 2,500' })).toBeVisible();
  await staff.getByRole('link', { name: email }).last().click();
  await expect(staff.getByRole('heading', { name: email })).toBeVisible();
  await expect(staff.getByText('2,500 available')).toBeVisible();

  await staff.getByLabel('As of (UTC)').fill('2020-01-01T00:00');
  await staff.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(staff.getByText('As of 1 Jan 2020, 00:00:00 UTC')).toBeVisible();
  await expect(staff.getByText('0 available', { exact: true })).toBeVisible();
  await expectAccessible(staff);
  await staff.getByRole('link', { name: 'Back to now' }).click();
  await expect(staff.getByText('2,500 available')).toBeVisible();
  const link = staff.getByRole('link', { name: 'Download the whole ledger as JSON' });
  const ledger = await staff.request.get((await link.getAttribute('href')) ?? '');
  expect(await ledger.json()).toMatchObject({ balance: { available: '2500' }, entries: [{ kind: 'grant' }] });
  await desk.close();
});

test('the keyboard is enough: the palette finds a customer, j and Enter open a row', async ({
  page,
  browser,
}) => {
  const email = freshEmail();
  await buyAfterDecline(page, email);
  const desk = await browser.newContext();
  const staff = await desk.newPage();
  await logIn(staff, 'viewer@demo.test');
  await staff.goto('/admin');
  const box = staff.getByRole('combobox', { name: /any id/ });
  await expect(async () => {
    await staff.keyboard.press('Control+k');
    await expect(box).toBeFocused({ timeout: 1000 });
  }).toPass();
  await box.pressSequentially(email);
  await expect(staff.getByRole('option', { name: new RegExp(`${email}.*Customer`) })).toBeVisible();
  await expectAccessible(staff);
  await staff.keyboard.press('Enter');
  await expect(staff.getByRole('heading', { name: email })).toBeVisible();

  await staff.goto(`/admin/payments?q=${encodeURIComponent(email)}`);
  const row = staff.getByRole('table', { name: 'Payments' }).getByRole('link').first();
  await expect(async () => {
    await staff.keyboard.press('j');
    await expect(row).toBeFocused({ timeout: 1000 });
  }).toPass();
  await staff.keyboard.press('Enter');
  await staff.waitForURL(/\/admin\/payments\/pay_/);
});

test('keys pressed while a page starts leave it alive', async ({ page }) => {
  const broken: string[] = [];
  page.on('pageerror', (error) => broken.push(error.message));
  await logIn(page, 'viewer@demo.test');
  // From the first byte of the document on, faster than any hand, until the page answers.
  await page.addInitScript(() => {
    const keys = new MessageChannel();
    keys.port1.onmessage = () => {
      const key = new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true });
      (document.body ?? document).dispatchEvent(key);
      if (document.querySelector('dialog[open]') === null) keys.port2.postMessage('next');
    };
    keys.port2.postMessage('first');
  });
  await page.goto('/admin');
  await expect(page.getByRole('combobox', { name: /any id/ })).toBeFocused();
  expect(broken).toEqual([]);
});

test('a filtered list is exported as it is seen, and each chip can be taken away', async ({
  page,
  browser,
}) => {
  const email = freshEmail();
  const paymentId = await buyAfterDecline(page, email);
  const desk = await browser.newContext();
  const staff = await desk.newPage();
  await logIn(staff, 'support@demo.test');
  await staff.goto(`/admin/payments?q=${encodeURIComponent(email)}&state=paid&min=20&max=20`);
  await expect(staff.getByText('1 payment', { exact: true })).toBeVisible();
  const href = (await staff.getByRole('link', { name: 'Export CSV' }).getAttribute('href')) ?? '';
  const exported = await staff.request.get(href);
  expect(exported.headers()['content-type']).toContain('text/csv');
  const lines = (await exported.text()).trimEnd().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`${paymentId},`);
  expect(lines[1]).toContain(`,${email},`);

  await staff.getByRole('link', { name: 'Failed', exact: true }).click();
  await expect(staff.getByText('No payments match these filters')).toBeVisible();
  await staff.getByRole('link', { name: 'Remove the filter State: Failed' }).click();
  await expect(staff.getByText('1 payment', { exact: true })).toBeVisible();
  await desk.close();
});
