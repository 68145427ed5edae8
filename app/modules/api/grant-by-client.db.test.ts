import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { checkLimit, setLimit } from '~/modules/approvals/index.server';
import { freeze, grant, readStatement, spend } from '~/modules/ledger/index.server';
import { newWallet } from '~/modules/ledger/testing/wallets';
import { closeDb, createDb, type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { days, seconds } from '~/platform/time';

import { GRANT_KINDS, grantByClient, type GrantByClientInput } from './grant-by-client.server';

const database = useTestDatabase();
/** Two web processes. */
let others: Db[] = [];
beforeAll(() => {
  others = [createDb(database.url), createDb(database.url)];
});
afterAll(() => Promise.all(others.map(closeDb)));
const web = (n: number): Db => others[n % others.length] ?? database.db;

const NOW = new Date('2026-11-22T12:00:00Z');

const newCustomer = async () => {
  const id = newId('cst');
  await database.db.customer.create({ data: { id } });
  return id;
};

/** A bonus of 100 credits from a client of its own; each call has a key of its own. */
const bonusOf = (customerId: string, change: Partial<GrantByClientInput> = {}): GrantByClientInput => {
  const { clientId = newId('act') } = change;
  return {
    ...{ clientId, book: 'test', customerId, key: `api:${clientId}:${newId('req')}` },
    ...{ amount: 100n, kind: 'bonus', reason: 'welcome', expiresAt: null, now: NOW },
    ...change,
  };
};

const ask = (input: GrantByClientInput, db: Db = database.db) => grantByClient(db, input);
const available = async (customerId: string) => {
  const wallet = await database.db.wallet.findFirst({ where: { customerId }, select: { available: true } });
  return wallet?.available ?? 0n;
};
const countedOf = (key: string) => database.db.staffAct.count({ where: { subject: key } });
const tally = (answers: { outcome: string }[]) => {
  const of = (outcome: string) => answers.filter((answer) => answer.outcome === outcome).length;
  return { granted: of('granted'), replayed: of('replayed'), above: of('above_limit') };
};

/** How many connections wait for a lock. */
const waiting = async () => {
  const rows = await database.db.$queryRaw<unknown[]>`
    SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return rows.length;
};

type Bounds = Record<'perAct' | 'actorDay' | 'customerDay', bigint>;
const DEFAULT: Bounds = { perAct: 100_000n, actorDay: 1_000_000n, customerDay: 100_000n };
const limitTo = (bounds: Partial<Bounds>, book: 'test' | 'live' = 'test') =>
  inTransaction(database.db, 'limit', (tx) =>
    setLimit(
      tx,
      { book, role: 'api', act: 'grant', unit: 'credits', ...DEFAULT, ...bounds },
      { actor: 'usr_admin', reason: 'test' },
    ),
  );
beforeEach(() => limitTo({}));

describe('a grant by a product', () => {
  it('is promotional credits that say who gave them and what for, and counts once', async () => {
    const customerId = await newCustomer();
    const expiresAt = new Date('2027-01-01T00:00:00Z');
    const input = bonusOf(customerId, { expiresAt });
    const answer = await ask(input);
    expect(answer).toMatchObject({ outcome: 'granted', amount: 100n, available: 100n, debt: 0n });
    const lotId = answer.outcome === 'granted' ? answer.lotId : '';
    expect(await readStatement(database.db, { book: 'test', customerId, take: 10 })).toMatchObject([
      {
        ...{ kind: 'grant', from: 'issued.promo', reason: 'Bonus: welcome', occurredAt: NOW },
        ...{ actor: `api:${input.clientId}`, lot: { id: lotId, kind: 'promo', expiresAt } },
      },
    ]);
    expect(await database.db.staffAct.findMany({ where: { subject: input.key } })).toMatchObject([
      {
        ...{ book: 'test', act: 'grant', role: 'api', actor: `api:${input.clientId}` },
        ...{ customerId, unit: 'credits', amount: 100n, approvalId: null },
      },
    ]);
  });

  it.each(GRANT_KINDS)('of kind %s without a reason says its kind', async (kind) => {
    const customerId = await newCustomer();
    const input = bonusOf(customerId, { kind });
    delete input.reason;
    expect(await ask(input)).toMatchObject({ outcome: 'granted' });
    const [line] = await readStatement(database.db, { book: 'test', customerId, take: 1 });
    expect(line?.reason?.toLowerCase()).toBe(kind);
  });

  it('asked again is answered as it was, whatever was spent, allowed or the hour by then', async () => {
    const customerId = await newCustomer();
    const input = bonusOf(customerId, { expiresAt: new Date(NOW.getTime() + days(400)) });
    const first = await ask(input);
    await spend(database.db, { book: 'test', customerId, key: newId('req'), amount: 60n, actor: 'test' });
    await limitTo({ perAct: 0n, actorDay: 0n, customerDay: 0n });
    const later = { ...input, now: new Date(NOW.getTime() + days(500)) };
    expect(await ask(later)).toEqual({ ...first, outcome: 'replayed' });
    expect(await available(customerId)).toBe(40n);
    expect(await countedOf(input.key)).toBe(1);
  });

  it('asked by fifty at once of two processes happens once, counts once and answers all alike', async () => {
    const input = bonusOf(await newCustomer());
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ask(input, web(n))));
    expect(tally(answers)).toEqual({ granted: 1, replayed: 49, above: 0 });
    expect(new Set(answers.map((one) => JSON.stringify({ ...one, outcome: '' }, asText))).size).toBe(1);
    expect(await available(input.customerId)).toBe(100n);
    expect(await countedOf(input.key)).toBe(1);
  });

  it.each([
    ['amount', { amount: 101n }],
    ['kind', { kind: 'trial' }],
    ['reason', { reason: 'sorry' }],
    ['expiry', { expiresAt: new Date('2027-01-01T00:00:00Z') }],
  ] as const)('is refused when its key comes with another %s, and nothing is counted', async (_, change) => {
    const input = bonusOf(await newCustomer());
    await ask(input);
    expect(await ask({ ...input, ...change })).toEqual({ outcome: 'key_reused' });
    expect(await available(input.customerId)).toBe(100n);
    expect(await countedOf(input.key)).toBe(1);
  });

  it('is refused when its key stands for a spend or for another customer, and nothing is counted', async () => {
    const input = bonusOf(await newCustomer());
    await ask(input);
    expect(await ask({ ...input, customerId: await newCustomer() })).toEqual({ outcome: 'key_reused' });
    const other = bonusOf(input.customerId);
    const { book, customerId, key } = other;
    await spend(database.db, { book, customerId, key, amount: 1n, actor: `api:${other.clientId}` });
    expect(await ask(other)).toEqual({ outcome: 'key_reused' });
    expect([await countedOf(input.key), await countedOf(key)]).toEqual([1, 0]);
  });

  it('leaves one act when two bodies race for one key in two processes', async () => {
    for (let round = 0; round < 10; round += 1) {
      const input = bonusOf(await newCustomer());
      const bodies = [input, { ...input, amount: 7n }];
      const answers = await Promise.all(bodies.map((body, n) => ask(body, web(n))));
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['granted', 'key_reused']);
      expect(await countedOf(input.key)).toBe(1);
      const { amount } = await database.db.staffAct.findFirstOrThrow({ where: { subject: input.key } });
      expect(await available(input.customerId)).toBe(amount);
    }
  });

  it('that the ledger cannot write leaves no act counted, and the key free', async () => {
    const input = bonusOf(await newCustomer());
    const full = 9_223_372_036_854_775_807n;
    const { book, customerId } = input;
    const filling = { book, customerId, key: newId('req'), amount: full, lotKind: 'manual' } as const;
    await inTransaction(database.db, 'fill', (tx) =>
      grant(tx, { ...filling, expiresAt: null, actor: 'test', occurredAt: NOW }),
    );
    await expect(ask(input)).rejects.toThrow();
    expect(await countedOf(input.key)).toBe(0);
    await spend(database.db, { book, customerId, key: newId('req'), amount: 1000n, actor: 'test' });
    expect(await ask(input)).toMatchObject({ outcome: 'granted', available: full - 900n });
  });

  it('that cannot be counted as it commits is not granted', async () => {
    const input = bonusOf(await newCustomer());
    const run = (sql: string) => database.db.$executeRawUnsafe(sql);
    await run(
      `CREATE FUNCTION refuse_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not counted'; END $$`,
    );
    await run(`CREATE CONSTRAINT TRIGGER refuse_count AFTER INSERT ON staff_act DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION refuse_at_commit()`);
    await expect(ask(input)).rejects.toThrow('not counted');
    await run('DROP TRIGGER refuse_count ON staff_act');
    expect([await available(input.customerId), await countedOf(input.key)]).toEqual([0n, 0]);
  });

  it('of nothing is an error that writes nothing', async () => {
    const input = bonusOf(await newCustomer(), { amount: 0n });
    await expect(ask(input)).rejects.toThrow(RangeError);
    expect(await countedOf(input.key)).toBe(0);
  });

  it.each([
    ['now', NOW],
    ['before now', new Date('2026-11-22T11:59:59.999Z')],
    ['more than ten years away', new Date('2036-11-24T00:00:00Z')],
    ['no date at all', new Date(NaN)],
  ])('whose expiry is %s is refused, and nothing is written', async (_, expiresAt) => {
    const input = bonusOf(await newCustomer(), { expiresAt });
    expect(await ask(input)).toEqual({ outcome: 'expiry_out_of_range' });
    expect(await countedOf(input.key)).toBe(0);
  });

  it('repays first what the wallet owes, in lines of their own; a frozen wallet takes it too', async () => {
    const wallet = await newWallet(database.db);
    const paymentId = await wallet.bought(80n);
    await wallet.spend(80n);
    await wallet.settle(paymentId, { dispute: 80n, owing: 80n });
    await inTransaction(database.db, 'freeze', (tx) =>
      freeze(tx, { book: 'test', customerId: wallet.customerId, cause: 'dispute:dp_1', actor: 'test' }),
    );
    const answer = await ask(bonusOf(wallet.customerId));
    expect(answer).toMatchObject({ outcome: 'granted', amount: 100n, available: 20n, debt: 0n });
    expect((await wallet.story()).slice(-3)).toEqual([
      'grant: issued.promo → available 100',
      'repay: available → revoked.dispute 80',
      'repay: debt → debt_issued 80',
    ]);
  });
});

const asText = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

describe('the limits of a product', () => {
  it('stop one grant above the limit of one act, and let one through that meets it exactly', async () => {
    await limitTo({ perAct: 100n });
    const input = bonusOf(await newCustomer(), { amount: 101n });
    expect(await ask(input)).toEqual({ outcome: 'above_limit', bound: 'per_act', limit: 100n, used: 0n });
    expect(await countedOf(input.key)).toBe(0);
    // The key is free: nothing was stored under it.
    expect(await ask({ ...input, amount: 100n })).toMatchObject({ outcome: 'granted' });
  });

  it('stop twenty grants at once of one client at its limit of a day, and leave another client its own', async () => {
    await limitTo({ actorDay: 500n });
    const clientId = newId('act');
    const customers = await Promise.all(Array.from({ length: 20 }, newCustomer));
    const answers = await Promise.all(customers.map((id, n) => ask(bonusOf(id, { clientId }), web(n))));
    expect(tally(answers)).toEqual({ granted: 5, replayed: 0, above: 15 });
    expect(answers.find(({ outcome }) => outcome === 'above_limit')).toEqual({
      ...{ outcome: 'above_limit', bound: 'actor_day', limit: 500n, used: 500n },
    });
    expect(await ask(bonusOf(await newCustomer()))).toMatchObject({ outcome: 'granted' });
  });

  it('stop twenty clients at once at what one customer may get in a day', async () => {
    await limitTo({ customerDay: 300n });
    const customerId = await newCustomer();
    const inputs = Array.from({ length: 20 }, () => bonusOf(customerId));
    const answers = await Promise.all(inputs.map((input, n) => ask(input, web(n))));
    expect(tally(answers)).toEqual({ granted: 3, replayed: 0, above: 17 });
    expect(answers.find(({ outcome }) => outcome === 'above_limit')).toMatchObject({
      ...{ bound: 'customer_day', limit: 300n, used: 300n },
    });
    expect(await available(customerId)).toBe(300n);
  });

  it('answer twins that race for the last room all alike: none is told that it is above', async () => {
    await limitTo({ customerDay: 100n });
    for (let round = 0; round < 5; round += 1) {
      const input = bonusOf(await newCustomer());
      const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => ask(input, web(n))));
      expect(tally(answers)).toEqual({ granted: 1, replayed: 9, above: 0 });
      expect(await countedOf(input.key)).toBe(1);
    }
  });

  it('are nothing in the live book until an admin allows it', async () => {
    const customerId = await newCustomer();
    const input = bonusOf(customerId, { book: 'live', amount: 1n });
    expect(await ask(input)).toEqual({ outcome: 'above_limit', bound: 'per_act', limit: 0n, used: 0n });
    expect(await available(customerId)).toBe(0n);
    await limitTo({}, 'live');
    expect(await ask(input)).toMatchObject({ outcome: 'granted' });
  });

  it('and those of staff leave each other their room', async () => {
    await limitTo({ customerDay: 2000n });
    const customerId = await newCustomer();
    const clientId = newId('act');
    await ask(bonusOf(customerId, { clientId, amount: 2000n }));
    const staff = { book: 'test', act: 'grant', actor: 'usr_1', role: 'support', unit: 'credits' } as const;
    const verdictOf = (by: Parameters<typeof checkLimit>[1]) =>
      inTransaction(database.db, 'check', (tx) => checkLimit(tx, by));
    expect(await verdictOf({ ...staff, customerId, amount: 1000n })).toMatchObject({
      ...{ outcome: 'within', used: 0n },
    });
    const other = await newCustomer();
    const act = { ...staff, customerId: other, subject: 'by staff', amount: 1000n };
    for (const id of [newId('act'), newId('act')])
      await database.db.staffAct.create({ data: { ...act, id } });
    expect(await verdictOf({ ...staff, customerId: other, amount: 1n })).toMatchObject({
      ...{ outcome: 'above', bound: 'customer_day' },
    });
    expect(await ask(bonusOf(other, { amount: 2000n }))).toMatchObject({ outcome: 'granted' });
  });

  it('keep neither connections nor staff waiting while another process grants', async () => {
    const db = web(0);
    const inputs = await Promise.all(Array.from({ length: 15 }, async () => bonusOf(await newCustomer())));
    let asked: Promise<{ outcome: string }[]> | undefined;
    await inTransaction(web(1), 'hold the limits', async (tx) => {
      const limit = { book: 'test', act: 'grant', role: 'api', customerId: null, unit: 'credits' } as const;
      await checkLimit(tx, { ...limit, actor: 'api:other', amount: 1n });
      asked = Promise.all(inputs.map((input) => ask(input, db)));
      await vi.waitFor(async () => expect(await waiting()).toBeGreaterThan(0), { timeout: seconds(20) });
      for (let n = 0; n < 30; n += 1) await db.customer.count();
      const staff = { ...limit, actor: 'usr_1', role: 'support', amount: 1n } as const;
      const check = inTransaction(database.db, 'check', (other) => checkLimit(other, staff));
      expect(await check).toMatchObject({ outcome: 'within' });
    });
    expect(tally((await asked) ?? [])).toEqual({ granted: 15, replayed: 0, above: 0 });
  });
});

describe('the database', () => {
  it('refuses an act of the API under the name of a person, and the other way round', async () => {
    const act = { book: 'test', act: 'grant', subject: 'x', unit: 'credits', amount: 1n } as const;
    const write = (actor: string, role: 'api' | 'support') =>
      database.db.staffAct.create({ data: { ...act, id: newId('act'), actor, role } });
    await expect(write('usr_1', 'api')).rejects.toThrow('staff_act_api_by_client');
    await expect(write('api:apc_1', 'support')).rejects.toThrow('staff_act_api_by_client');
  });

  it('refuses an approval that a client of the API asks for or closes', async () => {
    const act = { book: 'test', act: 'grant', subject: newId('pay'), unit: 'credits', amount: 1n } as const;
    const terms = { ...act, body: {}, preview: {}, reason: 'x', comment: 'x' };
    const write = (requester: string, role: 'api' | 'support') =>
      database.db.approval.create({ data: { ...terms, id: newId('apr'), requester, role } });
    await expect(write('usr_1', 'api')).rejects.toThrow('approval_by_people');
    await expect(write('api:apc_1', 'support')).rejects.toThrow('approval_by_people');
    const { id } = await write('usr_1', 'support');
    const close = (data: object) =>
      database.db.approval.update({ where: { id }, data: { closedAt: new Date(), ...data } });
    await expect(close({ state: 'executed', approver: 'api:apc_1', walletSeq: 0n })).rejects.toThrow(
      'approval_by_people',
    );
    await expect(close({ state: 'rejected', rejectedBy: 'api:apc_1' })).rejects.toThrow('approval_by_people');
  });
});
