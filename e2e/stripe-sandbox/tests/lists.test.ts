import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACK, refusalOf, startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;

beforeAll(async () => {
  test = await startUnderTest();
});
afterAll(() => test.stop());

describe('lists', () => {
  it('go newest first, page both ways and clamp their limit', async () => {
    const ids: string[] = [];
    for (let turn = 0; turn < 5; turn += 1)
      ids.unshift((await test.stripe.customers.create({ email: 'page@x.test' })).id);
    const all = await test.stripe.customers.list({ email: 'page@x.test', limit: 1000 });
    expect(all.data.map((customer) => customer.id)).toEqual(ids);
    const first = await test.stripe.customers.list({ email: 'page@x.test', limit: 2 });
    expect([first.has_more, first.data.map(({ id }) => id)]).toEqual([true, ids.slice(0, 2)]);
    const next = await test.stripe.customers.list({
      email: 'page@x.test',
      limit: 3,
      starting_after: ids[1] ?? '',
    });
    expect([next.has_more, next.data.map(({ id }) => id)]).toEqual([false, ids.slice(2)]);
    const back = await test.stripe.customers.list({
      email: 'page@x.test',
      limit: 2,
      ending_before: ids[4] ?? '',
    });
    expect([back.has_more, back.data.map(({ id }) => id)]).toEqual([true, ids.slice(2, 4)]);
    const walked: string[] = [];
    for await (const { id } of test.stripe.customers.list({ email: 'page@x.test', limit: 2 }))
      walked.push(id);
    expect(walked).toEqual(ids);
    expect((await test.stripe.customers.list({ limit: 0 })).data).toHaveLength(1);
  });

  it('hold a hundred rows at most', async () => {
    const email = 'many@x.test';
    await Promise.all(Array.from({ length: 101 }, () => test.stripe.customers.create({ email })));
    const most = await test.stripe.customers.list({ email, limit: 1000 });
    expect([most.data.length, most.has_more]).toEqual([100, true]);
  });

  it('refuse both cursors', async () => {
    const { id } = await test.stripe.customers.create();
    const refused = await refusalOf(test.stripe.customers.list({ starting_after: id, ending_before: id }));
    expect(refused.message).toBe(
      'Received both starting_after and ending_before parameters. Please pass in only one.',
    );
  });

  it('report a cursor that names nothing before the two of them', async () => {
    const { id } = await test.stripe.customers.create();
    const cursors = { starting_after: 'cus_no', ending_before: id };
    expect(await refusalOf(test.stripe.customers.list(cursors))).toMatchObject({
      code: 'resource_missing',
      param: 'starting_after',
      message: "No such customer: 'cus_no'",
    });
    expect(await refusalOf(test.stripe.customers.list({ ending_before: 'cus_no' }))).toMatchObject({
      param: 'ending_before',
    });
  });

  it('that hang on one object page and refuse in the same way', async () => {
    const line = (name: string) => ({
      quantity: 1,
      price_data: { currency: 'usd', unit_amount: 500, product_data: { name } },
    });
    const { id } = await test.stripe.checkout.sessions.create({
      ...PACK,
      line_items: ['A', 'B', 'C'].map(line),
    });
    const page = async (params: object): Promise<[boolean, Array<string | null>]> => {
      const found = await test.stripe.checkout.sessions.listLineItems(id, params);
      return [found.has_more, found.data.map(({ description }) => description)];
    };
    const all = await test.stripe.checkout.sessions.listLineItems(id);
    const [a = '', , c = ''] = all.data.map((item) => item.id);
    expect(await page({ limit: 2 })).toEqual([true, ['A', 'B']]);
    expect(await page({ limit: 2, starting_after: a })).toEqual([false, ['B', 'C']]);
    expect(await page({ limit: 1, ending_before: c })).toEqual([true, ['B']]);
    expect(await page({ limit: 2, ending_before: c })).toEqual([false, ['A', 'B']]);
    const both = test.stripe.checkout.sessions.listLineItems(id, { starting_after: a, ending_before: c });
    expect((await refusalOf(both)).message).toContain('Received both starting_after and ending_before');
    const missing = test.stripe.checkout.sessions.listLineItems(id, { ending_before: 'li_no' });
    expect(await refusalOf(missing)).toMatchObject({ code: 'resource_missing', param: 'ending_before' });
  });

  it('filter by the time of making', async () => {
    const { created, id } = await test.stripe.products.create({ name: 'timed' });
    const ids = async (range: object): Promise<string[]> =>
      (await test.stripe.products.list({ created: range, limit: 100 })).data.map((row) => row.id);
    expect(await ids({ gte: created, lte: created })).toContain(id);
    expect(await ids({ gt: created })).not.toContain(id);
    expect(await ids({ lt: created })).not.toContain(id);
  });

  it('filter events by type, wildcard, types and delivery', async () => {
    await test.stripe.products.create({ name: 'evented' });
    const exact = await test.stripe.events.list({ type: 'product.created' });
    expect(new Set(exact.data.map((event) => event.type))).toEqual(new Set(['product.created']));
    const wild = await test.stripe.events.list({ type: 'prod*', limit: 100 });
    expect(wild.data.every((event) => event.type.startsWith('product.'))).toBe(true);
    const some = await test.stripe.events.list({ types: ['price.created'], delivery_success: true });
    expect(some.data.every((event) => event.type === 'price.created' && event.pending_webhooks === 0)).toBe(
      true,
    );
  });
});

describe('expand', () => {
  it('fills ids with objects, up to four levels', async () => {
    const customer = await test.stripe.customers.create({
      email: 'e@x.test',
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
      expand: ['invoice_settings.default_payment_method.customer', 'subscriptions'],
    });
    const method = customer.invoice_settings.default_payment_method;
    if (method === null || typeof method === 'string') throw new Error('The method is expanded.');
    expect(method).toMatchObject({ object: 'payment_method', customer: { id: customer.id } });
    expect(customer.subscriptions).toMatchObject({ object: 'list', data: [] });
    const attached = await test.stripe.customers.listPaymentMethods(customer.id);
    expect(attached.data.map(({ id }) => id)).toEqual([method.id]);
    const refused = await refusalOf(
      test.stripe.charges.list({ expand: ['data.payment_intent.customer.default_source.customer'] }),
    );
    expect(refused.message).toContain('You cannot expand more than 4 levels of a property.');
  });

  it('works on lists under data', async () => {
    await test.stripe.paymentIntents.create({
      amount: 900,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    const [intent] = (await test.stripe.paymentIntents.list({ limit: 1, expand: ['data.latest_charge'] }))
      .data;
    expect(intent?.latest_charge).toMatchObject({ object: 'charge', amount: 900 });
  });
});
