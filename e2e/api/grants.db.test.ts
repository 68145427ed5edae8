import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';

import { setLimit } from '../../app/modules/approvals/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { days } from '../../app/platform/time';
import { type CredenceClient } from '../fixtures/api-client';
import { useTestDatabase } from '../support/test-database';
import { keyed, newClient, productOf } from './testing/api-desk';

const database = useTestDatabase();
let product: CredenceClient;

beforeAll(async () => {
  product = productOf(database.db, (await newClient(database.db)).key);
});

const bonus = (customer: string, amount: number, key?: string) =>
  product.POST('/grants', { ...keyed(key), body: { customer, amount, kind: 'bonus', reason: 'welcome' } });

describe('a grant by the product', () => {
  it('brings credits that expire when it says, under words that the customer reads', async () => {
    const customer = `user_${randomUUID()}`;
    const expires_at = new Date(Date.now() + days(30)).toISOString();
    const { data, response } = await product.POST('/grants', {
      ...keyed(),
      body: { customer, amount: 25, kind: 'trial', reason: 'first steps', expires_at },
    });
    expect(response.status).toBe(201);
    expect(data).toMatchObject({
      object: 'grant',
      kind: 'trial',
      amount: 25,
      expires_at,
      external_id: customer,
    });
    expect(data?.balance).toEqual({ available: 25, held: 0, debt: 0 });
    const { data: found } = await product.GET('/customers/{id}', { params: { path: { id: customer } } });
    expect(found?.lots).toMatchObject([
      { id: data?.lot, kind: 'promo', granted: 25, left: 25, expires_at, payment: null },
    ]);
    const { data: page } = await product.GET('/customers/{id}/ledger', {
      params: { path: { id: customer } },
    });
    expect(page?.data[0]?.reason).toBe('Trial: first steps');
  });

  it('in fifty twins at once is one effect with fifty equal answers', async () => {
    const [customer, key] = [`user_${randomUUID()}`, randomUUID()];
    const twins = await Promise.all(Array.from({ length: 50 }, () => bonus(customer, 5, key)));
    expect(new Set(twins.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(twins[0]?.response.status).toBe(201);
    expect((await bonus(customer, 6, key)).error).toMatchObject({ code: 'idempotency_key_reused' });
    const { data } = await product.GET('/balance', { params: { query: { customer } } });
    expect(data?.available).toBe(5);
  });

  it('above the limit is refused with what is left of it, and passes once there is room', async () => {
    const [customer, key] = [`user_${randomUUID()}`, randomUUID()];
    const { error, response } = await bonus(customer, 100_001, key);
    expect(response.status).toBe(403);
    expect(error).toMatchObject({ code: 'grant_limit_exceeded', bound: 'per_act', limit: 100_000, used: 0 });
    await inTransaction(database.db, 'raise', (tx) =>
      setLimit(
        tx,
        {
          ...{ book: 'test', role: 'api', act: 'grant', unit: 'credits' },
          ...{ perAct: 200_000n, actorDay: 1_000_000n, customerDay: 200_000n },
        },
        { actor: 'usr_admin', reason: 'a campaign' },
      ),
    );
    expect((await bonus(customer, 100_001, key)).response.status).toBe(201);
  });

  it('is refused in the live book until an admin allows it', async () => {
    const live = productOf(database.db, (await newClient(database.db, { book: 'live' })).key);
    const body = { customer: 'user_1', amount: 1, kind: 'bonus' } as const;
    const { error } = await live.POST('/grants', { ...keyed(), body });
    expect(error).toMatchObject({ code: 'grant_limit_exceeded', limit: 0 });
  });

  it.each([
    ['in the past', '2020-01-01T00:00:00Z'],
    ['beyond ten years', '2099-01-01T00:00:00Z'],
  ])('that expires %s is refused', async (_, expires_at) => {
    const body = { customer: 'user_1', amount: 1, kind: 'bonus', expires_at } as const;
    const { error } = await product.POST('/grants', { ...keyed(), body });
    expect(error).toMatchObject({ code: 'invalid_request', errors: [{ at: 'body.expires_at' }] });
  });
});
