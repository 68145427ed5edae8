import { beforeEach, describe, expect, test } from 'vitest';

import { ensureCustomer } from '~/modules/auth/index.server';
import { newId } from '~/platform/ids.server';
import { days, hours, minutes, seconds } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type CreateStoreLinkOptions, createStoreLink, openStoreLink, readStoreLink } from './index.server';
import { sha256 } from './store-link-token.server';

const database = useTestDatabase();
const APP = 'https://credits.example.com';
const NOW = new Date('2026-11-22T12:00:00Z');
const BACK = 'https://product.example.com/credits';
const BEARER = 'ck_test_0123456789abcdefghijklmnopqrstuv';

const contextAt = (now = NOW) => ({ db: database.db, appUrl: APP, encryptionKeys: [], now });
const later = (ms: number) => contextAt(new Date(NOW.getTime() + ms));

let customerId = '';
beforeEach(async () => {
  customerId = await ensureCustomer(database.db, `user_${newId('req')}`);
});

const options = (changed: Partial<CreateStoreLinkOptions> = {}): CreateStoreLinkOptions => ({
  ...{ clientId: 'apc_1', bearer: BEARER, book: 'test', storeBook: 'test', customerId, key: newId('req') },
  ...{
    returnUrl: BACK,
    returnOrigins: ['https://product.example.com'],
    appUrl: APP,
    encryptionKeys: [],
    now: NOW,
  },
  ...changed,
});

async function mint(changed: Partial<CreateStoreLinkOptions> = {}) {
  const made = await createStoreLink(database.db, options(changed));
  if (made.outcome !== 'created') throw new Error(`The test's link was not made: ${made.outcome}`);
  return { ...made, token: new URL(made.url).searchParams.get('token') ?? '' };
}

let networks = 0;
/** Each browser is in a network of its own, so that no test uses up another's limit. */
function browser(former?: string) {
  networks += 1;
  const ip = `10.9.${Math.floor(networks / 250)}.${networks % 250}`;
  return { client: { ip, userAgent: 'Test/1' }, former, book: 'test' as const };
}
const open = (token: string, context = contextAt()) => openStoreLink(context, { token, ...browser() });

const rowOf = (linkId: string) => database.db.storeLink.findUniqueOrThrow({ where: { id: linkId } });

describe('a link', () => {
  test('leads to our page for two minutes, and the database alone cannot open it', async () => {
    const { url, token, linkId, expiresAt } = await mint();
    expect(url).toBe(`${APP}/hand-off?token=${token}`);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(expiresAt.getTime() - NOW.getTime()).toBe(minutes(2));
    const row = await rowOf(linkId);
    expect(JSON.stringify(row)).not.toContain(token);
    expect(row.tokenHash).toBe(sha256(token));
    expect(await open(row.tokenHash)).toEqual({ outcome: 'unknown' });
    expect(await open(linkId)).toEqual({ outcome: 'unknown' });
  });

  test('that is looked at stays as it was, however often', async () => {
    const { token } = await mint({ name: 'Ada' });
    for (let n = 0; n < 3; n += 1) {
      expect(await readStoreLink(contextAt(), { token, book: 'test' })).toEqual({
        ...{ state: 'ready', customerId, customer: 'Ada', returnUrl: BACK, path: '/' },
      });
    }
    expect(await open(token)).toMatchObject({ outcome: 'opened' });
  });

  test.each([
    ['/plan', '/plan'],
    ['/history?kind=pack', '/history?kind=pack'],
    [undefined, '/'],
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    [`/${'a'.repeat(2000)}`, '/'],
  ])('to %s lands at %s', async (path, lands) => {
    const { token } = await mint({ path });
    expect(await open(token)).toMatchObject({ outcome: 'opened', path: lands });
  });

  test('is refused to an address that the client does not name', async () => {
    for (const returnUrl of ['https://evil.example/', `${BACK}@evil.example\\`, 'javascript:alert(1)'])
      expect(await createStoreLink(database.db, options({ returnUrl }))).toEqual({
        outcome: 'return_not_allowed',
      });
    expect(await database.db.storeLink.count({ where: { customerId } })).toBe(0);
  });

  test('is refused to an API key of the other book, and opens nothing in its store', async () => {
    expect(await createStoreLink(database.db, options({ book: 'test', storeBook: 'live' }))).toEqual({
      outcome: 'other_book',
    });
    const { token } = await mint();
    expect(await readStoreLink(contextAt(), { token, book: 'live' })).toBeUndefined();
    expect(await openStoreLink(contextAt(), { token, ...browser(), book: 'live' })).toEqual({
      outcome: 'unknown',
    });
    expect(await open(token)).toMatchObject({ outcome: 'opened' });
  });
});

describe('the same Idempotency-Key', () => {
  test('with the same wish is answered the same, also when the link is used or too old', async () => {
    const wish = options();
    const first = await createStoreLink(database.db, wish);
    const again = await createStoreLink(database.db, { ...wish, now: later(seconds(30)).now });
    expect(again).toEqual({ ...first, outcome: 'replayed' });
    const token = new URL(first.outcome === 'created' ? first.url : '').searchParams.get('token') ?? '';
    await open(token);
    expect(await createStoreLink(database.db, { ...wish, now: later(hours(1)).now })).toEqual(again);
    expect(await database.db.storeLink.count({ where: { customerId } })).toBe(1);
  });

  test('with another wish is refused, whatever differs, and changes nothing', async () => {
    const key = newId('req');
    const { token } = await mint({ key, name: 'Ada' });
    const other = await ensureCustomer(database.db, 'someone-else');
    const wishes: Partial<CreateStoreLinkOptions>[] = [
      { customerId: other, name: 'Ada' },
      { returnUrl: `${BACK}/2`, name: 'Ada' },
      { path: '/plan', name: 'Ada' },
      { name: 'Eve' },
      { name: 'Ada', email: 'ada@example.com' },
      {},
    ];
    for (const wish of wishes)
      expect(await createStoreLink(database.db, options({ key, ...wish }))).toEqual({
        outcome: 'key_reused',
      });
    const customer = { where: { id: customerId }, select: { name: true, email: true } };
    expect(await database.db.customer.findUniqueOrThrow(customer)).toEqual({ name: 'Ada', email: null });
    expect(await open(token)).toMatchObject({ outcome: 'opened' });
  });

  test('is another one with another client', async () => {
    const key = newId('req');
    const [one, two] = [await mint({ key }), await mint({ key, clientId: 'apc_2' })];
    expect(one.token).not.toBe(two.token);
  });

  test('is not answered anew to an API key that replaced the first', async () => {
    const wish = options();
    await createStoreLink(database.db, wish);
    expect(await createStoreLink(database.db, { ...wish, bearer: `${BEARER}2` })).toEqual({
      outcome: 'key_rotated',
    });
    expect(await database.db.storeLink.count({ where: { customerId } })).toBe(1);
  });

  test('twenty times at once makes one link, and all get it', async () => {
    const wish = options({ email: 'ada@example.com' });
    const made = await Promise.all(Array.from({ length: 20 }, () => createStoreLink(database.db, wish)));
    expect(made.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(made.filter(({ outcome }) => outcome === 'replayed')).toHaveLength(19);
    const urls = new Set(made.map((one) => ('url' in one ? one.url : one.outcome)));
    expect(urls.size).toBe(1);
    expect(await database.db.storeLink.count({ where: { customerId } })).toBe(1);
  });
});

describe('opening', () => {
  test('starts one session of that customer, for twelve hours and with the way back', async () => {
    const { token } = await mint();
    const opened = await open(token);
    if (opened.outcome !== 'opened') throw new Error(opened.outcome);
    const [session, ...more] = await database.db.session.findMany({ where: { customerId }, take: 9 });
    expect(more).toEqual([]);
    expect(session).toMatchObject({
      userId: null,
      customerId,
      book: 'test',
      returnUrl: BACK,
      createdAt: NOW,
    });
    expect(session?.id).toBe(sha256(opened.sessionToken));
    expect((session?.expiresAt.getTime() ?? 0) - NOW.getTime()).toBe(hours(12));
  });

  test('works once', async () => {
    const { token } = await mint();
    expect(await open(token)).toMatchObject({ outcome: 'opened' });
    expect(await open(token)).toEqual({ outcome: 'used' });
    expect(await open(token, later(hours(1)))).toEqual({ outcome: 'used' });
    expect(await readStoreLink(contextAt(), { token, book: 'test' })).toMatchObject({
      state: 'used',
      returnUrl: BACK,
    });
  });

  test('twenty times at once lets one in', async () => {
    const { token } = await mint();
    const opened = await Promise.all(Array.from({ length: 20 }, () => open(token)));
    expect(opened.filter(({ outcome }) => outcome === 'opened')).toHaveLength(1);
    expect(opened.filter(({ outcome }) => outcome === 'used')).toHaveLength(19);
    expect(await database.db.session.count({ where: { customerId } })).toBe(1);
  });

  test('works until two minutes are over, and then says so', async () => {
    const [first, second] = [await mint(), await mint()];
    expect(await open(first.token, later(minutes(2) - 1))).toMatchObject({ outcome: 'opened' });
    expect(await open(second.token, later(minutes(2)))).toEqual({ outcome: 'expired' });
    expect(await readStoreLink(later(days(1)), { token: second.token, book: 'test' })).toMatchObject({
      state: 'expired',
      returnUrl: BACK,
    });
    expect((await rowOf(second.linkId)).usedAt).toBeNull();
  });

  test('of what is no link finds nothing', async () => {
    for (const token of ['', 'x', 'a'.repeat(43), '../', "' OR 1=1 --"])
      expect(await open(token)).toEqual({ outcome: 'unknown' });
  });

  test('ends the session that the browser had', async () => {
    const [one, two] = [await mint(), await mint()];
    const first = await open(one.token);
    if (first.outcome !== 'opened') throw new Error(first.outcome);
    await openStoreLink(contextAt(), { token: two.token, ...browser(first.sessionToken) });
    expect(await database.db.session.count({ where: { id: sha256(first.sessionToken) } })).toBe(0);
    expect(await database.db.session.count({ where: { customerId } })).toBe(1);
  });

  test('is limited per network', async () => {
    const one = browser();
    const answers = new Map<string, number>();
    for (let n = 0; n < 101; n += 1) {
      const { outcome } = await openStoreLink(contextAt(), { token: 'x', ...one });
      answers.set(outcome, (answers.get(outcome) ?? 0) + 1);
    }
    expect(Object.fromEntries(answers)).toEqual({ unknown: 100, limited: 1 });
  });
});

test('the row refuses a second use, another way back, a longer life and an address that is none', async () => {
  const { linkId, token } = await mint();
  await open(token);
  const change = (data: object) => database.db.storeLink.update({ where: { id: linkId }, data });
  await expect(change({ usedAt: null })).rejects.toThrow(/used once/);
  await expect(change({ usedAt: new Date(NOW.getTime() + 1) })).rejects.toThrow(/used once/);
  const fresh = await mint();
  const row = await rowOf(fresh.linkId);
  const edit = (data: object) => database.db.storeLink.update({ where: { id: fresh.linkId }, data });
  await expect(edit({ usedAt: NOW, customerId: 'cst_x' })).rejects.toThrow(/used once/);
  await expect(edit({ usedAt: NOW, expiresAt: new Date(NOW.getTime() + 1) })).rejects.toThrow(/used once/);
  const copy = (data: object) =>
    database.db.storeLink.create({
      data: { ...row, id: newId('lnk'), key: newId('req'), tokenHash: sha256(newId('req')), ...data },
    });
  await expect(copy({})).resolves.toBeDefined();
  await expect(copy({ returnUrl: 'javascript:alert(1)' })).rejects.toThrow(/store_link_return_url/);
  await expect(copy({ returnUrl: 'https://a@evil.example/' })).rejects.toThrow(/store_link_return_url/);
  await expect(copy({ path: '//evil.example' })).rejects.toThrow(/store_link_path/);
  await expect(copy({ tokenHash: token })).rejects.toThrow(/store_link_hashes/);
  await expect(copy({ expiresAt: new Date(NOW.getTime() + minutes(3)) })).rejects.toThrow(/store_link_life/);
});

test('links are forgotten a month after their end', async () => {
  const old = await mint();
  await createStoreLink(database.db, options({ now: later(days(30)).now }));
  expect(await database.db.storeLink.count({ where: { id: old.linkId } })).toBe(1);
  await createStoreLink(database.db, options({ now: later(days(30) + minutes(2)).now }));
  expect(await database.db.storeLink.count({ where: { id: old.linkId } })).toBe(0);
});
