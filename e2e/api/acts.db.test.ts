import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';

import { readBalance } from '../../app/modules/ledger/index.server';
import { closeDb, createDb } from '../../app/platform/db.server';
import { type CredenceClient } from '../fixtures/api-client';
import { useTestDatabase } from '../support/test-database';
import { keyed, newClient, productOf, richCustomer } from './testing/api-desk';

const database = useTestDatabase();
let product: CredenceClient;

beforeAll(async () => {
  product = productOf(database.db, (await newClient(database.db)).key);
});

const spend = (customer: string, amount: number, key?: string, reason?: string) =>
  product.POST('/spends', { ...keyed(key), body: { customer, amount, ...(reason && { reason }) } });

const available = async (customerId: string) =>
  (await readBalance(database.db, { book: 'test', customerId })).available;

describe('a spend', () => {
  it('takes the credits and says what is left', async () => {
    const customer = await richCustomer(database.db, 10n);
    const { data, response } = await spend(customer, 3, undefined, 'A render');
    expect(response.status).toBe(201);
    expect(data).toMatchObject({ object: 'spend', book: 'test', customer, external_id: null, amount: 3 });
    expect(data?.balance).toEqual({ available: 7, held: 0, debt: 0 });
    const { data: page } = await product.GET('/customers/{id}/ledger', {
      params: { path: { id: customer } },
    });
    expect(page?.data[0]).toMatchObject({
      transfer: data?.id,
      kind: 'spend',
      change: -3,
      reason: 'A render',
    });
  });

  it('of more than there is is refused with the balance and what is missing, and its key stays free', async () => {
    const customer = await richCustomer(database.db, 10n);
    const key = randomUUID();
    const { error, response } = await spend(customer, 12, key);
    expect(response.status).toBe(402);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(error).toMatchObject({ code: 'insufficient_credits', balance: 10, shortfall: 2 });
    const again = await spend(customer, 9, key);
    expect(again.response.status).toBe(201);
  });

  it('asked again is answered as it was, and says so', async () => {
    const customer = await richCustomer(database.db, 10n);
    const key = randomUUID();
    const first = await spend(customer, 3, key);
    await spend(customer, 5);
    const second = await spend(customer, 3, key);
    expect(second.data).toEqual(first.data);
    expect(second.response.status).toBe(201);
    expect(first.response.headers.has('idempotency-replayed')).toBe(false);
    expect(second.response.headers.get('idempotency-replayed')).toBe('true');
    expect(await available(customer)).toBe(2n);
  });

  it.each([
    ['another amount', (customer: string) => ({ customer, amount: 4 })],
    ['another reason', (customer: string) => ({ customer, amount: 3, reason: 'else' })],
    ['another customer', () => ({ customer: 'somebody-else', amount: 3 })],
  ])('under a key that stood for %s is refused as reused', async (_, other) => {
    const customer = await richCustomer(database.db, 10n);
    const key = randomUUID();
    await spend(customer, 3, key);
    const { error, response } = await product.POST('/spends', { ...keyed(key), body: other(customer) });
    expect(response.status).toBe(422);
    expect(error).toMatchObject({ code: 'idempotency_key_reused' });
    expect(await available(customer)).toBe(7n);
  });

  it('in fifty twins at once is one effect with fifty equal answers', async () => {
    const customer = await richCustomer(database.db, 100n);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => spend(customer, 3, key)));
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(answers.every(({ response }) => response.status === 201)).toBe(true);
    expect(answers.filter(({ response }) => response.headers.has('idempotency-replayed'))).toHaveLength(49);
    expect(await available(customer)).toBe(97n);
  });

  it('in fifty twins at two web processes is one effect with fifty equal answers', async () => {
    const customer = await richCustomer(database.db, 100n);
    const { key: bearer } = await newClient(database.db);
    const pools = [createDb(database.url), createDb(database.url)];
    const products = pools.map((pool) => productOf(pool, bearer));
    const order = { ...keyed(), body: { customer, amount: 3 } };
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => products.map((one) => one.POST('/spends', order))).flat(),
    );
    await Promise.all(pools.map(closeDb));
    expect(answers.every(({ response }) => response.status === 201)).toBe(true);
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(await available(customer)).toBe(97n);
  });

  it('is taken back whole and once', async () => {
    const customer = await richCustomer(database.db, 10n);
    const { data: spent } = await spend(customer, 4);
    const path = { id: spent?.id ?? '' };
    const reverse = (key: string) =>
      product.POST('/spends/{id}/reverse', {
        params: { path, header: { 'Idempotency-Key': key } },
        body: {},
      });
    const key = randomUUID();
    const [first, ...twins] = await Promise.all(Array.from({ length: 10 }, () => reverse(key)));
    expect(first?.data).toMatchObject({ object: 'reversal', reverses: spent?.id, amount: 4, customer });
    for (const twin of twins) expect(twin.data).toEqual(first?.data);
    const other = await reverse(randomUUID());
    expect(other.response.status).toBe(409);
    expect(other.error).toMatchObject({ code: 'already_reversed', reversal: first?.data?.id });
    expect(await available(customer)).toBe(10n);
  });

  it('that is no spend is not taken back', async () => {
    const customer = await richCustomer(database.db, 10n);
    const { data: page } = await product.GET('/customers/{id}/ledger', {
      params: { path: { id: customer } },
    });
    const path = { id: page?.data[0]?.transfer ?? '' };
    const { error } = await product.POST('/spends/{id}/reverse', {
      params: { path, ...keyed().params },
      body: {},
    });
    expect(error).toMatchObject({ code: 'not_reversible' });
  });
});

describe('a hold', () => {
  const hold = (customer: string, amount: number, expires_in?: number) =>
    product.POST('/holds', { ...keyed(), body: { customer, amount, ...(expires_in && { expires_in }) } });
  const at = (id: string, key?: string) => ({ params: { path: { id }, ...keyed(key).params } }) as const;

  it('is captured in part, and the rest comes back', async () => {
    const customer = await richCustomer(database.db, 10n);
    const { data: held } = await hold(customer, 8, 900);
    expect(held).toMatchObject({
      object: 'hold',
      state: 'active',
      amount: 8,
      balance: { available: 2, held: 8, debt: 0 },
    });
    const lasts = Date.parse(held?.expires_at ?? '') - Date.parse(held?.created_at ?? '');
    expect(lasts).toBe(900_000);
    const id = held?.id ?? '';
    const { data: read } = await product.GET('/holds/{id}', { params: { path: { id } } });
    expect(read).toMatchObject({ object: 'hold', id, captured: 0 });
    expect(held).toMatchObject(read ?? {});
    const tooMuch = await product.POST('/holds/{id}/capture', { ...at(id), body: { amount: 9 } });
    expect(tooMuch.error).toMatchObject({ code: 'capture_exceeds_hold', held: 8 });
    const { data } = await product.POST('/holds/{id}/capture', { ...at(id), body: { amount: 5 } });
    expect(data).toMatchObject({
      object: 'capture',
      hold: id,
      amount: 5,
      balance: { available: 5, held: 0, debt: 0 },
    });
    const { data: now } = await product.GET('/holds/{id}', { params: { path: { id } } });
    expect(now).toMatchObject({ state: 'captured', amount: 8, captured: 5, customer });
    const late = await product.POST('/holds/{id}/release', { ...at(id), body: {} });
    expect(late.error).toMatchObject({ code: 'hold_not_active', state: 'captured' });
  });

  it('is captured whole when no amount is named, once for all twins', async () => {
    const customer = await richCustomer(database.db, 10n);
    const { data: held } = await hold(customer, 8);
    const key = randomUUID();
    const twins = await Promise.all(
      Array.from({ length: 10 }, () =>
        product.POST('/holds/{id}/capture', { ...at(held?.id ?? '', key), body: {} }),
      ),
    );
    expect(new Set(twins.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(await available(customer)).toBe(2n);
  });

  it('is released', async () => {
    const customer = await richCustomer(database.db, 10n);
    const { data: held } = await hold(customer, 8);
    const { data } = await product.POST('/holds/{id}/release', { ...at(held?.id ?? ''), body: {} });
    expect(data).toMatchObject({
      object: 'release',
      amount: 8,
      balance: { available: 10, held: 0, debt: 0 },
    });
  });

  it('past its time is expired that very instant, before anything books it', async () => {
    const customer = await richCustomer(database.db, 10n);
    const { data: held } = await hold(customer, 8, 1);
    await database.db.$executeRaw`SELECT pg_sleep(1.05)`;
    const { data } = await product.GET('/holds/{id}', { params: { path: { id: held?.id ?? '' } } });
    expect(data).toMatchObject({ state: 'expired', captured: 0 });
    const { data: balance } = await product.GET('/balance', { params: { query: { customer } } });
    expect(balance).toMatchObject({ available: 10, held: 0 });
  });
});

describe('what is read', () => {
  it('a customer by the product’s own id is there from the first use on, once', async () => {
    const external = `user_${randomUUID()}`;
    const asked = await Promise.all(
      Array.from({ length: 20 }, () =>
        product.GET('/balance', { params: { query: { customer: external } } }),
      ),
    );
    const [first] = asked;
    expect(first?.data).toMatchObject({
      external_id: external,
      available: 0,
      debt: 0,
      seq: 0,
      is_frozen: false,
    });
    expect(new Set(asked.map(({ data }) => data?.customer)).size).toBe(1);
    const { data } = await product.GET('/customers/{id}', {
      params: { path: { id: first?.data?.customer ?? '' } },
    });
    expect(data).toMatchObject({
      object: 'customer',
      id: first?.data?.customer,
      external_id: external,
      lots: [],
    });
  });

  it('an id of ours that nobody has is not found and makes nobody', async () => {
    const before = await database.db.customer.count();
    const { error, response } = await spend(`cst_${'0'.repeat(32)}`, 1);
    expect(response.status).toBe(404);
    expect(error).toMatchObject({ code: 'not_found' });
    expect(await database.db.customer.count()).toBe(before);
  });

  it('the ledger comes in whole pages, and as it was at any instant', async () => {
    const customer = await richCustomer(database.db, 100n);
    for (let n = 1; n <= 6; n += 1) await spend(customer, n);
    const path = { id: customer };
    const { data: all } = await product.GET('/customers/{id}/ledger', { params: { path } });
    expect(all?.data.map(({ change }) => change)).toEqual([-6, -5, -4, -3, -2, -1, 100]);
    const seen = [];
    for (let before: number | undefined; ;) {
      const query = { limit: 3, ...(before !== undefined && { before }) };
      const { data } = await product.GET('/customers/{id}/ledger', { params: { path, query } });
      seen.push(...(data?.data ?? []));
      if (!data?.has_more) break;
      before = data.next_before ?? undefined;
      await spend(customer, 1);
    }
    expect(seen).toEqual(all?.data);
    const third = all?.data[3];
    const at = third?.recorded_at ?? '';
    const { data: then } = await product.GET('/customers/{id}/ledger', {
      params: { path, query: { at: new Date(Date.parse(at) + 1).toISOString(), limit: 1 } },
    });
    expect(then?.data[0]?.seq).toBeGreaterThanOrEqual(third?.seq ?? 0);
    expect(then?.data[0]?.seq).toBeLessThan(all?.data[0]?.seq ?? 0);
    const latest = all?.data[0]?.seq ?? 0;
    const { data: beyond } = await product.GET('/customers/{id}/ledger', {
      params: { path, query: { at: '2020-01-01T00:00:00Z', before: latest } },
    });
    expect(beyond?.data).toEqual([]);
    const { data: balance } = await product.GET('/balance', {
      params: { query: { customer, at: '2020-01-01T00:00:00Z' } },
    });
    expect(balance).toMatchObject({ available: 0, seq: 0, as_of: '2020-01-01T00:00:00.000Z' });
  });
});
