import { expect, type Page } from '@playwright/test';

import { freshEmail, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { withDatabase } from '../fixtures/database';
import { CARDS, HostedPage } from '../fixtures/hosted-page';
import { PortalPage } from '../fixtures/portal-page';
import { type Entry, expectPayments, expectStatement } from '../fixtures/statement';
import { StripeApi } from '../fixtures/stripe-api';
import { test } from '../fixtures/test';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const FAILS_LATER = '4000000000000341';

/** Stripe's image of the customer lives on a clock: a customer gets one only when it is made. */
async function putOnClock(stripe: StripeApi, email: string): Promise<{ clock: string; customer: string }> {
  const clock = await stripe.post('test_helpers/test_clocks', { frozen_time: now() });
  const customer = await stripe.post('customers', { email, test_clock: clock.id });
  await withDatabase((db) =>
    db.query(
      `INSERT INTO stripe_customer (customer, realm, stripe_id)
       SELECT c.id, r.id, $2 FROM customer c JOIN "user" u ON u.id = c."user", realm r WHERE u.email = $1 AND r.sells`,
      [email, customer.id],
    ),
  );
  return { clock: clock.id, customer: customer.id };
}

/** Each month that was paid is an entry of its own, newest first. */
const paid = (months: number): Entry[] =>
  Array.from({ length: months }, (_, n): Entry => {
    const balance = ((months - n) * 4_000).toLocaleString('en-US');
    return ['Credits added', '+4,000', balance];
  });

const now = () => String(Math.floor(Date.now() / 1000));

async function openPortal(page: Page): Promise<PortalPage> {
  await page.goto('/plan');
  await page.getByRole('button', { name: 'Cards and invoices' }).click();
  await page.waitForURL(/\/p\/session\//);
  return new PortalPage(page);
}

/** The page says it once the worker has heard of it. */
async function expectSoon(page: Page, path: string, text: string | RegExp): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await expect(page.getByText(text).first()).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}

async function startCrew(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Start Crew', exact: true }).click();
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.succeeds);
  await page.waitForURL(/\/plan\?order=sbo_/);
  await expect(page.getByText('Active', { exact: true })).toBeVisible({ timeout: 60_000 });
}

test('a plan is begun, renewed three times, fails, is mended in the portal and is canceled', async ({
  page,
  request,
}) => {
  const stripe = new StripeApi(request);
  const email = freshEmail();
  await signUp(page, email);
  const { clock, customer } = await putOnClock(stripe, email);

  await startCrew(page);
  await expectAccessible(page);
  await expectStatement(page, paid(1));

  for (const months of [2, 3, 4]) {
    await stripe.advance(clock, (await stripe.periodEnd(customer)) + 2 * HOUR);
    await expectStatement(page, paid(months));
  }

  const first = await openPortal(page);
  await first.addCard(FAILS_LATER);
  await stripe.advance(clock, (await stripe.periodEnd(customer)) + 2 * HOUR);
  await expectSoon(page, '/plan', /could not be collected/);
  await expect(page.getByRole('link', { name: 'Pay now' })).toBeVisible();
  await expectAccessible(page);
  await expectStatement(page, paid(4));

  const second = await openPortal(page);
  await second.addCard(CARDS.succeeds);
  await stripe.advance(clock, (await stripe.frozenTime(clock)) + 8 * DAY);
  await expectStatement(page, paid(5));
  await page.goto('/plan');
  await expect(page.getByText('Active', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Cancel at the end of the period' }).click();
  await expect(page.getByText('Your plan ends with the period that is paid.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Keep the plan' })).toBeVisible();
  await stripe.advance(clock, (await stripe.periodEnd(customer)) + 2 * HOUR);
  await expectSoon(page, '/plan', 'Ended');

  await expectStatement(page, paid(5));
  await expectPayments(
    page,
    Array.from({ length: 5 }, () => ['Crew', 'Paid', '$29.00'] as const),
  );
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/plan');
  await expectAccessible(page);
});

test(
  'a plan is begun by a customer whom Stripe does not know yet, and is canceled',
  { tag: '@stripe' },
  async ({ page }) => {
    await signUp(page, freshEmail());
    await startCrew(page);
    await expectStatement(page, paid(1));
    await expectPayments(page, [['Crew', 'Paid', '$29.00']]);
    await page.goto('/plan');
    await page.getByRole('button', { name: 'Cancel at the end of the period' }).click();
    await expect(page.getByText('Your plan ends with the period that is paid.')).toBeVisible();
  },
);
