import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;
let pro: Stripe.Price;
let team: Stripe.Price;
let customer: Stripe.Customer;
let subscription: Stripe.Subscription;

const SHOP = 'http://shop.test';

beforeAll(async () => {
  test = await startUnderTest();
  pro = await plan('Pro', 3000);
  team = await plan('Team', 9000);
});
afterAll(() => test.stop());

beforeEach(async () => {
  customer = await test.stripe.customers.create({
    email: 'ada@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  subscription = await test.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: pro.id }],
  });
});

const plan = (name: string, amount: number): Promise<Stripe.Price> =>
  test.stripe.prices.create({
    currency: 'usd',
    unit_amount: amount,
    recurring: { interval: 'month' },
    product_data: { name },
  });

type Features = Stripe.BillingPortal.ConfigurationCreateParams.Features;

async function portal(
  features: Partial<Features> = {},
  more: Partial<Stripe.BillingPortal.SessionCreateParams> = {},
): Promise<string> {
  const configuration = await test.stripe.billingPortal.configurations.create({
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: 'immediately' },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price'],
        products: [pro, team].map((price) => ({ product: String(price.product), prices: [price.id] })),
      },
      ...features,
    },
  });
  const made = await test.stripe.billingPortal.sessions.create({
    customer: customer.id,
    configuration: configuration.id,
    return_url: `${SHOP}/account`,
    ...more,
  });
  return made.url;
}

const post = (url: string, fields: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

async function read(answer: Response | Promise<Response>): Promise<string> {
  const text = (await (await answer).text()).replace(/<select[\s\S]*?<\/select>/g, ' ');
  return text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

/** Where an answer leads, without the origin. */
const led = (answer: Response): string =>
  (answer.headers.get('location') ?? '').replace(/^.*\/p\/session/, '');

const cancelFlow = (
  more: Partial<Stripe.BillingPortal.SessionCreateParams.FlowData> = {},
): Partial<Stripe.BillingPortal.SessionCreateParams> => ({
  flow_data: {
    type: 'subscription_cancel',
    subscription_cancel: { subscription: subscription.id },
    ...more,
  },
});

describe('the portal', () => {
  it('shows plan, method, invoices and the way back', async () => {
    const url = await portal();
    const page = await (await fetch(url)).text();
    const text = await read(fetch(url));
    expect(text).toMatch(/Pro \$30\.00 per month Your next billing date is \w+ \d+, \d{4}\. Paid with Visa/);
    expect(text).toMatch(/Invoice history .*\$30\.00 Paid/);
    expect(page).toContain(`href="${SHOP}/account"`);
    expect(page).toContain('SANDBOX');
    expect(page).not.toContain('<script');
  });

  it('offers only what its configuration allows, and takes nothing else', async () => {
    const url = await portal({
      subscription_cancel: { enabled: false },
      subscription_update: { enabled: false },
      payment_method_update: { enabled: false },
      invoice_history: { enabled: false },
    });
    const text = await read(fetch(url));
    expect(text).not.toMatch(/Cancel subscription|Update subscription|Add payment method|Invoice history/);
    for (const path of [`cancel/${subscription.id}`, `plans/${subscription.id}`, 'methods/new', 'billing']) {
      const closed = await fetch(`${url}/${path}`, { redirect: 'manual' });
      expect(closed.status).toBe(303);
    }
    const refused = await post(`${url}/cancel/${subscription.id}`);
    expect(await refused.text()).toMatch(/role="alert"\s*>[^<]+</);
    const kept = await test.stripe.subscriptions.retrieve(subscription.id);
    expect(kept).toMatchObject({ status: 'active', cancel_at_period_end: false });
  });

  it('asks before it cancels, and says when that is', async () => {
    const url = await portal();
    expect(await read(fetch(`${url}/cancel/${subscription.id}`))).toContain('It ends at once');
    expect((await test.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    const done = await post(`${url}/cancel/${subscription.id}`);
    expect(led(done)).toMatch(/\?notice=canceled$/);
    expect((await test.stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
    expect(await read(fetch(new URL(done.headers.get('location') ?? '', url)))).toContain(
      'You have no subscription.',
    );
  });

  it('shows the plan now and after, and changes nothing before it is confirmed', async () => {
    const url = await portal();
    const there = `${url}/plans/${subscription.id}`;
    expect(await read(fetch(`${there}/confirm?price=${pro.id}`))).toContain('That is what you have already.');
    expect(await read(fetch(`${there}/confirm?price=price_other`))).toContain('Choose a plan.');
    const confirm = await read(fetch(`${there}/confirm?price=${team.id}`));
    expect(confirm).toMatch(/Now Pro \$30\.00 per month After Team \$90\.00 per month/);
    const priceNow = async () =>
      (await test.stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.price.id;
    expect(await priceNow()).toBe(pro.id);
    expect(led(await post(there, { price: team.id, quantity: '1' }))).toMatch(/\?notice=changed$/);
    expect(await priceNow()).toBe(team.id);
  });

  it('says at its field what is wrong with a card, and never sends the number back after the bank was asked', async () => {
    const url = `${await portal()}/methods/new`;
    const card = { cardExpiry: '12 / 34', cardCvc: '123', billingName: 'Ada', billingCountry: 'US' };
    const wrong = await (await post(url, { ...card, cardNumber: '4242424242424241' })).text();
    expect(wrong).toMatch(/id="cardNumber-error"\s*>Your card number is incorrect\./);
    const asked = await (await post(url, { ...card, cardNumber: '4000002760003184' })).text();
    const dialog = asked.slice(asked.indexOf('<dialog'));
    expect(dialog).toMatch(/^<dialog[^>]*\sopen\b/);
    expect(dialog).not.toContain('3184');
    const setupIntent = /name="setupIntent" value="(seti_\w+)"/.exec(dialog)?.[1] ?? '';
    const refused = await read(
      post(url.replace('/new', '/challenge'), { setupIntent, answer: 'fail', billingName: 'Ada' }),
    );
    expect(refused).toContain('unable to authenticate');
  });
});

describe('a flow', () => {
  it('opens on its act and confirms it on a page of its own', async () => {
    const url = await portal(
      {},
      cancelFlow({
        after_completion: { type: 'hosted_confirmation', hosted_confirmation: { custom_message: 'Bye!' } },
      }),
    );
    expect(led(await fetch(url, { redirect: 'manual' }))).toMatch(new RegExp(`/cancel/${subscription.id}$`));
    const done = await post(`${url}/cancel/${subscription.id}`);
    expect(await read(fetch(new URL(done.headers.get('location') ?? '', url)))).toContain('Bye!');
  });

  it('to another plan opens on the confirmation of that plan', async () => {
    const [item] = subscription.items.data;
    const url = await portal(
      {},
      {
        flow_data: {
          type: 'subscription_update_confirm',
          subscription_update_confirm: {
            subscription: subscription.id,
            items: [{ id: item?.id ?? '', price: team.id, quantity: 1 }],
          },
        },
      },
    );
    expect(await read(fetch(url))).toMatch(/Confirm your updates .*After Team/);
  });

  it('whose act is done already shows the portal itself', async () => {
    const url = await portal({}, cancelFlow());
    await test.stripe.subscriptions.cancel(subscription.id);
    expect(await read(fetch(url))).toContain('You have no subscription.');
  });
});

it('a portal session that nobody knows is a 404, and one that is over leads back', async () => {
  expect((await fetch(`${test.url}/p/session/test_none`)).status).toBe(404);
  const url = await portal();
  await fetch(`${test.url}/_control/settings`, {
    method: 'PUT',
    body: JSON.stringify({ clockOffsetMs: 2 * 3_600_000 }),
  });
  const page = await (await fetch(url)).text();
  await fetch(`${test.url}/_control/settings`, { method: 'PUT', body: JSON.stringify({ clockOffsetMs: 0 }) });
  expect(page).toContain('This portal session has expired');
  expect(page).toContain(`href="${SHOP}/account"`);
});
