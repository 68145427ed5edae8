import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pressIn, readIn } from '../../testing/press';
import { startUnderTest, until, type UnderTest } from '../../testing/under-test';

let sandbox: UnderTest;
beforeEach(async () => {
  sandbox = await startUnderTest();
});
afterEach(() => sandbox.stop());

const PAGE = '/panel/billing';
const press = (action: string, fields?: Record<string, string>) => pressIn(sandbox, action, fields);

async function subscribe(params: Partial<Stripe.SubscriptionCreateParams> = {}, clock?: string) {
  const { stripe } = sandbox;
  const product = await stripe.products.create({ name: 'Credence Pro' });
  const [price, larger] = await Promise.all(
    [3_000, 9_000].map((amount) =>
      stripe.prices.create({
        product: product.id,
        currency: 'usd',
        unit_amount: amount,
        recurring: { interval: 'month' },
      }),
    ),
  );
  const customer = await stripe.customers.create({
    email: 'ada@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    ...(clock !== undefined && { test_clock: clock }),
  });
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price?.id ?? '' }],
    ...params,
  });
  return { customer, id, larger: larger?.id ?? '', path: `/panel/subscriptions/${id}` };
}

const found = (id: string) => sandbox.stripe.subscriptions.retrieve(id);

describe('a subscription', () => {
  it('is to end, goes on, is held back and goes on, and is canceled for good', async () => {
    const { id, path } = await subscribe();
    expect(await press(`${path}/end`)).toContain('It ends with the present period.');
    expect((await found(id)).cancel_at_period_end).toBe(true);
    await press(`${path}/resume`);
    expect((await found(id)).cancel_at_period_end).toBe(false);
    await press(`${path}/pause`);
    expect((await found(id)).pause_collection?.behavior).toBe('keep_as_draft');
    expect(await press(`${path}/pause`)).toContain('held back already');
    await press(`${path}/resume`);
    expect((await found(id)).pause_collection).toBeNull();
    expect(await press(`${path}/resume`)).toContain('neither paused nor to be canceled');
    expect(await press(`${path}/cancel`)).toContain('The subscription is canceled.');
    expect((await found(id)).status).toBe('canceled');
    expect(await press(`${path}/cancel`)).toContain('This subscription has ended.');
  });

  it('renews now, and changes to another plan of its currency', async () => {
    const { id, larger, path } = await subscribe();
    await press(`${path}/renew`);
    const { data } = await sandbox.stripe.invoices.list({ subscription: id });
    expect(data.map(({ billing_reason: reason }) => reason)).toEqual([
      'subscription_cycle',
      'subscription_create',
    ]);
    expect(await readIn(sandbox, `/panel/objects/${id}`)).toContain('Credence Pro, $90.00 a month');
    await press(`${path}/plan`, { price: larger });
    expect((await found(id)).items.data[0]?.price.id).toBe(larger);
    expect(await press(`${path}/plan`, { price: 'price_none' })).toContain(
      'price_none is no recurring price',
    );
  });

  it('on a test clock is renewed by its clock, whose page tells what the advance did', async () => {
    const clock = await sandbox.stripe.testHelpers.testClocks.create({ frozen_time: 1_795_000_000 });
    const { id, path } = await subscribe({}, clock.id);
    expect(await press(`${path}/renew`)).toContain('advance the clock');
    const row = await readIn(sandbox, PAGE);
    for (const linked of [id, clock.id]) expect(row).toContain(linked);
    const page = `/panel/clocks/${clock.id}`;
    const text = await readIn(sandbox, page);
    const at = /name="at" value="(\d+)"\s*\/>\s*<button[^>]*>To the next/.exec(text)?.[1] ?? '';
    expect(text).toContain('renew subscription');
    expect(await press(`${page}/advance`, { at })).toContain('The clock is on its way.');
    await until(async () => {
      const { status } = await sandbox.stripe.testHelpers.testClocks.retrieve(clock.id);
      return status === 'ready';
    });
    const story = await readIn(sandbox, page);
    expect(story).toMatch(/What the last advance did[\s\S]*invoice\.<wbr \/>upcoming/);
    expect(story).not.toContain('It was not advanced yet.');
  });
});

describe('an invoice', () => {
  async function draft() {
    const { stripe } = sandbox;
    const customer = await stripe.customers.create({
      email: 'ada@example.com',
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    await stripe.invoiceItems.create({ customer: customer.id, amount: 1500, currency: 'usd' });
    const { id = '' } = await stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    });
    return { id, path: `/panel/invoices/${id}` };
  }
  const statusOf = async (id: string) => (await sandbox.stripe.invoices.retrieve(id)).status;

  it('is finalized once, fails by a card that declines, and is paid', async () => {
    const { id, path } = await draft();
    expect(await readIn(sandbox, PAGE)).toContain(id);
    expect(await press(`${path}/finalize`)).toContain('The invoice is final.');
    expect(await press(`${path}/finalize`)).toContain('already finalized');
    expect(await press(`${path}/fail`)).toContain('It failed: Your card was declined.');
    expect((await sandbox.stripe.invoices.retrieve(id)).attempt_count).toBe(1);
    expect(await press(`${path}/pay`)).toContain('The invoice is paid');
    expect(await statusOf(id)).toBe('paid');
    expect(await press(`${path}/pay`)).toContain('This invoice is paid.');
    expect(await readIn(sandbox, PAGE)).not.toContain(id);
    expect(await readIn(sandbox, `${PAGE}?invoices=paid`)).toContain(id);
  });

  it('is given up, and void', async () => {
    const { id, path } = await draft();
    expect(await press(`${path}/void`)).toContain('This invoice is draft.');
    await press(`${path}/finalize`);
    expect(await press(`${path}/forgive`)).toContain('Nobody asks for it any more.');
    expect(await statusOf(id)).toBe('uncollectible');
    expect(await press(`${path}/void`)).toContain('The invoice is void.');
    expect(await statusOf(id)).toBe('void');
  });
});
