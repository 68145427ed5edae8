import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test as base, type Page } from '@playwright/test';
import Stripe from 'stripe';
import { expectAccessible } from '../../fixtures/axe';
import { startSandbox, type StartedSandbox } from '../index';

interface Playground {
  sandbox: StartedSandbox;
  stripe: Stripe;
  /** The endpoint fails until told otherwise. */
  app: { status: number };
}

/** An application that answers each webhook with the same status. */
async function startApp(app: Playground['app']): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(app.status).end('{"received":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${portOf(server.address())}/hook` };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server listens on a TCP port.');
  return address.port;
}

const test = base.extend<object, { playground: Playground }>({
  playground: [
    async ({}, use) => {
      const app = { status: 500 };
      const { server, url } = await startApp(app);
      const settings = { settleDelayMs: 20, retryScheduleMs: [3_600_000] };
      const sandbox = await startSandbox({ port: 0, webhook: url, live: {}, settings });
      const { hostname, port } = new URL(sandbox.url);
      const stripe = new Stripe('sk_test_1234567890abcdef', { host: hostname, port, protocol: 'http' });
      await use({ sandbox, stripe, app });
      await sandbox.stop();
      server.closeAllConnections();
      server.close();
    },
    { scope: 'worker' },
  ],
});

const PACK: Stripe.Checkout.SessionCreateParams = {
  mode: 'payment',
  success_url: 'http://shop.test/ok',
  line_items: [
    { quantity: 1, price_data: { currency: 'usd', unit_amount: 2_500, product_data: { name: 'Team pack' } } },
  ],
};

/** Opens the acts of a row and presses one: two clicks. */
async function actOnRow(page: Page, id: string, label: string): Promise<void> {
  const row = page.locator(`tr[data-key="${id}"]`);
  await row.locator('.menu > summary').click();
  await row.getByRole('button', { name: label }).click();
}

const PHONE = { width: 390, height: 800 };
const told = (page: Page, text: string) => expect(page.getByRole('status')).toContainText(text);

test('a session is paid, its payment disputed and refunded, each from its row', async ({
  page,
  playground,
}) => {
  const { sandbox, stripe } = playground;
  const { id } = await stripe.checkout.sessions.create(PACK);
  await page.goto(`${sandbox.url}/panel/sessions?status=open`);
  await actOnRow(page, id, 'Try a declined card');
  await told(page, 'Declined: Your card was declined.');
  await actOnRow(page, id, 'Pay with Visa');
  await told(page, 'Done.');
  await expect(page.locator(`tr[data-key="${id}"]`)).toHaveCount(0);
  const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(id);
  await page.getByRole('link', { name: 'Payments' }).click();
  await actOnRow(page, String(intent), 'Dispute: inquiry');
  await told(page, 'The bank has opened a dispute.');
  await page.locator(`tr[data-key="${String(intent)}"] td.name a`).click();
  await page.getByLabel('Refund in USD; empty: all that is left').fill('30');
  await page.getByRole('button', { name: 'Refund' }).click();
  await told(page, 'Only $25.00 is left to refund.');
  await page.getByRole('button', { name: 'Win' }).click();
  await told(page, 'The dispute is');
});

test('a delivery that failed is sent now from its own page, where the new attempt appears by itself', async ({
  page,
  playground,
}) => {
  const { app, sandbox, stripe } = playground;
  const customer = await stripe.customers.create({ email: 'ada@example.test' });
  await page.goto(`${sandbox.url}/panel/objects/${customer.id}`);
  await page.locator('a.type', { hasText: 'customer.created' }).click();
  await page.locator('.list a.url').click();
  await expect(page.getByText('Attempt 1', { exact: true })).toBeVisible();
  app.status = 200;
  await page.getByRole('button', { name: 'Send now' }).click();
  await told(page, 'It leaves now.');
  await expect(page.getByText('Attempt 2', { exact: true })).toBeVisible();
  await page.getByText('Request: headers, signature and body').first().click();
  await expect(page.getByText(/^t=\d+,v1=/).first()).toBeVisible();
});

test('the keys go to search, to rooms, along rows and into their acts', async ({ page, playground }) => {
  const { sandbox, stripe } = playground;
  const customer = await stripe.customers.create({ email: 'grace@example.test' });
  await stripe.checkout.sessions.create(PACK);
  await page.goto(`${sandbox.url}/panel`);
  await page.keyboard.press('j');
  await expect(page.locator('.list tbody tr').first().locator('td.name a')).toBeFocused();
  await page.keyboard.press('.');
  await expect(page.locator('.menu[open]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('.menu[open]')).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await expect(page.getByRole('heading', { name: 'Webhook endpoints' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type(customer.id);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'grace@example.test' })).toBeVisible();
});

test('a key pressed before the rest of a slow page is loaded still does its act', async ({
  page,
  playground,
}) => {
  const { sandbox, stripe } = playground;
  const customer = await stripe.customers.create({ email: 'hopper@example.test' });
  await page.route('**/assets/panel.js', () => {
    // Never answered: what stands on the page must not wait for it.
  });
  await page.goto(`${sandbox.url}/panel/endpoints`, { waitUntil: 'commit' });
  await expect(page.getByRole('heading', { name: 'Webhook endpoints' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type(customer.id);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'hopper@example.test' })).toBeVisible();
});

test('acts without scripts, and shows the other mode apart', async ({ browser, playground }) => {
  const { sandbox, stripe } = playground;
  const { id } = await stripe.checkout.sessions.create(PACK);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${sandbox.url}/panel/sessions`);
  await actOnRow(page, id, 'Expire');
  await told(page, 'The session has expired.');
  await page.getByRole('link', { name: 'Show live mode' }).click();
  await expect(page.getByText('LIVE MODE')).toBeVisible();
  await expect(page.getByText('No sessions yet')).toBeVisible();
  await context.close();
});

test('every room is accessible in both themes, fits a phone and a desk', async ({ page, playground }) => {
  const { sandbox, stripe } = playground;
  const { id } = await stripe.checkout.sessions.create(PACK);
  const [event] = (await stripe.events.list({ limit: 1 })).data;
  const [delivery] = sandbox.sandbox.deliveries.list({ limit: 1 }).rows;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: 1_795_000_000 });
  const customer = await stripe.customers.create({ test_clock: clock.id, payment_method: 'pm_card_visa' });
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 3_000,
    recurring: { interval: 'month' },
    product_data: { name: 'Pro' },
  });
  const [method] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    default_payment_method: method?.id ?? '',
  });
  const rooms = [`sessions/${id}`, 'billing', `clocks/${clock.id}`, `endpoints/${sandbox.webhooks[0]?.id}`];
  for (const [place, room] of rooms.entries()) {
    await page.setViewportSize(place % 2 === 0 ? PHONE : { width: 1440, height: 900 });
    await page.goto(`${sandbox.url}/panel/${room}`);
    await expectAccessible(page);
  }
  const narrow = [
    `deliveries/${delivery?.id}`,
    `objects/${subscription.id}`,
    `events/${event?.id}`,
    'faults',
  ];
  await page.setViewportSize(PHONE);
  for (const room of ['payments', 'billing', 'deliveries', 'requests', ...narrow]) {
    await page.goto(`${sandbox.url}/panel/${room}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, room).toBeLessThanOrEqual(0);
  }
});
