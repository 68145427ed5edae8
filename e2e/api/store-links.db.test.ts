import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';

import { rotateKey } from '../../app/modules/clients/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { hours } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { keyed, newClient, productOf } from './testing/api-desk';

const database = useTestDatabase();
const HOME = 'https://app.example.com';
let made: Awaited<ReturnType<typeof newClient>>;

beforeAll(async () => {
  made = await newClient(database.db, { returnOrigins: [HOME] });
});

const ask = (
  terms: { key?: string; with?: string; customer?: string; book?: 'live' } & Record<string, unknown> = {},
) => {
  const { key, with: bearer = made.key, customer = 'user_1', ...body } = terms;
  const product = productOf(database.db, bearer);
  return product.POST('/customers/{id}/store-links', {
    params: { path: { id: customer }, ...keyed(key).params },
    body: { return_url: `${HOME}/billing`, ...body },
  });
};

describe('a store link', () => {
  it('opens the store as that customer, for two minutes', async () => {
    const customer = `user_${randomUUID()}`;
    const { data, response } = await ask({
      customer,
      email: 'robin@example.com',
      name: 'Robin',
      path: '/plan',
    });
    expect(response.status).toBe(201);
    expect(data).toMatchObject({
      object: 'store_link',
      book: 'test',
      external_id: customer,
      return_url: `${HOME}/billing`,
    });
    expect(data?.url).toMatch(/^https:\/\/credits\.example\.com\/hand-off\?token=[\w-]{40,}$/);
    const left = Date.parse(data?.expires_at ?? '') - Date.now();
    expect(left).toBeGreaterThan(100_000);
    expect(left).toBeLessThanOrEqual(120_000);
    const { data: person } = await productOf(database.db, made.key).GET('/customers/{id}', {
      params: { path: { id: customer } },
    });
    expect(person).toMatchObject({ email: 'robin@example.com', name: 'Robin' });
  });

  it('in fifty twins at once is one link with fifty equal answers', async () => {
    const terms = { key: randomUUID(), customer: `user_${randomUUID()}` };
    const twins = await Promise.all(Array.from({ length: 50 }, () => ask(terms)));
    expect(new Set(twins.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(twins[0]?.response.status).toBe(201);
    const links = await database.db.storeLink.count({ where: { key: terms.key } });
    expect(links).toBe(1);
    const other = await ask({ ...terms, return_url: `${HOME}/elsewhere` });
    expect(other.error).toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('is not shown again by another API key: its token stands nowhere', async () => {
    const client = await newClient(database.db, { returnOrigins: [HOME] });
    const key = randomUUID();
    const { data } = await ask({ key, with: client.key });
    const terms = { clientId: client.clientId, overlap: hours(1), now: new Date(), actor: 'usr_admin' };
    const rotated = await inTransaction(database.db, 'rotate', (tx) => rotateKey(tx, terms));
    const again = await ask({ key, with: rotated.outcome === 'rotated' ? rotated.key : '' });
    expect(again.error).toMatchObject({ code: 'key_rotated', status: 409 });
    expect((await ask({ key, with: client.key })).data).toEqual(data);
  });

  it.each([
    'https://evil.example.com',
    `${HOME}.evil.example.com`,
    `${HOME}@evil.example.com`,
    'javascript:alert(1)',
    '//app.example.com',
    `http://app.example.com`,
  ])('never leads back to %s', async (return_url) => {
    const { error } = await ask({ return_url });
    expect(error).toMatchObject({ code: 'return_not_allowed' });
  });

  it.each([
    ['another site', { path: '//evil.example.com' }, 'body.path'],
    ['no page', { path: 'plan' }, 'body.path'],
    ['no address', { email: 'robin' }, 'body.email'],
    ['a line break', { name: 'Robin\nBcc: x' }, 'body.name'],
  ])('with %s is refused by name', async (_, terms, at) => {
    const { error } = await ask(terms);
    expect(error).toMatchObject({ code: 'invalid_request', errors: [{ at }] });
  });

  it('of the other book is refused: a live key signs nobody into a test store', async () => {
    const live = await newClient(database.db, { book: 'live', returnOrigins: [HOME] });
    const { error } = await ask({ with: live.key });
    expect(error).toMatchObject({ code: 'wrong_book' });
  });
});
