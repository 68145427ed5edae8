import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { serve } from '../../../e2e/support/serve';
import { useTestDatabase } from '../../../e2e/support/test-database';

import { findFormerRealm, findRealm } from './realm.server';

const database = useTestDatabase();

/** Which account each key belongs to. */
const accounts: Record<string, { id: string; name: string }> = {
  sk_test_firstkey: { id: 'acct_first', name: 'First' },
  sk_test_rolledkey: { id: 'acct_first', name: 'First' },
  sk_test_secondkey: { id: 'acct_second', name: 'Second' },
  sk_test_thirdkey: { id: 'acct_third', name: 'Third' },
  sk_live_firstkey: { id: 'acct_first', name: 'First' },
};

// why: a key of each of several accounts and modes is needed, and a Stripe that is down; the sandbox has one account.
let stripe: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  stripe = await serve(({ url, headers }) => {
    const key = (headers.get('authorization') ?? '').replace('Bearer ', '');
    const account = url.pathname === '/v1/account' ? accounts[key] : undefined;
    const settings = { dashboard: { display_name: account?.name } };
    return {
      status: account ? 200 : 401,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        account
          ? { id: account.id, object: 'account', settings }
          : { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } },
      ),
    };
  });
});
afterAll(() => stripe.close());

const find = (secretKey: string, base = stripe.url) => findRealm(database.db, { secretKey, apiBase: base });
const DOWN = 'http://127.0.0.1:1';
const known = async (secretKey: string) => {
  const found = await find(secretKey);
  if (found.outcome !== 'known') throw new Error(found.reason);
  return found.realm;
};
const sellers = async () =>
  (
    await database.db.realm.findMany({
      where: { sells: true },
      select: { account: true, mode: true },
      orderBy: [{ mode: 'asc' }, { account: 'asc' }],
      take: 10,
    })
  ).map(({ account, mode }) => `${mode} ${account}`);

describe('the realm of a key', () => {
  it('is asked of Stripe once and then known while Stripe is down', async () => {
    const realm = await known('sk_test_firstkey');
    expect(realm).toMatchObject({ account: 'acct_first', mode: 'test', name: 'First' });
    expect(await find('sk_test_firstkey', DOWN)).toEqual({ outcome: 'known', realm });
  });

  it('is unknown, with the reason, for a new key while Stripe is down or refuses it', async () => {
    expect(await find('sk_test_rolledkey', DOWN)).toMatchObject({ outcome: 'unknown' });
    expect(await find('sk_test_wrongkey')).toEqual({
      outcome: 'unknown',
      reason: 'Invalid API Key provided',
    });
  });

  it('is one for every key of one account and mode, also when many processes start at once', async () => {
    const realm = await known('sk_test_firstkey');
    const found = await Promise.all(Array.from({ length: 8 }, () => known('sk_test_rolledkey')));
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set([realm.id]));
    expect(await database.db.realm.count()).toBe(1);
  });

  it('sells alone in its book: another account takes over, the books of the other mode stay as they are', async () => {
    await known('sk_live_firstkey');
    await known('sk_test_secondkey');
    expect(await sellers()).toEqual(['test acct_second', 'live acct_first']);
  });

  it('sells nothing by a former key, known or new, and is known by it while Stripe is down', async () => {
    const before = await sellers();
    const former = (secretKey: string, apiBase = stripe.url) =>
      findFormerRealm(database.db, { secretKey, apiBase });
    expect(await former('sk_test_thirdkey', DOWN)).toMatchObject({ outcome: 'unknown' });
    const third = await former('sk_test_thirdkey');
    expect(third).toMatchObject({ outcome: 'known', realm: { account: 'acct_third' } });
    expect(await former('sk_test_thirdkey', DOWN)).toEqual(third);
    expect(await former('sk_test_firstkey', DOWN)).toMatchObject({ realm: { account: 'acct_first' } });
    expect(await sellers()).toEqual(before);
  });

  it('sells again when its key comes back, even while Stripe is down', async () => {
    await find('sk_test_firstkey', DOWN);
    expect(await sellers()).toEqual(['test acct_first', 'live acct_first']);
  });
});
