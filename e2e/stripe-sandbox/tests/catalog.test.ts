import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { refusalOf, startUnderTest, type UnderTest } from '../testing/under-test';

let under: UnderTest;

beforeEach(async () => {
  under = await startUnderTest();
});
afterEach(() => under.stop());

const MONTHLY = { currency: 'usd', unit_amount: 1500, recurring: { interval: 'month' } } as const;

async function types(): Promise<string[]> {
  const events = await under.stripe.events.list({ limit: 100 });
  return events.data.map((event) => event.type).reverse();
}

async function lastEvent(type: Stripe.Event.Type): Promise<Stripe.Event> {
  const [event] = (await under.stripe.events.list({ type, limit: 1 })).data;
  if (!event) throw new Error(`no ${type}`);
  return event;
}

describe('a recurring price', () => {
  it('is told as a plan beside the price, at its making and at every change', async () => {
    const product = await under.stripe.products.create({ name: 'Monthly credits' });
    const price = await under.stripe.prices.create({ ...MONTHLY, product: product.id });
    expect(price).toMatchObject({
      type: 'recurring',
      recurring: {
        interval: 'month',
        interval_count: 1,
        usage_type: 'licensed',
        meter: null,
        trial_period_days: null,
      },
    });
    expect(String(price.unit_amount_decimal)).toBe('1500');
    await under.stripe.prices.update(price.id, { nickname: 'Small' });
    await under.stripe.prices.update(price.id, { lookup_key: 'small' });
    expect(await types()).toEqual([
      'product.created',
      'plan.created',
      'price.created',
      'plan.updated',
      'price.updated',
      'price.updated',
    ]);
    expect((await lastEvent('plan.updated')).data).toMatchObject({
      object: { id: price.id, object: 'plan', nickname: 'Small', amount: 1500, interval: 'month' },
      previous_attributes: { nickname: null },
    });
    expect(await under.stripe.plans.retrieve(price.id)).toMatchObject({
      id: price.id,
      object: 'plan',
      product: product.id,
      usage_type: 'licensed',
    });
  });

  it('repeats within three years and only as licensed', async () => {
    const product = (await under.stripe.products.create({ name: 'p' })).id;
    const create = (recurring: Stripe.PriceCreateParams.Recurring) =>
      under.stripe.prices.create({ currency: 'usd', unit_amount: 1, product, recurring });
    expect((await create({ interval: 'week', interval_count: 156 })).recurring?.interval_count).toBe(156);
    const far = await refusalOf(create({ interval: 'month', interval_count: 37 }));
    expect(far).toMatchObject({ statusCode: 400, param: 'recurring[interval_count]' });
    expect(await refusalOf(create({ interval: 'day', interval_count: 0 }))).toMatchObject({
      code: 'parameter_invalid_integer',
    });
    expect((await refusalOf(create({ interval: 'month', usage_type: 'metered' }))).message).toBe(
      'The sandbox does not play metered prices.',
    );
    const odd = await refusalOf(create({ interval: 'day', interval_count: 1.5 }));
    expect(odd.message).toBe('Invalid integer: 1.5');
  });

  it('is refused in forms that are not played', async () => {
    const product = (await under.stripe.products.create({ name: 'p' })).id;
    const base = { currency: 'usd', product };
    const tiers: Stripe.PriceCreateParams.Tier[] = [{ up_to: 'inf', unit_amount: 5 }];
    const calls = [
      under.stripe.prices.create({ ...base, billing_scheme: 'tiered', tiers, tiers_mode: 'graduated' }),
      under.stripe.prices.create({ ...base, custom_unit_amount: { enabled: true } }),
      under.stripe.prices.create({
        ...base,
        unit_amount: 5,
        transform_quantity: { divide_by: 2, round: 'up' },
      }),
    ];
    for (const call of calls) expect((await refusalOf(call)).message).toMatch(/^The sandbox does not play/);
    expect(await types()).toEqual(['product.created']);
  });

  it('made as a plan is a price as well, and can be deleted', async () => {
    const plan = await under.stripe.plans.create({
      currency: 'usd',
      interval: 'month',
      amount: 2000,
      product: { name: 'myproduct' },
    });
    expect(plan.id).toMatch(/^plan_1/);
    expect(await under.stripe.prices.retrieve(plan.id)).toMatchObject({
      unit_amount: 2000,
      type: 'recurring',
    });
    await under.stripe.plans.update(plan.id, { metadata: { foo: 'bar' } });
    expect(await under.stripe.plans.del(plan.id)).toEqual({ id: plan.id, object: 'plan', deleted: true });
    expect((await refusalOf(under.stripe.prices.retrieve(plan.id))).message).toBe(
      `No such price: '${plan.id}'`,
    );
    expect(await types()).toEqual([
      'product.created',
      'plan.created',
      'price.created',
      'plan.updated',
      'price.updated',
      'plan.deleted',
      'price.deleted',
    ]);
  });
});

describe('prices', () => {
  it('cost something else in other currencies, shown when asked for', async () => {
    const price = await under.stripe.prices.create({
      ...MONTHLY,
      product_data: { name: 'p' },
      currency_options: { eur: { unit_amount: 1400 }, jpy: { unit_amount: 2000, tax_behavior: 'inclusive' } },
    });
    expect(price.currency_options).toBeUndefined();
    await under.stripe.prices.update(price.id, { currency_options: { eur: { unit_amount: 1300 } } });
    const full = await under.stripe.prices.retrieve(price.id, { expand: ['currency_options'] });
    const amounts = Object.entries(full.currency_options ?? {}).map(([code, option]) => [
      code,
      option.unit_amount,
    ]);
    expect(amounts).toEqual([
      ['usd', 1500],
      ['eur', 1300],
      ['jpy', 2000],
    ]);
    const wrong = under.stripe.prices.create({ ...MONTHLY, currency: 'zzz', product_data: { name: 'p' } });
    expect((await refusalOf(wrong)).message).toBe('Invalid currency: zzz');
  });

  it('are listed by rhythm, kind, lookup key, product and time', async () => {
    const product = (await under.stripe.products.create({ name: 'p' })).id;
    const once = await under.stripe.prices.create({
      currency: 'usd',
      unit_amount: 5,
      product,
      lookup_key: 'once',
    });
    const month = await under.stripe.prices.create({ ...MONTHLY, product, lookup_key: 'month' });
    const year = await under.stripe.prices.create({
      ...MONTHLY,
      product_data: { name: 'q' },
      recurring: { interval: 'year' },
    });
    const ids = async (params: Stripe.PriceListParams) =>
      (await under.stripe.prices.list(params)).data.map(({ id }) => id);
    expect(await ids({ recurring: { interval: 'year' } })).toEqual([year.id]);
    expect(await ids({ type: 'recurring' })).toEqual([year.id, month.id]);
    expect(await ids({ lookup_keys: ['once', 'month'] })).toEqual([month.id, once.id]);
    expect(await ids({ product, type: 'one_time' })).toEqual([once.id]);
    expect(await ids({ created: { gt: year.created } })).toEqual([]);
    expect((await under.stripe.plans.list({ product })).data.map(({ id }) => id)).toEqual([month.id]);
  });

  it('lend their lookup key to one price at a time', async () => {
    const product = (await under.stripe.products.create({ name: 'p' })).id;
    const first = await under.stripe.prices.create({ ...MONTHLY, product, lookup_key: 'pro' });
    const taken = under.stripe.prices.create({ ...MONTHLY, product, lookup_key: 'pro' });
    expect((await refusalOf(taken)).message).toBe(`A price (${first.id}) already uses that lookup key.`);
    const second = await under.stripe.prices.create({
      ...MONTHLY,
      product,
      lookup_key: 'pro',
      transfer_lookup_key: true,
    });
    expect((await under.stripe.prices.retrieve(first.id)).lookup_key).toBeNull();
    expect(second.lookup_key).toBe('pro');
    expect((await types()).slice(3)).toEqual(['price.updated', 'plan.created', 'price.created']);
  });

  it('and products are found by metadata', async () => {
    const product = await under.stripe.products.create({ name: 'Pack', metadata: { sku: 'p-100' } });
    await under.stripe.products.create({ name: 'Other', metadata: { sku: 'p-200' } });
    const price = await under.stripe.prices.create({
      ...MONTHLY,
      product: product.id,
      metadata: { credits: '100' },
    });
    const products = await under.stripe.products.search({
      query: "metadata['sku']:'p-100' AND active:'true'",
    });
    expect(products.data.map(({ id }) => id)).toEqual([product.id]);
    const prices = await under.stripe.prices.search({
      query: `product:'${product.id}' AND metadata['credits']:'100'`,
    });
    expect(prices.data.map(({ id }) => id)).toEqual([price.id]);
  });
});

describe('a product', () => {
  it('comes with its default price', async () => {
    const product = await under.stripe.products.create({
      name: 'Credits',
      default_price_data: { currency: 'usd', unit_amount: 900, recurring: { interval: 'month' } },
      expand: ['default_price'],
    });
    expect(product.default_price).toMatchObject({ unit_amount: 900, product: product.id, type: 'recurring' });
    expect(await types()).toEqual(['product.created', 'plan.created', 'price.created', 'product.updated']);
    const price = (await under.stripe.prices.list({ product: product.id })).data[0]?.id ?? '';
    const archived = await refusalOf(under.stripe.prices.update(price, { active: false }));
    expect(archived.message).toContain('default price of its product');
    const foreign = await under.stripe.prices.create({ ...MONTHLY, product_data: { name: 'q' } });
    const wrong = await refusalOf(under.stripe.products.update(product.id, { default_price: foreign.id }));
    expect(wrong).toMatchObject({ param: 'default_price' });
  });

  it('is deleted only while it has no prices', async () => {
    const product = await under.stripe.products.create({ name: 'p' });
    const updated = await under.stripe.products.update(product.id, {
      description: 'd',
      metadata: { a: 'b' },
    });
    expect(updated).toMatchObject({ description: 'd', metadata: { a: 'b' } });
    expect((await lastEvent('product.updated')).data.previous_attributes).toMatchObject({
      description: null,
    });
    const price = await under.stripe.prices.create({ ...MONTHLY, product: product.id });
    expect((await refusalOf(under.stripe.products.del(product.id))).message).toBe(
      'This product cannot be deleted because it has one or more user-created prices.',
    );
    await under.stripe.plans.del(price.id);
    expect(await under.stripe.products.del(product.id)).toMatchObject({ deleted: true });
    expect((await types()).slice(-1)).toEqual(['product.deleted']);
  });
});
