import { type APIRequestContext, type Browser, expect, type Page } from '@playwright/test';

import { freshEmail, logIn, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { withDatabase } from '../fixtures/database';
import { hydrated } from '../fixtures/hydrated';
import { StripeApi } from '../fixtures/stripe-api';
import { test } from '../fixtures/test';

/** What the plan Solo costs, a month: the price that was made by hand asks the same. */
const SOLO = { cents: '900', credits: '1,000 available', words: /^Solo.*\$9\.00/ };

/** A price that somebody made in the Dashboard, and customers of ours who were put on it there. */
async function subscribeByHand(page: Page, request: APIRequestContext, emails: string[]): Promise<string> {
  const stripe = new StripeApi(request);
  const product = await stripe.post('products', { name: 'Made in the Dashboard' });
  const price = await stripe.post('prices', {
    ...{ currency: 'usd', product: product.id, unit_amount: SOLO.cents },
    'recurring[interval]': 'month',
  });
  for (const email of emails) {
    await page.context().clearCookies();
    await signUp(page, email);
    const customer = await stripe.post('customers', { email });
    await withDatabase((db) =>
      db.query(
        `INSERT INTO stripe_customer (customer, realm, stripe_id)
         SELECT c.id, r.id, $2 FROM customer c JOIN "user" u ON u.id = c."user", realm r WHERE u.email = $1 AND r.sells`,
        [email, customer.id],
      ),
    );
    const card = await stripe.post('payment_methods/pm_card_visa/attach', { customer: customer.id });
    await stripe.post(`customers/${customer.id}`, { 'invoice_settings[default_payment_method]': card.id });
    await stripe.post('subscriptions', { customer: customer.id, 'items[0][price]': price.id });
  }
  return price.id;
}

const deskOf = async (browser: Browser, role: string): Promise<Page> => {
  const page = await (await browser.newContext()).newPage();
  await logIn(page, `${role}@demo.test`);
  return page;
};

async function sayWhy(page: Page, comment: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').selectOption({ index: 1 });
  await dialog.getByLabel('Comment').fill(comment);
}

/** Each event waits under the price that it was paid by. */
async function seeWaiting(page: Page, about: string, events: number): Promise<void> {
  await expect(async () => {
    await page.goto(`/admin/dead-letters?reason=unknown_price&names=${about}`);
    await expect(page.getByText(`${events} events`, { exact: true })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}

test('support replays in bulk what finance has mended: tried first, watched to its end, granted once', async ({
  page,
  browser,
  request,
}) => {
  test.slow();
  const emails = [freshEmail(), freshEmail()];
  const price = await subscribeByHand(page, request, emails);
  const support = await deskOf(browser, 'support');
  await seeWaiting(support, price, 4);
  const why = support.getByRole('list', { name: 'Why they wait' }).getByRole('listitem');
  await expect(why).toContainText('4 × price unknown');
  await expect(why.getByText('What a price sells is finance’s to say.')).toBeVisible();
  await expectAccessible(support);

  const finance = await deskOf(browser, 'finance');
  await finance.goto(support.url());
  await finance.locator('[data-row-link]').first().click();
  await hydrated(finance);
  await finance.getByRole('button', { name: 'Say what it sells…' }).click();
  const sells = finance.getByLabel('It sells');
  const [, ...plans] = await sells.locator('option').allTextContents();
  // No pack is offered for what a plan was paid by.
  expect(plans.filter((text) => !/^(Solo|Crew)/.test(text))).toEqual([]);
  const [solo] = plans.filter((text) => SOLO.words.test(text));
  await sells.selectOption({ label: solo ?? '' });
  await sayWhy(finance, 'Made in the Dashboard for two teams');
  await finance.getByRole('button', { name: 'Keep and replay' }).click();
  await expect(finance.getByText('The event runs again, and finds what it lacked.')).toBeVisible();
  await finance.getByRole('button', { name: 'Close' }).last().click();
  // A tooltip under a mouse that rests keeps no page from news.
  await expect(async () => {
    // The news may move what the mouse rests on.
    await finance.getByRole('main').locator('time').first().hover();
    await expect(finance.getByRole('tooltip').first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 10_000 });
  await expect(finance.getByText('Done', { exact: true }).first()).toBeVisible();

  await seeWaiting(support, price, 3);
  await hydrated(support);
  await support.getByLabel('Select all on this page').check();
  await expect(support.getByRole('region', { name: 'Acts on the selection' })).toContainText(
    '3 events selected',
  );
  await support.getByRole('button', { name: 'Replay…' }).click();
  await sayWhy(support, 'The price is known now');
  await expectAccessible(support);
  await support.getByRole('button', { name: 'Try 3 events' }).click();
  await support.getByRole('link', { name: 'Show what it would come to' }).click();
  await expect(support.getByRole('heading', { name: 'Dry run of 3 events' })).toBeVisible();
  await expect(support.getByText('3 of 3 tried')).toBeVisible();
  await expect(support.getByRole('list', { name: 'Predicted' })).toContainText('Done: applied');
  await expectAccessible(support);

  await support.getByRole('button', { name: 'Replay these for real…' }).click();
  await sayWhy(support, 'As predicted');
  await support.getByRole('button', { name: 'Replay 3 events' }).click();
  await support.getByRole('link', { name: 'Show what becomes of them' }).click();
  await expect(support.getByRole('heading', { name: 'Replay of 3 events' })).toBeVisible();
  await expect(support.getByText('3 decided, 0 in the queue')).toBeVisible({ timeout: 30_000 });
  await expect(support.getByRole('list', { name: 'Came' })).toContainText('Done: applied');
  for (const email of emails) {
    await support.goto(`/admin/customers?q=${encodeURIComponent(email)}`);
    await support.locator('[data-row-link]').first().click();
    await expect(support.getByText(SOLO.credits)).toBeVisible();
  }
});

test('money that belongs to nobody: support assigns it, finance dismisses it with a reason, a viewer only looks', async ({
  page,
  browser,
  request,
}) => {
  const stripe = new StripeApi(request);
  const lost = `pay_lost${crypto.randomUUID().replaceAll('-', '')}`;
  const stray = async (amount: string) =>
    (
      await stripe.post('payment_intents', {
        ...{ amount, currency: 'usd', confirm: 'true', payment_method: 'pm_card_visa' },
        ...{ 'metadata[credence_payment]': lost, 'automatic_payment_methods[enabled]': 'true' },
        'automatic_payment_methods[allow_redirects]': 'never',
      })
    ).id;
  const [mine, nobodys] = [await stray('500'), await stray('700')];
  const email = freshEmail();
  await signUp(page, email);
  const open = async (desk: Page, object: string) => {
    await expect(async () => {
      await desk.goto(`/admin/dead-letters?object=${object}`);
      await desk.locator('[data-row-link]').first().click({ timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
    await expect(
      desk.getByRole('heading', { name: 'It names a payment of ours that we do not have.' }),
    ).toBeVisible();
  };

  const viewer = await deskOf(browser, 'viewer');
  await open(viewer, mine);
  await expect(viewer.getByText('Support and above can mend it; you may look.')).toBeVisible();
  await expect(viewer.getByRole('button', { name: /Assign|Replay|Dismiss/ })).toHaveCount(0);

  const support = await deskOf(browser, 'support');
  await open(support, mine);
  await expect(support.getByText('Settled money is finance’s to dismiss.')).toBeVisible();
  await hydrated(support);
  await support.getByRole('button', { name: 'Assign…' }).click();
  await support.getByRole('searchbox', { name: 'Customer' }).fill(email);
  await support.getByRole('radio', { name: email }).check();
  await support.getByLabel('It bought').selectOption({ index: 1 });
  await sayWhy(support, 'Paid by a link that sales made');
  await expectAccessible(support);
  await support.getByRole('button', { name: 'Grant 500 credits' }).click();
  await expect(support.getByText('The credits are there.')).toBeVisible();
  await support.getByRole('link', { name: 'Show the payment' }).click();
  await expect(support.getByText('500 credits').first()).toBeVisible();

  const finance = await deskOf(browser, 'finance');
  await open(finance, nobodys);
  await hydrated(finance);
  await finance.getByRole('button', { name: 'Dismiss…' }).click();
  await sayWhy(finance, 'The product settled it by an invoice');
  await expectAccessible(finance);
  await finance.getByRole('button', { name: 'Dismiss 1 event' }).click();
  await expect(finance.getByText('1 event dismissed.')).toBeVisible();
  await finance.getByRole('button', { name: 'Close' }).last().click();
  await expect(finance.getByText('Dismissed', { exact: true }).first()).toBeVisible();
});
