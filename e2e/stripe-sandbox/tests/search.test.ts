import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACK, PAYER, refusalOf, startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;
let customers: string[];

beforeAll(async () => {
  test = await startUnderTest();
  customers = [];
  for (const name of ['Ann', 'Bob', 'Cid']) {
    const email = `${name}@x.test`;
    const metadata = { credence_id: `cst_${name}`, "it's": name === 'Ann' ? 'first' : 'later' };
    customers.push((await test.stripe.customers.create({ name, email, metadata })).id);
  }
});
afterAll(() => test.stop());

const search = async (query: string): Promise<string[]> =>
  (await test.stripe.customers.search({ query })).data.map(({ name }) => name ?? '');

describe('search', () => {
  it('finds by metadata, exactly and without regard to case', async () => {
    const found = await test.stripe.customers.search({ query: "metadata['credence_id']:'cst_Bob'" });
    expect(found).toMatchObject({
      object: 'search_result',
      url: '/v1/customers/search',
      has_more: false,
      next_page: null,
      data: [{ id: customers[1], object: 'customer' }],
    });
    expect(await search('metadata["credence_id"]:"CST_BOB"')).toEqual(['Bob']);
    expect(await search("metadata['credence_id']:'cst_Bo'")).toEqual([]);
    expect(await search(String.raw`metadata['it\'s']:'first'`)).toEqual(['Ann']);
  });

  it('joins clauses by AND or OR, negates, compares and looks inside', async () => {
    expect(await search("name:'ann' OR name:'cid'")).toEqual(['Cid', 'Ann']);
    expect(await search("metadata['it\\'s']:'later' AND -name:'cid'")).toEqual(['Bob']);
    expect(await search("email~'b@x' name:'bob'")).toEqual(['Bob']);
    expect(await search('created>0 AND created<=4000000000')).toHaveLength(3);
    expect(await search('phone:null')).toHaveLength(3);
    expect(await search("-metadata['nothing']:null")).toEqual([]);
  });

  it('counts when it is asked to', async () => {
    const counted = await test.stripe.customers.search({
      query: 'created>0',
      limit: 1,
      expand: ['total_count'],
    });
    expect([counted.total_count, counted.data.length]).toEqual([3, 1]);
    expect(await test.stripe.customers.search({ query: 'created>0' })).not.toHaveProperty('total_count');
    const refused = await refusalOf(test.stripe.customers.list({ expand: ['total_count'] }));
    expect(refused.message).toContain('This property cannot be expanded (total_count).');
  });

  it('pages by next_page', async () => {
    const names: string[] = [];
    for await (const customer of test.stripe.customers.search({ query: 'created>0', limit: 1 })) {
      names.push(customer.name ?? '');
    }
    expect(names).toEqual(['Cid', 'Bob', 'Ann']);
  });

  it('finds payment intents of a session by metadata and status, and expands them', async () => {
    const session = await test.stripe.checkout.sessions.create({ ...PACK, customer: customers[0] ?? '' });
    await test.sandbox.checkout.pay(session.id, PAYER);
    const found = await test.stripe.paymentIntents.search({
      query: "metadata['payment']:'pay_7' AND status:'succeeded'",
      expand: ['data.customer'],
    });
    expect(found.data).toMatchObject([{ amount: 3000, customer: { id: customers[0] } }]);
  });

  it.each([
    ["name='ann'", 'We were unable to parse'],
    ["name:'ann' AND email:'b' OR phone:null", 'We were unable to parse'],
    ["metadata:'x'", 'We were unable to parse'],
    ["name:'ann' AND", 'We were unable to parse'],
    ["nickname:'ann'", 'Field `nickname` is an unsupported search field for resource `customers`'],
  ])('refuses %s', async (query, sentence) => {
    const refusal = await refusalOf(test.stripe.customers.search({ query }));
    expect(refusal).toMatchObject({ statusCode: 400, rawType: 'invalid_request_error' });
    expect(refusal.message).toContain(sentence);
  });
});

describe('a list', () => {
  it('filters customers by e-mail and time, sessions by customer and time, events by types and time', async () => {
    const since = Math.floor(Date.now() / 1000) - 600;
    const later = since + 1200;
    const { stripe } = test;
    const names = async (email: string, gte: number): Promise<unknown[]> =>
      (await stripe.customers.list({ email, created: { gte } })).data.map(({ name }) => name);
    expect(await names('Bob@x.test', since)).toEqual(['Bob']);
    expect(await names('bob@x.test', since)).toEqual([]);
    expect(await names('Bob@x.test', later)).toEqual([]);

    const customer = customers[2] ?? '';
    const session = await stripe.checkout.sessions.create({ ...PACK, customer });
    const ids = async (gte: number): Promise<unknown[]> =>
      (await stripe.checkout.sessions.list({ customer, created: { gte } })).data.map(({ id }) => id);
    expect(await ids(since)).toEqual([session.id]);
    expect(await ids(later)).toEqual([]);

    await stripe.checkout.sessions.expire(session.id);
    const types = ['customer.created', 'checkout.session.expired'];
    const seen: string[] = [];
    for await (const event of stripe.events.list({ types, created: { gte: since, lte: later }, limit: 2 })) {
      seen.push(event.type);
    }
    expect(seen).toEqual([
      'checkout.session.expired',
      'customer.created',
      'customer.created',
      'customer.created',
    ]);
    const many = Array.from({ length: 21 }, (_, turn) => `charge.t${turn}`);
    expect(await refusalOf(stripe.events.list({ types: many }))).toMatchObject({ statusCode: 400 });
  });
});
