import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientFor, PACK, startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;

beforeAll(async () => {
  test = await startUnderTest({ live: {} });
});
afterAll(() => test.stop());

const FORM = {
  email: 'ada@example.com',
  cardNumber: '4242 4242 4242 4242',
  cardExpiry: '12 / 34',
  cardCvc: '123',
  billingName: 'Ada',
  billingCountry: 'US',
  billingPostalCode: '94107',
};

async function open(
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<{ id: string; url: string }> {
  const { id, url } = await test.stripe.checkout.sessions.create({ ...PACK, ...more });
  return { id, url: url ?? '' };
}

const post = (url: string, fields: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

/** What a reader sees of a page. */
async function read(answer: Response | Promise<Response>): Promise<string> {
  const text = await (await answer).text();
  const seen = text.replace(/<(select|details|dialog)[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ');
  return seen.replace(/\s+/g, ' ');
}

const session = (id: string): Promise<Stripe.Checkout.Session> => test.stripe.checkout.sessions.retrieve(id);

describe('a promotion code on the page', () => {
  it('is refused in place, applied, shown and taken back', async () => {
    const coupon = await test.stripe.coupons.create({ percent_off: 20, duration: 'once' });
    await test.stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: coupon.id },
      code: 'PAGE20',
    });
    const { id, url } = await open({ allow_promotion_codes: true });
    const refused = await post(`${url}/promotion`, { promotionCode: 'NOPE' });
    expect(refused.status).toBe(200);
    expect(await read(refused)).toContain('This code is invalid.');
    const applied = await post(`${url}/promotion`, { promotionCode: 'page20' });
    expect(applied.status).toBe(303);
    expect(await read(fetch(url))).toMatch(/PAGE20.*\u2212\$6\.00.*20% off.*Total due \$24\.00/);
    expect((await session(id)).amount_total).toBe(2400);
    await post(`${url}/promotion`, { remove: '1' });
    expect(await read(fetch(url))).toContain('Total due $30.00');
  });

  it('is refused where the seller takes none', async () => {
    const { id, url } = await open();
    expect(await read(post(`${url}/promotion`, { promotionCode: 'PAGE20' }))).not.toContain('PAGE20');
    expect((await session(id)).amount_total).toBe(3000);
  });

  it('changes nothing of a session that is closed', async () => {
    const { id, url } = await open({ allow_promotion_codes: true });
    await test.stripe.checkout.sessions.expire(id);
    expect((await post(`${url}/promotion`, { promotionCode: 'PAGE20' })).status).toBe(303);
    expect((await session(id)).amount_total).toBe(3000);
  });
});

describe('a quantity on the page', () => {
  it('counts the order again within its bounds, and says which they are', async () => {
    const line = PACK.line_items?.[0];
    const { id, url } = await open({
      line_items: [{ ...line, adjustable_quantity: { enabled: true, minimum: 1, maximum: 4 } }],
    });
    const item = (await test.stripe.checkout.sessions.listLineItems(id)).data[0]?.id ?? '';
    const wrong = await read(post(`${url}/quantity`, { line: item, quantity: '9' }));
    expect(wrong).toContain('Choose a quantity from 1 to 4.');
    expect((await post(`${url}/quantity`, { line: item, quantity: '4' })).status).toBe(303);
    expect((await session(id)).amount_total).toBe(6000);
    await post(`${url}/quantity`, { line: item, quantity: '' });
    expect((await session(id)).amount_total).toBe(6000);
  });
});

describe('bank accounts', () => {
  const form = { ...FORM, 'payment-method-accordion-item-title': 'us_bank_account' };

  it('are judged at their fields and returned from at once', async () => {
    const { id, url } = await open({ allowed_payment_method_types: ['card', 'us_bank_account'] });
    const wrong = await post(url, { ...form, routingNumber: '123', accountNumber: '000123456789' });
    expect(await read(wrong)).toContain('The bank routing number provided is invalid.');
    const paid = await post(url, { ...form, routingNumber: '110000000', accountNumber: '000123456789' });
    expect(paid.headers.get('location')).toBe(`http://shop.test/ok?session=${id}`);
    expect((await session(id)).status).toBe('complete');
  });

  it('that the session does not take are never charged: the card is asked for', async () => {
    const { url } = await open();
    const asked = await post(url, {
      ...form,
      cardNumber: '',
      routingNumber: '110000000',
      accountNumber: '000123456789',
    });
    expect(await read(asked)).toContain('Your card number is invalid.');
  });
});

describe('what the page says', () => {
  it('of a trial: how long it is free and what follows', async () => {
    const { url } = await test.stripe.checkout.sessions.create({
      mode: 'subscription',
      success_url: 'http://shop.test/ok',
      subscription_data: { trial_period_days: 14 },
      line_items: [
        {
          quantity: 2,
          price_data: {
            currency: 'eur',
            unit_amount: 1000,
            recurring: { interval: 'month', interval_count: 3 },
            product_data: { name: 'Pro' },
          },
        },
      ],
    });
    const text = await read(fetch(url ?? ''));
    expect(text).toMatch(/Try Pro 14 days free Then €20\.00 every 3 months, from \w+ \d+, \d{4}/);
    expect(text).toMatch(/Total due today €0\.00.*Start trial/);
  });

  it('in a currency without decimals: whole numbers', async () => {
    const { url } = await open({
      line_items: [
        { quantity: 1, price_data: { currency: 'jpy', unit_amount: 1200, product_data: { name: 'Pack' } } },
      ],
    });
    expect(await read(fetch(url))).toContain('Pay ¥1,200');
  });

  it('of an expired session that may be taken up again: where', async () => {
    const { id, url } = await open({ after_expiration: { recovery: { enabled: true } } });
    await test.stripe.checkout.sessions.expire(id);
    const page = await (await fetch(url)).text();
    const again = /href="([^"]+\/r\/[^"]+)"/.exec(page)?.[1] ?? '';
    const led = await fetch(again, { redirect: 'manual' });
    expect(led.status).toBe(303);
    expect(await read(fetch(led.headers.get('location') ?? ''))).toContain('Total due $30.00');
    expect((await fetch(`${again}x`)).status).toBe(404);
  });

  it('of a saved method: that it is saved, not that something was paid', async () => {
    const { id, url } = await test.stripe.checkout.sessions.create({
      mode: 'setup',
      currency: 'usd',
      success_url: 'http://shop.test/saved',
    });
    expect(await read(fetch(url ?? ''))).not.toMatch(/\$|Total/);
    expect((await post(url ?? '', FORM)).headers.get('location')).toBe('http://shop.test/saved');
    expect(await read(fetch(`${test.url}/c/pay/${id}`))).toContain('Your payment details are saved.');
  });
});

it('a live session shows no badge of a test and no test cards, also when it starts again', async () => {
  const live = clientFor(test.url, { key: 'sk_live_1234567890abcdef' });
  const made = await live.checkout.sessions.create({
    ...PACK,
    after_expiration: { recovery: { enabled: true } },
  });
  const page = await (await fetch(made.url ?? '')).text();
  expect(page).not.toMatch(/SANDBOX|test-cards|4242/);
  await live.checkout.sessions.expire(made.id);
  const expired = await (await fetch(made.url ?? '')).text();
  expect(expired).not.toContain('SANDBOX');
  const again = /href="([^"]+\/r\/live_[^"]+)"/.exec(expired)?.[1] ?? '';
  const led = await fetch(again, { redirect: 'manual' });
  expect(led.headers.get('location')).toContain('/c/pay/cs_live_');
});
