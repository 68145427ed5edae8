import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { bookDue, findExpiring, grant, setNotices } from '~/modules/ledger/index.server';
import { grantOf, newCustomer } from '~/modules/ledger/testing/credits';
import { clockAt, done, newWallet } from '~/modules/ledger/testing/wallets';
import { installTestClock } from '~/modules/ledger/testing/test-clock';
import { inTransaction } from '~/platform/db.server';

import { endpointAt } from './testing/product';
import { toldOf, typesOf } from './testing/told';

/** By a clock that stands: lots and holds end when a test says so. */
const database = useTestDatabase();
const hear = (customerId: string) => toldOf(database.db, customerId);
const types = (customerId: string) => typesOf(database.db, customerId);

beforeAll(async () => {
  await installTestClock(database.db);
  await inTransaction(database.db, 'set notices', (tx) =>
    setNotices(tx, 'test', { lowBalance: 50n, expiryNoticeDays: 7 }),
  );
});

describe('a grant', () => {
  it('is told with its lot and what the wallet holds then', async () => {
    const wallet = await newWallet(database.db);
    const external = `${wallet.customerId.slice(4)}@acme`;
    await database.db
      .$executeRaw`UPDATE customer SET external_id = ${external} WHERE id = ${wallet.customerId}`;
    const lot = await wallet.lot(100n, { expiresAt: new Date('2027-03-01T00:00:00.5Z'), reason: 'welcome' });
    expect(await hear(wallet.customerId)).toEqual([
      {
        type: 'credits.granted',
        data: {
          ...{ book: 'test', customer: wallet.customerId, external_id: external },
          ...{ transfer: expect.stringMatching(/^txf_/), lot, kind: 'manual', payment: null },
          ...{ amount: 100, expires_at: '2027-03-01T00:00:00.500Z', reason: 'welcome', repaid_debt: 0 },
          balance: { available: 100, held: 0, claimed: 0, debt: 0, seq: 1 },
        },
      },
    ]);
  });

  it('that is rolled back is not told', async () => {
    const customerId = await newCustomer(database.db);
    const failing = inTransaction(database.db, 'test', async (tx) => {
      await grant(tx, grantOf(customerId));
      throw new Error('lost');
    });
    await expect(failing).rejects.toThrow('lost');
    expect(await hear(customerId)).toEqual([]);
  });

  it('beside others of one transaction is told once each, with the balance that all of them leave', async () => {
    const customerId = await newCustomer(database.db);
    await inTransaction(database.db, 'test', async (tx) => {
      for (let n = 1; n <= 5; n += 1) await grant(tx, grantOf(customerId, { amount: 10n }));
    });
    const told = await hear(customerId);
    expect(told.map(({ type }) => type)).toEqual(Array(5).fill('credits.granted'));
    for (const { data } of told)
      expect(data).toMatchObject({ amount: 10, balance: { available: 50, seq: 5 } });
  });

  it('that repays a debt says how much of it did', async () => {
    const wallet = await newWallet(database.db);
    const paymentId = await wallet.bought(100n);
    await wallet.spend(80n);
    await wallet.settle(paymentId, { refund: 100n, owing: 100n });
    await wallet.lot(200n);
    expect((await hear(wallet.customerId)).at(-1)).toMatchObject({
      type: 'credits.granted',
      data: { amount: 200, repaid_debt: 80, balance: { available: 120, debt: 0 } },
    });
  });

  it('of more credits than a number can count is told to the digit', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(9_007_199_254_740_993n);
    const [{ data } = { data: '' }] = await database.db.$queryRaw<{ data: string }[]>`
      SELECT data::text AS data FROM message WHERE customer = ${wallet.customerId}`;
    expect(data).toContain('"amount": 9007199254740993');
  });
});

describe('a spend, a hold, a capture, a release and a reversal', () => {
  it('are the product’s own acts and are not told', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(1000n);
    const { transferId } = done(await wallet.spend(100n));
    await wallet.reverse(transferId);
    for (const end of ['capture', 'release'] as const) {
      const held = await wallet.hold(100n);
      if (held.outcome !== 'held') throw new Error(held.outcome);
      await (end === 'capture' ? wallet.capture(held.holdId, 60n) : wallet.release(held.holdId));
    }
    expect(await types(wallet.customerId)).toEqual(['credits.granted']);
  });

  it('fire no trigger of the outbox', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(1000n);
    await database.db.$executeRaw`ALTER FUNCTION outbox_tell RENAME TO outbox_told`;
    try {
      expect((await wallet.spend(100n)).outcome).toBe('spent');
      const held = await wallet.hold(100n);
      if (held.outcome !== 'held') throw new Error(held.outcome);
      expect((await wallet.capture(held.holdId, 100n)).outcome).toBe('captured');
      await expect(wallet.lot(1n)).rejects.toThrow('outbox_tell');
    } finally {
      await database.db.$executeRaw`ALTER FUNCTION outbox_told RENAME TO outbox_tell`;
    }
    expect(await wallet.balance()).toMatchObject({ available: 800n });
  });
});

describe('a balance', () => {
  it('that falls low or to nothing is told once per fall', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(100n);
    await wallet.spend(60n);
    await wallet.spend(10n);
    await wallet.spend(30n);
    const [, low, depleted, ...more] = await hear(wallet.customerId);
    expect(low).toMatchObject({
      type: 'balance.low',
      data: { threshold: 50, available: 40, balance: { available: 40, seq: 2 } },
    });
    expect(depleted).toMatchObject({ type: 'balance.depleted', data: { balance: { available: 0, seq: 4 } } });
    expect(more).toEqual([]);
  });
});

describe('credits that end', () => {
  it('are told of before, once, and when they are gone', async () => {
    await clockAt(database.db, '2027-01-01T00:00:00Z');
    const wallet = await newWallet(database.db);
    const ends = new Date('2027-01-05T00:00:00Z');
    const lot = await wallet.lot(70n, { expiresAt: ends });
    await wallet.lot(100n);
    await findExpiring(database.db);
    await findExpiring(database.db);
    await clockAt(database.db, '2027-01-05T00:00:01Z');
    await bookDue(database.db);
    const told = await hear(wallet.customerId);
    expect(told.slice(2)).toMatchObject([
      {
        type: 'credits.expiring',
        data: { lot, amount: 70, expires_at: ends.toISOString(), balance: { available: 170 } },
      },
      {
        type: 'credits.expired',
        data: { lot, amount: 70, expires_at: ends.toISOString(), balance: { available: 100 } },
      },
    ]);
    expect(told).toHaveLength(4);
  });

  it('are told of by whichever act books them', async () => {
    await clockAt(database.db, '2027-01-01T00:00:00Z');
    const wallet = await newWallet(database.db);
    await wallet.lot(70n, { expiresAt: new Date('2027-01-05T00:00:00Z') });
    await wallet.lot(100n);
    await clockAt(database.db, '2027-02-01T00:00:00Z');
    await wallet.spend(10n);
    expect((await hear(wallet.customerId)).at(-1)).toMatchObject({
      type: 'credits.expired',
      data: { balance: { available: 90, seq: 4 } },
    });
  });
});

describe('a hold', () => {
  it('that nobody ended is told with what came back and what was gone meanwhile', async () => {
    await clockAt(database.db, '2027-01-01T00:00:00Z');
    const wallet = await newWallet(database.db);
    await wallet.lot(70n, { expiresAt: new Date('2027-01-01T00:30:00Z') });
    await wallet.lot(100n);
    const held = await wallet.hold(90n, { reason: 'render 12' });
    if (held.outcome !== 'held') throw new Error(held.outcome);
    await clockAt(database.db, '2027-01-01T02:00:00Z');
    await bookDue(database.db);
    const told = (await hear(wallet.customerId)).filter(({ type }) => type.startsWith('hold'));
    expect(told).toMatchObject([
      {
        type: 'hold.expired',
        data: {
          ...{ hold: held.holdId, amount: 90, returned: 20, expired: 70, reason: 'render 12' },
          ...{ expired_at: '2027-01-01T01:00:00.000Z', balance: { available: 100, held: 0 } },
        },
      },
    ]);
  });
});

describe('a claim', () => {
  it('is told as what was held back, revoked and restored of the payment', async () => {
    const wallet = await newWallet(database.db);
    const paymentId = await wallet.bought(100n);
    await wallet.settle(paymentId, { pending: 100n });
    await wallet.settle(paymentId, { dispute: 60n, pending: 40n });
    await wallet.settle(paymentId, { dispute: 60n, pending: 40n });
    await wallet.settle(paymentId, { dispute: 30n });
    await wallet.settle(paymentId, {});
    const told = (await hear(wallet.customerId)).filter(({ type }) => type !== 'balance.depleted');
    expect(told.slice(1)).toMatchObject([
      {
        type: 'credits.held_back',
        data: { payment: paymentId, amount: 100, balance: { available: 0, claimed: 100 } },
      },
      { type: 'credits.revoked', data: { amount: 60, balance: { available: 0, claimed: 40 } } },
      { type: 'credits.restored', data: { amount: 70, balance: { available: 70, claimed: 0 } } },
      { type: 'credits.restored', data: { amount: 30, balance: { available: 100 } } },
    ]);
    expect(told).toHaveLength(5);
  });

  it('that gives back what died meanwhile is told as restored alone, whatever way its entries took', async () => {
    await clockAt(database.db, '2027-01-01T00:00:00Z');
    const wallet = await newWallet(database.db);
    const paymentId = await wallet.bought(100n, { expiresAt: new Date('2027-01-05T00:00:00Z') });
    await wallet.settle(paymentId, { pending: 100n });
    await clockAt(database.db, '2027-02-01T00:00:00Z');
    await wallet.settle(paymentId, {});
    expect(await wallet.story()).toContain('claim: claimed → revoked.refund 100');
    const told = (await types(wallet.customerId)).filter((type) => type.startsWith('credits.'));
    expect(told).toEqual(['credits.granted', 'credits.held_back', 'credits.restored']);
  });

  it('of what a hold protects is told when the hold gives it back', async () => {
    const wallet = await newWallet(database.db);
    const paymentId = await wallet.bought(100n);
    const held = await wallet.hold(80n);
    if (held.outcome !== 'held') throw new Error(held.outcome);
    await wallet.settle(paymentId, { refund: 100n });
    await wallet.release(held.holdId);
    const told = (await hear(wallet.customerId)).filter(({ type }) => type === 'credits.revoked');
    expect(told).toMatchObject([{ data: { amount: 20 } }, { data: { amount: 80 } }]);
  });

  it('that turns what was spent into debt moves no credits and is not told', async () => {
    const wallet = await newWallet(database.db);
    const paymentId = await wallet.bought(100n);
    await wallet.spend(100n);
    await wallet.settle(paymentId, { dispute: 100n, owing: 100n });
    expect(await types(wallet.customerId)).toEqual(['credits.granted', 'balance.depleted']);
  });
});

describe('a correction of staff', () => {
  it('is told without its reason', async () => {
    const wallet = await newWallet(database.db);
    await wallet.adjust('add', 30n);
    await wallet.adjust('subtract', 10n);
    const told = await hear(wallet.customerId);
    expect(told).toMatchObject([
      { type: 'credits.adjusted', data: { direction: 'added', amount: 30, balance: { available: 30 } } },
      { type: 'credits.adjusted', data: { direction: 'subtracted', amount: 10, balance: { available: 20 } } },
    ]);
    expect(JSON.stringify(told)).not.toContain('correction');
  });
});

describe('who hears', () => {
  const sentTo = async (endpointId: string) =>
    (
      await database.db.sending.findMany({
        where: { endpointId },
        select: { message: { select: { type: true } } },
        orderBy: { id: 'asc' },
      })
    ).map(({ message }) => message.type);
  const endpoints: Record<string, string> = {};

  beforeAll(async () => {
    const at = async (name: string, change: Parameters<typeof endpointAt>[2] = {}) => {
      endpoints[name] = (await endpointAt(database.db, 'http://127.0.0.1:9/hooks', change)).endpointId;
    };
    await at('all');
    await at('low', { types: ['balance.low', 'balance.depleted'] });
    await at('live', { book: 'live' });
    await at('off');
    await database.db.endpoint.update({ where: { id: endpoints.off ?? '' }, data: { state: 'off' } });
    const wallet = await newWallet(database.db);
    await wallet.lot(10n);
    await wallet.spend(10n);
    await (await newWallet(database.db, 'live')).lot(10n);
  });
  afterAll(async () => {
    await database.db.endpoint.updateMany({ data: { state: 'off' } });
  });

  it.each([
    ['all', ['credits.granted', 'balance.depleted']],
    ['low', ['balance.depleted']],
    ['live', ['credits.granted']],
    ['off', []],
  ])('%s: what its book tells, of the types that it wants, while it is on', async (name, expected) => {
    expect(await sentTo(endpoints[name] ?? '')).toEqual(expected);
  });

  it('a job is added for each', async () => {
    const [row] = await database.db.$queryRaw<{ jobs: bigint; sendings: bigint }[]>`
      SELECT (SELECT count(*) FROM graphile_worker.jobs WHERE task_identifier = 'outbox.send') AS jobs, (SELECT count(*) FROM sending) AS sendings`;
    expect(row).toEqual({ jobs: 4n, sendings: 4n });
  });
});

it.each([
  ['message', `UPDATE message SET type = 'x'`],
  ['message', 'DELETE FROM message'],
  ['sending', 'DELETE FROM sending'],
  ['sending', `UPDATE sending SET actor = 'x'`],
  ['sending_try', 'DELETE FROM sending_try'],
  ['endpoint', 'DELETE FROM endpoint'],
  ['endpoint', `UPDATE endpoint SET book = 'live'`],
])('%s refuses: %s', async (table, sql) => {
  await expect(database.db.$executeRawUnsafe(sql)).rejects.toThrow(`${table} refuses`);
});
