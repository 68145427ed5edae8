import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { OPERATIONS } from '../../app/modules/api/index.server';
import {
  changeClient,
  createClient,
  listClients,
  openKey,
  revokeKey,
  rotateKey,
} from '../../app/modules/clients/index.server';
import { API_SCOPES, DEMO_API_KEY } from '../../app/modules/clients/shared';
import { closeDb, createDb, inTransaction, type Tx } from '../../app/platform/db.server';
import { hours } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { asker, keyed, newClient, productOf, raw, richCustomer } from './testing/api-desk';

const database = useTestDatabase();
const inTx = <T>(act: (tx: Tx) => Promise<T>) => inTransaction(database.db, 'test', act);
const by = { actor: 'usr_admin', reason: 'test' };

const balanceWith = async (key: string, settings = {}) => {
  const product = productOf(database.db, key, settings);
  const { response, error } = await product.GET('/balance', { params: { query: { customer: 'user_1' } } });
  return { status: response.status, error };
};

describe('a key', () => {
  it('is shown once: only its hash, its beginning and its end stand in the database', async () => {
    const { clientId, key } = await newClient(database.db, { book: 'live' });
    expect(key).toMatch(/^ck_live_[A-Za-z0-9]{40}$/);
    const rows = await database.db.apiKey.findMany({ where: { clientId } });
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(key.slice(12, -4));
    expect(rows[0]?.hint).toBe(`${key.slice(0, 12)}…${key.slice(-4)}`);
  });

  it.each([
    ['none', undefined],
    ['one that was never made', `ck_test_${'a'.repeat(40)}`],
    ['what is no key', 'sk_test_4711'],
    ['SQL', "ck_test_' OR 1=1 --"],
  ])('%s opens nothing', async (_, key) => {
    const ask = asker(database.db);
    const answer = await ask(
      raw('/balance?customer=user_1', { method: 'GET', ...(key !== undefined && { key }) }),
    );
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.json()).toMatchObject({ code: 'invalid_key', status: 401 });
  });

  it('is followed by another without a request refused, and both are one client', async () => {
    const customer = await richCustomer(database.db, 10n);
    const { clientId, key: former } = await newClient(database.db);
    const rotated = await inTx((tx) =>
      rotateKey(tx, { clientId, overlap: hours(24), now: new Date(), ...by }),
    );
    if (rotated.outcome !== 'rotated') throw new Error(rotated.outcome);
    const order = { ...keyed(), body: { customer, amount: 3 } };
    const first = await productOf(database.db, former).POST('/spends', order);
    const second = await productOf(database.db, rotated.key).POST('/spends', order);
    expect(first.response.status).toBe(201);
    expect(second.data).toEqual(first.data);
  });

  it('ends when its time beside the new one is over, and no rotation makes it longer', async () => {
    const { clientId, key: former } = await newClient(database.db);
    const now = new Date();
    const rotate = (overlap: number) => inTx((tx) => rotateKey(tx, { clientId, overlap, now, ...by }));
    await rotate(0);
    const latest = await rotate(hours(24));
    const { status, error } = await balanceWith(former);
    expect(status).toBe(401);
    expect(error?.detail).toContain('Another key took its place');
    expect((await balanceWith(latest.outcome === 'rotated' ? latest.key : '')).status).toBe(200);
  });

  it('that is revoked opens nothing from the next request on', async () => {
    const { clientId, key } = await newClient(database.db);
    expect((await balanceWith(key)).status).toBe(200);
    const [row] = await database.db.apiKey.findMany({ where: { clientId } });
    const revoke = () => inTx((tx) => revokeKey(tx, { keyId: row?.id ?? '', now: new Date(), ...by }));
    expect(await revoke()).toMatchObject({ outcome: 'revoked', clientId });
    const { status, error } = await balanceWith(key);
    expect(status).toBe(401);
    expect(error?.detail).toContain('revoked');
    expect(await revoke()).toEqual({ outcome: 'already_revoked' });
  });

  it('says when it was last used, to a minute', async () => {
    const { clientId, key } = await newClient(database.db);
    const used = async () =>
      (await listClients(database.db)).find(({ id }) => id === clientId)?.keys[0]?.lastUsedAt;
    expect(await used()).toBeNull();
    await balanceWith(key);
    const first = await used();
    expect(first).toBeInstanceOf(Date);
    await balanceWith(key);
    expect(await used()).toEqual(first);
  });

  it('of the demo opens nothing outside the demo', async () => {
    await newClient(database.db, { key: DEMO_API_KEY });
    expect(await openKey(database.db, DEMO_API_KEY, true)).toMatchObject({ outcome: 'open' });
    expect((await balanceWith(DEMO_API_KEY, { isDemo: false })).status).toBe(401);
  });
});

describe('a client', () => {
  it('that is closed opens nothing by any key, and is changed no more', async () => {
    const { clientId, key } = await newClient(database.db);
    const now = new Date();
    const close = () => inTx((tx) => changeClient(tx, { clientId, closes: true, now, ...by }));
    expect(await close()).toEqual({ outcome: 'changed' });
    expect((await balanceWith(key)).status).toBe(401);
    expect(await close()).toEqual({ outcome: 'closed' });
    expect(await inTx((tx) => rotateKey(tx, { clientId, overlap: 0, now, ...by }))).toEqual({
      outcome: 'closed',
    });
  });

  it('has a name of its own in its book, and may send people back to origins only', async () => {
    const terms = { book: 'test', name: randomUUID(), scopes: [], actor: 'usr_admin' } as const;
    const make = (returnOrigins: string[]) => inTx((tx) => createClient(tx, { ...terms, returnOrigins }));
    for (const origin of [
      'https://app.example.com/in',
      'javascript:alert(1)',
      'https://a@b.example',
      'app.example.com',
    ])
      expect(await make([origin])).toEqual({ outcome: 'bad_origin', origin });
    expect(await make(['https://app.example.com', 'http://localhost:3000'])).toMatchObject({
      outcome: 'created',
    });
    expect(await make([])).toEqual({ outcome: 'name_taken' });
  });

  it('leaves an audit row for each thing that is done to it, without its keys', async () => {
    const { clientId, key } = await newClient(database.db);
    const now = new Date();
    await inTx((tx) => changeClient(tx, { clientId, scopes: ['balance:read'], now, ...by }));
    const rotated = await inTx((tx) => rotateKey(tx, { clientId, overlap: 0, now, ...by }));
    const rows = await database.db.audit.findMany({ where: { subject: clientId }, orderBy: { seq: 'asc' } });
    expect(rows.map(({ act }) => act)).toEqual([
      'api_client.created',
      'api_client.changed',
      'api_key.rotated',
    ]);
    for (const secret of [key, rotated.outcome === 'rotated' ? rotated.key : ''])
      expect(JSON.stringify(rows.map(({ body }) => body))).not.toContain(secret);
  });
});

describe('scopes and books', () => {
  const paramsOf = (path: string) => path.replace('{id}', 'user_1');

  it.each(OPERATIONS.map((one) => [one.id, one] as const))(
    '%s is refused to a client with every scope but its own',
    async (_, { scope, method, path }) => {
      const { key } = await newClient(database.db, { scopes: API_SCOPES.filter((one) => one !== scope) });
      const answer = await asker(database.db)(
        raw(paramsOf(path), { method, key, ...(method === 'POST' && { body: '{}' }) }),
      );
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: 'missing_scope', scope });
    },
  );

  it('a key reads, spends, holds and takes back in its own book alone', async () => {
    const customer = await richCustomer(database.db, 100n, 'live');
    const live = productOf(database.db, (await newClient(database.db, { book: 'live' })).key);
    const test = productOf(database.db, (await newClient(database.db, { book: 'test' })).key);
    const body = { customer, amount: 5 };
    const { data: spent } = await live.POST('/spends', { ...keyed(), body });
    const { data: held } = await live.POST('/holds', { ...keyed(), body });
    const at = (id = '') => ({ params: { path: { id }, ...keyed().params }, body: {} });
    expect((await test.POST('/spends', { ...keyed(), body })).error).toMatchObject({
      code: 'insufficient_credits',
      balance: 0,
    });
    expect((await test.POST('/spends/{id}/reverse', at(spent?.id))).error).toMatchObject({
      code: 'not_found',
    });
    expect(
      (await test.GET('/holds/{id}', { params: { path: { id: held?.id ?? '' } } })).response.status,
    ).toBe(404);
    expect((await test.POST('/holds/{id}/capture', at(held?.id))).error).toMatchObject({ code: 'not_found' });
    expect((await test.POST('/holds/{id}/release', at(held?.id))).error).toMatchObject({ code: 'not_found' });
    const ledger = await test.GET('/customers/{id}/ledger', { params: { path: { id: customer } } });
    expect(ledger.data).toMatchObject({ book: 'test', data: [] });
    const { data: kept } = await live.GET('/balance', { params: { query: { customer } } });
    expect(kept).toMatchObject({ book: 'live', available: 90, held: 5 });
  });

  it('two clients may use the same Idempotency-Key for acts of their own', async () => {
    const customer = await richCustomer(database.db, 10n);
    const order = { ...keyed('order-1'), body: { customer, amount: 3 } };
    const ids = [];
    for (let n = 0; n < 2; n += 1) {
      const { data } = await productOf(database.db, (await newClient(database.db)).key).POST(
        '/spends',
        order,
      );
      ids.push(data?.id);
    }
    expect(new Set(ids).size).toBe(2);
  });
});

it('while the database does not answer, the outcome is unknown and the caller is told to ask again', async () => {
  const { key } = await newClient(database.db);
  const gone = createDb('postgresql://nobody@127.0.0.1:1/none', 1);
  const answer = await asker(gone)(raw('/spends', { key, body: '{"customer":"user_1","amount":1}' }));
  await closeDb(gone);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(await answer.json()).toMatchObject({ code: 'unavailable' });
});

describe('how much may be asked', () => {
  it('is said in each answer, and what is beyond it is refused until it is over', async () => {
    const { key } = await newClient(database.db);
    const product = productOf(database.db, key, { requestsPerMinute: 3 });
    const answers = [];
    for (let n = 0; n < 4; n += 1)
      answers.push(await product.GET('/balance', { params: { query: { customer: 'user_1' } } }));
    expect(answers.map(({ response }) => response.status)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ response }) => response.headers.get('ratelimit-remaining'))).toEqual([
      '2',
      '1',
      '0',
      '0',
    ]);
    const last = answers[3];
    expect(last?.error).toMatchObject({ code: 'rate_limited' });
    expect(last?.response.headers.get('retry-after')).toBe(last?.response.headers.get('ratelimit-reset'));
    expect(Number(last?.response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('one client counts on itself alone', async () => {
    const settings = { requestsPerMinute: 2 };
    for (let n = 0; n < 3; n += 1)
      expect((await balanceWith((await newClient(database.db)).key, settings)).status).toBe(200);
  });
});
