import { expect, test } from '../fixtures/test';

import { freshEmail, signUp } from '../fixtures/accounts';
import { withDatabase } from '../fixtures/database';
import { CARDS, HostedPage } from '../fixtures/hosted-page';
import { customersAt, expireSession } from '../fixtures/sandbox';
import { buy, expectCredits, leaveCheckout, openCheckout, sessionOf } from '../fixtures/store';

test('leaving the payment page keeps the truth: nothing paid, go on there or start anew', async ({
  page,
}) => {
  await openCheckout(page, 'Starter');
  const left = await leaveCheckout(page);
  await expect(page.getByRole('heading', { name: 'Waiting for your payment' })).toBeVisible();
  await expect(page.getByText('Nothing has been taken from you.')).toBeVisible();
  await page.getByRole('link', { name: 'Go on to the payment page' }).click();
  await new HostedPage(page).waitUntilOpen();

  await page.goto('/');
  const anew = await buy(page, 'Team');
  await anew.pay(CARDS.succeeds);
  await expectCredits(page, '2,500');
  await page.goto(left);
  await expect(page.getByRole('heading', { name: 'Waiting for your payment' })).toBeVisible();
});

test('an address that says “paid” adds nothing and claims nothing', async ({ page }) => {
  await openCheckout(page, 'Starter');
  const session = sessionOf(page);
  const address = await leaveCheckout(page);
  await page.goto(`${address}?success=true&session_id=cs_test_forged`);
  await expect(page.getByRole('heading', { name: 'Waiting for your payment' })).toBeVisible();
  await page.goto(`${address}?session_id=${session}`);
  await expect(page.getByRole('heading', { name: 'Asking Stripe about your payment' })).toBeVisible();
  await expect(page.getByText('(Done)')).toHaveCount(0);
  await expect(page.getByRole('banner').getByText('0 credits')).toBeVisible();
});

test('a payment page that expires is told so without a reload', async ({ page, request }) => {
  await openCheckout(page, 'Starter');
  const session = sessionOf(page);
  await leaveCheckout(page);
  await expect(page.getByRole('heading', { name: 'Waiting for your payment' })).toBeVisible();
  await expireSession(request, session);
  await expect(page.getByRole('heading', { name: 'This payment page has expired' })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByText('Nothing was taken from you.')).toBeVisible();
  await page.getByRole('link', { name: 'Choose a pack' }).click();
  await buy(page, 'Starter');
});

test('two tabs of a new customer, both paid: both are granted, to one Stripe customer', async ({
  page,
  request,
}) => {
  const email = freshEmail();
  await signUp(page, email);
  const second = await page.context().newPage();
  await Promise.all([page.goto('/'), second.goto('/')]);
  const [one, two] = await Promise.all([buy(page, 'Starter'), buy(second, 'Team')]);
  await one.pay(CARDS.succeeds);
  await expectCredits(page, '500');
  await two.pay(CARDS.succeeds);
  await expectCredits(second, '3,000');
  expect(await customersAt(request, email)).toBe(1);

  await page.goto('/history');
  const statement = page.getByRole('table', { name: 'Credits that came and went' });
  await expect(statement.getByRole('row')).toHaveCount(3);
});

test('another customer finds neither the payment nor its papers', async ({ page, browser }) => {
  const hosted = await openCheckout(page, 'Starter');
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '500');
  await expect(page.getByRole('link', { name: 'Open the receipt' })).toBeVisible();
  const address = new URL(page.url()).pathname;

  const another = await browser.newContext();
  const other = await another.newPage();
  await signUp(other, freshEmail());
  const answer = await other.goto(address);
  expect(answer?.status()).toBe(404);
  await expect(other.getByRole('heading', { name: 'No such payment' })).toBeVisible();
  for (const paper of ['receipt', 'invoice', 'statement']) {
    const refused = await other.request.get(`${address}/${paper}`, { maxRedirects: 0 });
    expect([paper, refused.status()]).toEqual([paper, 404]);
  }
  const own = await page.request.get(`${address}/receipt`, { maxRedirects: 0 });
  expect([own.status(), new URL(own.headers()['location'] ?? '').pathname]).toEqual([
    303,
    expect.stringContaining('/receipts/'),
  ]);
  await another.close();
  const guest = await browser.newContext();
  const sent = await guest.request.get(`${address}/receipt`, { maxRedirects: 0 });
  expect(sent.headers()['location']).toContain('/log-in');
  await guest.close();
});

test('orders that cannot be taken say why, that no money moved, and what to do', async ({
  page,
  baseURL,
}) => {
  const email = freshEmail();
  await signUp(page, email);
  const order = (form: Record<string, string>) =>
    page.request.post('/?index', { form, headers: { origin: baseURL ?? '' }, maxRedirects: 0 });
  const gone = await order({ pack: 'yesterdays' });
  expect(gone.status()).toBe(404);
  expect(await gone.text()).toContain('This pack is no longer for sale');
  const empty = await order({ pack: '' });
  expect(empty.status()).toBe(400);
  expect(await empty.text()).toContain('No money moved');

  await expect(async () => {
    const answer = await order({ pack: 'starter' });
    expect(answer.status()).toBe(429);
    expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(0);
    expect(await answer.text()).toMatch(/You can go on in (a minute|\d+ minutes)/);
  }).toPass({ intervals: [0], timeout: 60_000 });
});

test('who has not confirmed the address reads so, and can order nothing', async ({ page, baseURL }) => {
  const email = freshEmail();
  await signUp(page, email);
  await withDatabase((db) =>
    db.query('UPDATE "user" SET email_verified_at = NULL WHERE email = $1', [email]),
  );
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Buy Team' })).toBeDisabled();
  await expect(page.getByText('Confirm your e-mail address to buy')).toBeVisible();
  const answer = await page.request.post('/?index', {
    form: { pack: 'team' },
    headers: { origin: baseURL ?? '' },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(403);
  expect(await answer.text()).toContain('Confirm your e-mail address first');
});
