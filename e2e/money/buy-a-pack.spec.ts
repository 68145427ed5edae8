import { type Page, request } from '@playwright/test';

import { expect, test } from '../fixtures/test';

import { freshEmail, linkInMail, logIn, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { CARDS, HostedPage } from '../fixtures/hosted-page';
import { buy, expectCredits, leaveCheckout, openCheckout } from '../fixtures/store';

/** The statement of a bought Team pack as files: the balance and the one entry, for its own customer alone. */
async function expectStatementFiles(page: Page): Promise<void> {
  const link = page.getByRole('link', { name: 'Download the whole statement as CSV' });
  const csv = await page.request.get((await link.getAttribute('href')) ?? '');
  expect(csv.headers()['content-type']).toContain('text/csv');
  const [names = '', balance = '', ...entries] = (await csv.text()).trimEnd().split('\r\n');
  expect(names).toMatch(/^entry,recorded_at,occurred_at,kind,/);
  expect(balance).toContain(',balance,,,,,2500,0,0,0,');
  expect(entries).toHaveLength(1);
  const before = await page.request.get('/history.json?at=2020-01-01T00:00:00Z');
  expect(await before.json()).toMatchObject({ balance: { available: '0' }, entries: [] });
  expect((await page.request.get('/history.json?at=noon')).status()).toBe(400);
  const stranger = await request.newContext({ baseURL: new URL(page.url()).origin });
  const refused = await stranger.get('/history.csv', { maxRedirects: 0 });
  expect([refused.status(), refused.headers()['location']]).toEqual([
    303,
    expect.stringContaining('/log-in'),
  ]);
  await stranger.dispose();
}

test(
  'a customer signs up, pays, and finds the credits on the page, in the history and in the console',
  { tag: '@stripe' },
  async ({ page, browser }) => {
    await signUp(page, freshEmail());
    await page.goto('/');
    await expect(page.getByText('You have 0 credits')).toBeVisible();
    await expectAccessible(page);
    const hosted = await buy(page, 'Team');
    await hosted.pay(CARDS.succeeds);

    await expectCredits(page, '2,500');
    await expect(page.getByText('2,500 of 2,500 left')).toBeVisible();
    await expectAccessible(page);
    const paymentId = new URL(page.url()).pathname.split('/').at(-1) ?? '';

    await page.goto('/history');
    const statement = page.getByRole('table', { name: 'Credits that came and went' });
    await expect(statement.getByRole('row')).toHaveCount(2);
    await expect(statement.getByText('+2,500')).toBeVisible();
    await expect(page.getByText('2,500 credits left of 2,500')).toBeVisible();
    await expectAccessible(page);
    await expectStatementFiles(page);
    await page.getByRole('link', { name: 'Spent' }).click();
    await expect(page.getByText('No credits were spent yet.')).toBeVisible();
    await page.getByRole('link', { name: 'Added' }).click();
    await expect(statement.getByRole('row')).toHaveCount(2);
    await expect(page.getByRole('link', { name: 'Receipt of Team' })).toBeVisible();

    const desk = await browser.newContext();
    const staff = await desk.newPage();
    await logIn(staff, 'support@demo.test');
    // The return page asked Stripe itself; the event may come later.
    await expect(async () => {
      await staff.goto(`/admin/payments/${paymentId}`);
      await expect(staff.getByText('checkout.session.completed').first()).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await expect(staff.getByText(/Settled|settled by/).first()).toBeVisible();
    await expect(staff.getByText(/2,500/).first()).toBeVisible();
    await expectAccessible(staff);
    await desk.close();
  },
);

test('receipt and invoice open from the payment page, and the mail leads back to it', async ({ page }) => {
  const email = freshEmail();
  await signUp(page, email);
  await page.goto('/');
  const hosted = await buy(page, 'Team');
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '2,500');
  const address = new URL(page.url()).pathname;
  for (const paper of ['receipt', 'invoice']) {
    await page.getByRole('link', { name: `Open the ${paper}` }).click();
    await expect(page.getByText('$20.00').first()).toBeVisible();
    await expectAccessible(page);
    await page.goBack();
  }
  await page.goto(await linkInMail(page, email, address));
  await expectCredits(page, '2,500');
});

test(
  'a declined card says so, changes nothing, and the next card pays',
  { tag: '@stripe' },
  async ({ page }) => {
    const hosted = await openCheckout(page, 'Starter');
    await hosted.pay(CARDS.declines);
    await hosted.expectDecline('Your card was declined.');
    await hosted.pay(CARDS.succeeds);
    await expectCredits(page, '500');
  },
);

test('3-D Secure is asked, failed, asked again and completed', { tag: '@stripe' }, async ({ page }) => {
  const hosted = await openCheckout(page, 'Starter');
  await hosted.pay(CARDS.asksFor3ds);
  await hosted.answerChallenge('Fail');
  await hosted.expectDecline('We are unable to authenticate your payment method.');
  await hosted.pay(CARDS.asksFor3ds);
  await hosted.answerChallenge('Complete');
  await expectCredits(page, '500');
});

test('a purchase needs no mouse', async ({ page }) => {
  await signUp(page, freshEmail());
  await page.goto('/');
  const button = page.getByRole('button', { name: 'Buy Starter' });
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(button).toBeFocused({ timeout: 50 });
  }).toPass();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '500');
  await page.goto('/history');
  await expect(page.getByRole('table', { name: 'Payments' }).getByRole('row')).toHaveCount(2);
});

test('a purchase fits a phone: nothing is wider than the screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const expectFit = async () =>
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await signUp(page, freshEmail());
  await page.goto('/');
  await expectFit();
  const hosted = await buy(page, 'Studio');
  await leaveCheckout(page);
  await expect(page.getByRole('heading', { name: 'Waiting for your payment' })).toBeVisible();
  await expectFit();
  await page.getByRole('link', { name: 'Go on to the payment page' }).click();
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '10,000');
  await expectFit();
  await page.goto('/history');
  await expect(page.getByText('+10,000')).toBeVisible();
  await expectFit();
});

test('a double click opens one payment page', async ({ page }) => {
  await signUp(page, freshEmail());
  await page.goto('/');
  await page.getByRole('button', { name: 'Buy Starter' }).dblclick();
  await new HostedPage(page).waitUntilOpen();
  await page.goto('/history');
  await expect(page.getByRole('table', { name: 'Payments' }).getByRole('row')).toHaveCount(2);
});

test('the same order sent twice at once, as a double click without scripts sends it, is one payment', async ({
  page,
  baseURL,
}) => {
  await signUp(page, freshEmail());
  await page.goto('/');
  const order = await page.locator('input[name="order"]').first().inputValue();
  const send = () =>
    page.request.post('/?index', {
      form: { pack: 'starter', order },
      headers: { origin: baseURL ?? '' },
      maxRedirects: 0,
    });
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map((answer) => answer.status())).toEqual([303, 303, 303]);
  await page.goto('/history');
  await expect(page.getByRole('table', { name: 'Payments' }).getByRole('row')).toHaveCount(2);
});

test('without scripts a customer buys all the same, and checks by hand', async ({ browser, page }) => {
  const email = freshEmail();
  await signUp(page, email);
  const bare = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const plain = await bare.newPage();
  await plain.goto('/');
  await plain.getByRole('button', { name: 'Buy Starter' }).click();
  await plain.waitForURL(/\/c\/pay\/cs_/);

  await page.goto(plain.url());
  await new HostedPage(page).pay(CARDS.succeeds);
  await page.waitForURL(/\/payments\/pay_/);
  await plain.goto(page.url());
  const checkAgain = plain.getByRole('link', { name: 'Check again' });
  await expect(async () => {
    if (await checkAgain.isVisible()) await checkAgain.click();
    await expect(plain.getByRole('heading', { name: 'Credits added' })).toBeVisible({ timeout: 500 });
  }).toPass();
  await bare.close();
});
