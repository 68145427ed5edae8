import { expect, test } from '../fixtures/test';

import { freshEmail, logIn, signUp } from '../fixtures/accounts';
import { CARDS, HostedPage } from '../fixtures/hosted-page';
import { setFaults } from '../fixtures/sandbox';

test.afterAll(({ request }) => setFaults(request, {}));

test('with every event delivered twice a purchase is granted once, and support sees both deliveries', async ({
  page,
  browser,
  request,
}) => {
  await setFaults(request, { duplicate: 2 });
  await signUp(page, freshEmail());
  await page.goto('/');
  await page.getByRole('button', { name: 'Buy Starter' }).click();
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.succeeds);
  await expect(page.getByText('you have 500 credits now')).toBeVisible();
  const paymentId = new URL(page.url()).pathname.split('/').at(-1) ?? '';

  const desk = await browser.newContext();
  const staff = await desk.newPage();
  await logIn(staff, 'viewer@demo.test');
  await expect(async () => {
    await staff.goto(`/admin/payments/${paymentId}`);
    await staff
      .getByRole('link', { name: /checkout\.session\.completed/ })
      .first()
      .click();
    await staff.waitForURL(/\/admin\/webhooks\/events\/evt_/);
    await expect(staff.getByText('First', { exact: true })).toHaveCount(1);
    await expect(staff.getByText('Repeat', { exact: true })).not.toHaveCount(0);
  }).toPass();
  await desk.close();

  await page.goto('/history');
  await expect(page.getByRole('table', { name: 'Credits that came and went' }).getByRole('row')).toHaveCount(
    2,
  );
  await expect(page.getByText('You have 500 credits')).toBeVisible();
});
