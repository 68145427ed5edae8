import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { type Page } from '@playwright/test';

import { minutes } from '../../app/platform/time';
import { freshEmail, logIn, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { withDatabase } from '../fixtures/database';
import { CARDS, HostedPage } from '../fixtures/hosted-page';
import { openProduct, type Product } from '../fixtures/product';
import { buy, expectCredits } from '../fixtures/store';
import { test as base, expect } from '../fixtures/test';

const test = base.extend<{ product: Product }>({
  product: async ({ baseURL }, use) => {
    const product = await openProduct(baseURL ?? '');
    await use(product);
    product.close();
  },
});

const PHONE = { width: 390, height: 844 };

async function expectNoOverflow(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
}

/** The page as it stands, in light and dark, and on a phone. */
async function expectGood(page: Page): Promise<void> {
  await expectAccessible(page);
  const size = page.viewportSize();
  await page.setViewportSize(PHONE);
  await expectAccessible(page);
  await expectNoOverflow(page);
  if (size !== null) await page.setViewportSize(size);
}

async function comeFrom(page: Page, product: Product, link = 'Buy credits'): Promise<void> {
  await page.goto(product.url);
  await page.getByRole('link', { name: link }).click();
  const wayBack = page.getByRole('navigation', { name: 'Way back' });
  await expect(wayBack.getByRole('link', { name: `Back to ${product.host}` })).toBeVisible();
}

test('the product’s own user buys without a password, and goes back to the product', async ({
  page,
  product,
}) => {
  await comeFrom(page, product);
  await expect(page).toHaveURL('/');
  await expect(page.getByText('You have 0 credits')).toBeVisible();
  await expectGood(page);

  const hosted = await buy(page, 'Team');
  await expect(page.locator('#email')).toHaveValue('');
  await hosted.fillEmail('ada@example.test');
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '2,500');
  await expectGood(page);

  await page
    .getByRole('main')
    .getByRole('link', { name: `Back to ${product.host}` })
    .click();
  await expect(page).toHaveURL(`${product.url}/credits`);

  // What was typed at Stripe is Stripe's to write to: nobody here knows that it is theirs.
  const { rows } = await withDatabase((db) =>
    db.query('SELECT email, name FROM customer WHERE external_id = $1', [product.externalId]),
  );
  expect(rows).toEqual([{ email: null, name: null }]);
});

test('the browser’s way back from the store leads to the product, and a used link never strands', async ({
  page,
  product,
  browser,
}) => {
  const link = await product.mint({ path: '/plan' });
  await comeFrom(page, product, 'See my plan');
  await expect(page).toHaveURL('/plan');
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'The product' })).toBeVisible();

  await page.goto(link);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page).toHaveURL('/plan');
  await page.goto(link);
  await expect(page).toHaveURL('/plan');

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  const answer = await other.goto(link);
  expect(answer?.status()).toBe(410);
  await expect(other.getByRole('heading', { name: 'This link was used already' })).toBeVisible();
  await expectGood(other);
  await other.getByRole('link', { name: `Back to ${product.host}` }).click();
  await expect(other).toHaveURL(`${product.url}/credits`);
  await elsewhere.close();
});

test('a link that is too old, and one that is none, say so and lead on', async ({ page, product }) => {
  const answer = await page.goto(await product.mint({ ago: minutes(2) }));
  expect(answer?.status()).toBe(410);
  await expect(page.getByRole('heading', { name: 'This link is too old' })).toBeVisible();
  await expectGood(page);
  await page.getByRole('link', { name: `Back to ${product.host}` }).click();
  await expect(page).toHaveURL(`${product.url}/credits`);

  expect((await page.goto('/hand-off?token=x'))?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'This link does not open anything' })).toBeVisible();
  await expectGood(page);
  await page.getByRole('link', { name: 'Go to the store' }).click();
  await expect(page).toHaveURL('/');
  await page.goto('/hand-off');
  await expect(page).toHaveURL('/log-in');
});

test('a link that is only looked at stays good: what is sent in a mail, scanned and previewed', async ({
  page,
  product,
  browser,
}) => {
  const link = await product.mint();
  for (let n = 0; n < 3; n += 1) {
    const looked = await page.request.get(link);
    expect(looked.status()).toBe(200);
    expect(looked.headers()).toMatchObject({ 'cache-control': 'no-store' });
    expect(looked.headers()['set-cookie']).toBeUndefined();
  }
  // A scanner that runs scripts was sent by no page of the product.
  await page.goto(link);
  await page.waitForLoadState('networkidle');
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
  await expectGood(page);

  const withoutScripts = await browser.newContext({ javaScriptEnabled: false });
  const plain = await withoutScripts.newPage();
  const sent: Record<string, string>[] = [];
  plain.on('request', (request) => sent.push(request.headers()));
  await plain.goto(link);
  await plain.getByRole('button', { name: 'Go on' }).click();
  await expect(plain.getByRole('link', { name: `Back to ${product.host}` })).toBeVisible();
  const token = new URL(link).searchParams.get('token') ?? 'none';
  expect(sent.filter(({ referer = '' }) => referer.includes(token))).toEqual([]);
  await withoutScripts.close();
});

test('who is in the store as somebody else is asked first', async ({ page, product }) => {
  await signUp(page, freshEmail());
  await page.goto(product.url);
  await page.getByRole('link', { name: 'See my plan' }).click();
  await expect(page.getByRole('heading', { name: 'Change to other credits?' })).toBeVisible();
  await expect(page.getByText(/You are here as Nora Newcomer now/)).toBeVisible();
  await expectGood(page);
  const link = page.url();
  await page.getByRole('link', { name: 'Stay in the store as Nora Newcomer' }).click();
  await page.getByRole('button', { name: 'Account of Nora Newcomer' }).click();
  await expect(page.getByRole('link', { name: 'Account', exact: true })).toBeVisible();

  const [former] = await page.context().cookies();
  await page.goto(link);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click();
  await expect(page.getByRole('link', { name: 'Automatic top-up' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Account', exact: true })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Log out' })).toBeHidden();
  await expectAccessible(page);

  // The link wins: the log-in that the browser had opens nothing any more.
  await page.context().clearCookies();
  if (former !== undefined) await page.context().addCookies([former]);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/log-in/);
});

test('a hand-off shops, and opens neither an account nor the console', async ({ page, product }) => {
  await comeFrom(page, product);
  for (const [address, heading] of [
    ['/history', 'History'],
    ['/history/payments', 'Payments'],
    ['/plan', 'Your plan'],
    ['/settings/auto-top-up', 'Automatic top-up'],
  ] as const) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(heading);
    await expect(page.getByRole('link', { name: `Back to ${product.host}` })).toBeVisible();
  }
  await page.goto('/account');
  await expect(page.getByRole('heading', { name: 'You have no password here' })).toBeVisible();
  await expectAccessible(page);
  for (const address of [
    '/account',
    '/account.data?_routes=routes%2F_store.account',
    '/admin',
    '/admin/payments',
    '/admin/payments.data?_routes=routes%2Fadmin.payments._index',
    '/admin/payments.csv',
    '/admin/customers.data?_routes=routes%2Fadmin.customers._index',
    '/admin/webhooks/events.data?_routes=routes%2Fadmin.webhooks.events._index',
  ]) {
    const answer = await page.request.get(address, { maxRedirects: 0 });
    expect(answer.status(), address).toBe(403);
  }
  const forms = [
    ['/account', { intent: 'change-password', current: 'x', password: 'a long enough one' }],
    ['/account.data?_routes=routes%2F_store.account', { intent: 'end-other-sessions' }],
  ] as const;
  for (const [address, form] of forms) {
    const origin = new URL(page.url()).origin;
    const answer = await page.request.post(address, { form, headers: { origin }, maxRedirects: 0 });
    expect(answer.status(), address).toBe(403);
  }
});

test('who leaves, and whose visit is over, is led back to the product', async ({ page, product }) => {
  await comeFrom(page, product);
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('button', { name: 'Leave' }).click();
  await expect(page.getByRole('heading', { name: 'Your visit to the store is over' })).toBeVisible();
  await expectGood(page);
  for (const address of ['/', '/history', '/plan']) {
    await page.goto(address);
    await expect(page).toHaveURL('/hand-off');
  }
  await page.getByRole('link', { name: `Back to ${product.host}` }).click();
  await expect(page).toHaveURL(`${product.url}/credits`);

  await comeFrom(page, product);
  await withDatabase((db) =>
    db.query(
      `UPDATE session SET expires_at = now() WHERE customer = (SELECT id FROM customer WHERE external_id = $1)`,
      [product.externalId],
    ),
  );
  await page.getByRole('button', { name: 'Buy Team' }).click();
  await expect(page.getByRole('heading', { name: 'Your visit to the store is over' })).toBeVisible();
  await page.getByRole('button', { name: 'Go to the store as a guest' }).click();
  await expect(page.getByRole('link', { name: 'Log in', exact: true })).toBeVisible();
  await expect(page).toHaveURL('/');
});

test('a link is opened by our own page alone, and no log holds its token', async ({ page, product }) => {
  const link = await product.mint();
  const token = new URL(link).searchParams.get('token') ?? '';
  for (const origin of [product.url, 'null', 'https://evil.example']) {
    const answer = await page.request.post('/hand-off', {
      form: { token },
      headers: { origin },
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(403);
  }
  await page.goto(link);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('link', { name: `Back to ${product.host}` })).toBeVisible();
  const webLog = await readFile(path.join(process.env.E2E_DATA_DIR ?? '', 'logs/web.log'), 'utf8');
  expect(webLog).toContain('/hand-off');
  expect(webLog).not.toContain(token);
});

test('a log-in takes the place of a hand-off', async ({ page, product }) => {
  await comeFrom(page, product);
  await logIn(page, 'customer@demo.test');
  await expect(page.getByRole('link', { name: `Back to ${product.host}` })).toBeHidden();
  await page.goto('/account');
  await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible();
});

test('a page at Stripe that is left open leads back into the same hand-off', async ({ page, product }) => {
  await comeFrom(page, product);
  await buy(page, 'Team');
  await page.goto('/history');
  await page.getByRole('table', { name: 'Payments' }).getByRole('link').first().click();
  await page.getByRole('link', { name: 'Go on to the payment page' }).click();
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '2,500');
});
