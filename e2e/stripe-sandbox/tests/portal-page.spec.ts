import { expect, test as base } from '@playwright/test';
import Stripe from 'stripe';
import { expectAccessible } from '../../fixtures/axe';
import { CARDS, HostedPage } from '../../fixtures/hosted-page';
import { PortalPage } from '../../fixtures/portal-page';
import { startSandbox } from '../index';

const SHOP = 'http://shop.test';

interface Subscriber {
  customer: string;
  subscription: string;
  /** The portal with everything switched on. */
  configuration: string;
}

/** A sandbox of its own for each worker, and for each test a customer who pays monthly. */
const test = base.extend<{ subscriber: Subscriber }, { stripe: Stripe }>({
  stripe: [
    async ({}, use) => {
      const sandbox = await startSandbox({ port: 0, settings: { settleDelayMs: 50 } });
      const { hostname, port } = new URL(sandbox.url);
      await use(new Stripe('sk_test_1234567890abcdef', { host: hostname, port, protocol: 'http' }));
      await sandbox.stop();
    },
    { scope: 'worker' },
  ],
  subscriber: async ({ stripe }, use) => use(await subscribe(stripe)),
});

async function subscribe(stripe: Stripe): Promise<Subscriber> {
  const [pro, team] = await Promise.all(
    [
      ['Credence Pro', 3_000],
      ['Credence Team', 9_000],
    ].map(([name, amount]) =>
      stripe.prices.create({
        currency: 'usd',
        unit_amount: Number(amount),
        recurring: { interval: 'month' },
        product_data: { name: String(name) },
      }),
    ),
  );
  if (!pro || !team) throw new Error('Two plans are sold.');
  const customer = await stripe.customers.create({
    email: 'ada@example.test',
    name: 'Ada Lovelace',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: pro.id }],
  });
  const configuration = await stripe.billingPortal.configurations.create({
    features: {
      customer_update: { enabled: true, allowed_updates: ['email', 'name', 'address', 'phone'] },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: {
        enabled: true,
        mode: 'at_period_end',
        cancellation_reason: { enabled: true, options: ['too_expensive', 'unused', 'other'] },
      },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price'],
        products: [pro, team].map((price) => ({ product: String(price.product), prices: [price.id] })),
      },
    },
  });
  return { customer: customer.id, subscription: subscription.id, configuration: configuration.id };
}

async function portalUrl(
  stripe: Stripe,
  { configuration, customer }: Subscriber,
  more: Partial<Stripe.BillingPortal.SessionCreateParams> = {},
): Promise<string> {
  const session = await stripe.billingPortal.sessions.create({
    customer,
    configuration,
    return_url: `${SHOP}/account`,
    ...more,
  });
  return session.url;
}

test('a plan is changed after a confirmation, canceled with its reason and taken up again', async ({
  page,
  stripe,
  subscriber,
}) => {
  await page.goto(await portalUrl(stripe, subscriber));
  const portal = new PortalPage(page);
  const plan = page.getByRole('region', { name: 'Current plan' });
  await expect(plan).toContainText('$30.00 per month');
  await expect(plan).toContainText('Your next billing date is');
  await portal.changePlan('Credence Team');
  await portal.expectNotice('Your plan has changed.');
  await expect(plan).toContainText('$90.00 per month');
  await portal.cancel("It's too expensive");
  await expect(plan).toContainText('Your subscription ends on');
  expect(await stripe.subscriptions.retrieve(subscriber.subscription)).toMatchObject({
    cancel_at_period_end: true,
    cancellation_details: { feedback: 'too_expensive' },
  });
  await portal.resume();
  await portal.expectNotice('Your subscription goes on.');
  const resumed = await stripe.subscriptions.retrieve(subscriber.subscription);
  expect(resumed).toMatchObject({ status: 'active', cancel_at_period_end: false });
});

test('a card is added after 3D Secure, becomes the default, and the old one is removed', async ({
  page,
  stripe,
  subscriber,
}) => {
  await page.goto(await portalUrl(stripe, subscriber));
  const portal = new PortalPage(page);
  await portal.addCard(CARDS.declines);
  await expect(page.getByRole('alert')).toHaveText('Your card was declined.');
  await page.goto(await portalUrl(stripe, subscriber));
  await portal.addCard(CARDS.asksFor3ds);
  await new HostedPage(page).answerChallenge('Complete');
  const methods = page.getByRole('region', { name: 'Payment methods' });
  const isDefault = page.getByText('Default', { exact: true });
  await expect(methods.getByRole('listitem').filter({ has: isDefault })).toContainText('3220');
  await methods.getByRole('link', { name: 'Remove Visa •••• 4242' }).click();
  await page.getByRole('button', { name: 'Remove payment method' }).click();
  await portal.expectNotice('The payment method is removed.');
  const kept = await stripe.paymentMethods.list({ customer: subscriber.customer });
  expect(kept.data.map(({ card }) => card?.last4)).toEqual(['3220']);
});

test('billing information is changed, and invoices lead to their pages', async ({
  page,
  stripe,
  subscriber,
}) => {
  await page.goto(await portalUrl(stripe, subscriber));
  await page.getByRole('link', { name: 'Update information' }).click();
  await page.getByLabel('Name').fill('Ada King');
  await page.getByLabel('City').fill('London');
  await page.getByLabel('Country or region').selectOption('GB');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Billing information' })).toContainText('United Kingdom');
  expect(await stripe.customers.retrieve(subscriber.customer)).toMatchObject({ name: 'Ada King' });
  await page.getByRole('region', { name: 'Invoice history' }).getByRole('link').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Invoice from');
});

test('a session made for one act opens on it and ends where its seller says', async ({
  page,
  stripe,
  subscriber,
}) => {
  await page.route(`${SHOP}/**`, (route) => route.fulfill({ contentType: 'text/html', body: 'Shop' }));
  const url = await portalUrl(stripe, subscriber, {
    flow_data: {
      type: 'subscription_cancel',
      subscription_cancel: { subscription: subscriber.subscription },
      after_completion: { type: 'redirect', redirect: { return_url: `${SHOP}/bye` } },
    },
  });
  await page.goto(url);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cancel your subscription');
  await page.getByRole('button', { name: 'Cancel subscription' }).click();
  await page.waitForURL(`${SHOP}/bye`);
});

test('the portal is accessible, and leads back to the shop', async ({ page, stripe, subscriber }) => {
  await page.goto(await portalUrl(stripe, subscriber));
  await expect(page.getByRole('link', { name: /^Return to/ })).toHaveAttribute('href', `${SHOP}/account`);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Add payment method' }).click();
  await expectAccessible(page);
});
