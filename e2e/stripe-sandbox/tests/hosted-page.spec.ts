import { expect, test as base, type Page } from '@playwright/test';
import Stripe from 'stripe';
import { expectAccessible } from '../../fixtures/axe';
import { CARDS, HostedPage } from '../../fixtures/hosted-page';
import { startSandbox } from '../index';

const SHOP = 'http://shop.test';

/** A sandbox of its own for each worker; the shop's pages are only said to be there. */
const test = base.extend<{ shop: undefined }, { stripe: Stripe }>({
  stripe: [
    async ({}, use) => {
      const sandbox = await startSandbox({
        port: 0,
        settings: { settleDelayMs: 50, debitSettleMs: 50 },
      });
      const { hostname, port } = new URL(sandbox.url);
      await use(new Stripe('sk_test_1234567890abcdef', { host: hostname, port, protocol: 'http' }));
      await sandbox.stop();
    },
    { scope: 'worker' },
  ],
  shop: [
    async ({ page }, use) => {
      await page.route(`${SHOP}/**`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<h1>Shop</h1>' }),
      );
      await use(undefined);
    },
    { auto: true },
  ],
});

type SessionParams = Stripe.Checkout.SessionCreateParams;

const PACK: SessionParams = {
  mode: 'payment',
  success_url: `${SHOP}/done?session={CHECKOUT_SESSION_ID}`,
  cancel_url: `${SHOP}/back`,
  line_items: [
    {
      quantity: 1,
      price_data: { currency: 'usd', unit_amount: 2_500, product_data: { name: 'Team pack' } },
    },
  ],
};

async function openPage(
  page: Page,
  stripe: Stripe,
  params: SessionParams = PACK,
): Promise<{ id: string; hosted: HostedPage }> {
  const { id, url } = await stripe.checkout.sessions.create(params);
  await page.goto(url ?? '');
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  return { id, hosted };
}

async function expectReturn(page: Page, sessionId: string): Promise<void> {
  await page.waitForURL(`${SHOP}/done?session=${sessionId}`);
}

async function intentsOf(stripe: Stripe, sessionId: string): Promise<Stripe.PaymentIntent[]> {
  const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(sessionId, {
    expand: ['payment_intent'],
  });
  return intent !== null && typeof intent !== 'string' ? [intent] : [];
}

test('a card pays, and the shop is told which session it was', async ({ page, stripe }) => {
  const { id, hosted } = await openPage(page, stripe);
  await hosted.pay(CARDS.succeeds);
  await expectReturn(page, id);
  expect(await stripe.checkout.sessions.retrieve(id)).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    customer_details: { email: 'casey@example.test', name: 'Casey Customer' },
  });
});

test('a declined card is told inline, and the next try pays the same intent', async ({ page, stripe }) => {
  const { id, hosted } = await openPage(page, stripe);
  await hosted.pay(CARDS.insufficientFunds);
  await hosted.expectDecline('Your card has insufficient funds.');
  const [before] = await intentsOf(stripe, id);
  expect(before?.status).toBe('requires_payment_method');
  await hosted.pay(CARDS.succeeds);
  await expectReturn(page, id);
  const [after] = await intentsOf(stripe, id);
  expect(after).toMatchObject({ id: before?.id, status: 'succeeded' });
});

test('3D Secure that fails leaves the page open, and one that is completed pays', async ({
  page,
  stripe,
}) => {
  const { id, hosted } = await openPage(page, stripe);
  await hosted.pay(CARDS.asksFor3ds);
  await hosted.answerChallenge('Fail');
  await hosted.expectDecline('We are unable to authenticate your payment method.');
  await hosted.pay(CARDS.asksFor3ds);
  await hosted.answerChallenge('Complete');
  await expectReturn(page, id);
});

test('a promotion code is refused inline, applied with what was typed kept, and taken back', async ({
  page,
  stripe,
}) => {
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'once' });
  const code = `SAVE${Date.now()}`;
  await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code });
  const { id, hosted } = await openPage(page, stripe, { ...PACK, allow_promotion_codes: true });
  await hosted.fillEmail('ada@example.test');
  await hosted.enterPromotionCode('NOPE');
  await expect(page.getByText('This code is invalid.')).toBeVisible();
  await hosted.enterPromotionCode(code);
  await expect(page.getByRole('button', { name: 'Pay $20.00' })).toBeVisible();
  await expect(page.locator('#email')).toHaveValue('ada@example.test');
  await page.getByRole('button', { name: `Remove promotion code ${code}` }).click();
  await expect(page.getByRole('button', { name: 'Pay $25.00' })).toBeVisible();
  await hosted.enterPromotionCode(code);
  await expect(page.getByRole('button', { name: 'Pay $20.00' })).toBeVisible();
  await hosted.pay(CARDS.succeeds);
  await expectReturn(page, id);
  expect((await intentsOf(stripe, id))[0]).toMatchObject({ amount_received: 2_000 });
});

test('a code that takes everything off asks for no card', async ({ page, stripe }) => {
  const coupon = await stripe.coupons.create({ percent_off: 100, duration: 'once' });
  const code = `FREE${Date.now()}`;
  await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code });
  const { id, hosted } = await openPage(page, stripe, { ...PACK, allow_promotion_codes: true });
  await hosted.enterPromotionCode(code);
  await expect(page.getByRole('button', { name: 'Complete order' })).toBeVisible();
  await expect(page.locator('#cardNumber')).toHaveCount(0);
  await hosted.fillEmail('ada@example.test');
  await hosted.submit();
  await expectReturn(page, id);
});

test('SEPA Direct Debit returns at once and pays later', async ({ page, stripe }) => {
  const { id, hosted } = await openPage(page, stripe, {
    ...PACK,
    allowed_payment_method_types: ['card', 'sepa_debit', 'us_bank_account'],
    line_items: [
      {
        quantity: 1,
        price_data: { currency: 'eur', unit_amount: 2_500, product_data: { name: 'Team pack' } },
      },
    ],
  });
  await hosted.payBySepa('AT611904300234573201');
  await expectReturn(page, id);
  await expect.poll(async () => (await stripe.checkout.sessions.retrieve(id)).payment_status).toBe('paid');
  expect((await intentsOf(stripe, id))[0]?.payment_method_types).toContain('sepa_debit');
});

test('a subscription names its price and starts', async ({ page, stripe }) => {
  const { id, hosted } = await openPage(page, stripe, {
    ...PACK,
    mode: 'subscription',
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: 'usd',
          unit_amount: 3_000,
          recurring: { interval: 'month' },
          product_data: { name: 'Credence Pro' },
        },
      },
    ],
  });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    /Subscribe to Credence Pro\s+\$30.00\s+per month/,
  );
  await expect(page.getByRole('button', { name: 'Subscribe' })).toBeVisible();
  await hosted.pay(CARDS.succeeds);
  await expectReturn(page, id);
  const session = await stripe.checkout.sessions.retrieve(id, { expand: ['subscription'] });
  expect(session.subscription).toMatchObject({ status: 'active' });
});

test('a card is saved without a payment', async ({ page, stripe }) => {
  const customer = await stripe.customers.create({ email: 'ada@example.test' });
  const { id, hosted } = await openPage(page, stripe, {
    mode: 'setup',
    currency: 'usd',
    customer: customer.id,
    success_url: PACK.success_url ?? '',
  });
  await expect(page.getByRole('button', { name: 'Save card' })).toBeVisible();
  await expect(page.locator('#email')).toHaveValue('ada@example.test');
  await hosted.pay(CARDS.succeeds);
  await expectReturn(page, id);
  const saved = await stripe.paymentMethods.list({ customer: customer.id, type: 'card' });
  expect(saved.data).toHaveLength(1);
});

test('one click fills an instrument of the drawer, found by its name or its digits', async ({
  page,
  stripe,
}) => {
  const { hosted } = await openPage(page, stripe);
  await page.getByText('Test cards').click();
  const list = page.locator('.drawer-list').getByRole('button').filter({ visible: true });
  await page.getByRole('searchbox').fill('dispute: fraud');
  await expect(list).toHaveText([/Dispute: fraudulent/]);
  await page.getByRole('searchbox').fill('40000000 00009995');
  await list.click();
  await expect(page.locator('#cardNumber')).toHaveValue('4000 0000 0000 9995');
  await hosted.submit();
  await hosted.expectDecline('Your card has insufficient funds.');
});

test('what is asked beside the payment must be answered', async ({ page, stripe }) => {
  const { id, hosted } = await openPage(page, stripe, {
    ...PACK,
    custom_fields: [{ key: 'team', label: { type: 'custom', custom: 'Team name' }, type: 'text' }],
    consent_collection: { terms_of_service: 'required' },
  });
  await hosted.pay(CARDS.succeeds);
  await expect(page.getByLabel('Team name')).toHaveAccessibleDescription('This field is required.');
  await page.getByLabel('Team name').fill('Blue');
  await hosted.submit();
  await expect(page.getByRole('checkbox')).toHaveAccessibleDescription(/Accept the terms/);
  await page.getByRole('checkbox').check();
  await hosted.submit();
  await expectReturn(page, id);
  const session = await stripe.checkout.sessions.retrieve(id);
  expect(session.custom_fields[0]?.text?.value).toBe('Blue');
  expect(session.consent?.terms_of_service).toBe('accepted');
});

test('the page is accessible with everything on it', async ({ page, stripe }) => {
  await openPage(page, stripe, {
    ...PACK,
    allow_promotion_codes: true,
    allowed_payment_method_types: ['card', 'us_bank_account'],
  });
  await page.getByText('Test cards').click();
  await expectAccessible(page);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a code is applied, a card declined and 3D Secure answered', async ({ page, stripe }) => {
    const coupon = await stripe.coupons.create({ amount_off: 500, currency: 'usd', duration: 'once' });
    const code = `PLAIN${Date.now()}`;
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code });
    const { id, hosted } = await openPage(page, stripe, { ...PACK, allow_promotion_codes: true });
    await hosted.enterPromotionCode('NOPE');
    await expect(page.getByText('This code is invalid.')).toBeVisible();
    await hosted.enterPromotionCode(code);
    await expect(page.getByRole('button', { name: 'Pay $20.00' })).toBeVisible();
    await hosted.pay(CARDS.declines);
    await hosted.expectDecline('Your card was declined.');
    await hosted.pay(CARDS.asksFor3ds);
    await hosted.answerChallenge('Complete');
    await expectReturn(page, id);
  });
});
