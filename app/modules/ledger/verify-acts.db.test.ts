import { beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { days, hours } from '~/platform/time';

import { adjust } from './adjust.server';
import { freeze, thaw } from './freeze.server';
import { capture, hold, release } from './holds.server';
import { readBalance } from './read-balance.server';
import { reverse } from './reverse.server';
import { settleClaim } from './settle-claim.server';
import { spend } from './spend.server';
import { granted, grantOf, newCustomer, newPayment } from './testing/credits';
import { columnsOf, faultsAfter } from './testing/tamper';
import { installTestClock } from './testing/test-clock';
import { verifyLedger } from './verify-ledger.server';

const database = useTestDatabase();
const START = Date.UTC(2027, 0, 1);

/** A wallet that lived through every act, and another that has two credits. */
let walletId = '';
let otherId = '';
let otherPaymentId = '';
const payment = { first: '', second: '', repaying: '' };
const holds = { active: '', captured: '', released: '', expired: '' };

const pass = (ms: number) =>
  database.db.$executeRaw`UPDATE test_clock SET at = at + ${ms}::float8 * interval '1 millisecond'`;
const asked = () => ({
  book: 'test' as const,
  key: `test:${newId('req')}`,
  actor: 'api:one',
  reason: 'a job',
});

async function bought(customerId: string, credits: bigint) {
  const paymentId = await newPayment(database.db, { customerId, book: 'test', credits });
  const terms = { paymentId, paidMinor: 1000n, currency: 'usd', expiresAt: new Date(START + days(300)) };
  const answer = await granted(database.db, grantOf(customerId, { amount: credits, ...terms }));
  return { paymentId, walletId: answer.walletId };
}

async function held(customerId: string, amount: bigint, expiresIn = hours(1)) {
  const answer = await hold(database.db, { ...asked(), customerId, amount, expiresIn });
  if (answer.outcome !== 'held') throw new Error(answer.outcome);
  return answer.holdId;
}

async function spent(customerId: string, amount: bigint) {
  const answer = await spend(database.db, { ...asked(), customerId, amount });
  if (answer.outcome !== 'spent') throw new Error(answer.outcome);
  return answer.transferId;
}

const claim = (paymentId: string, refund: bigint, dispute: bigint, pending: bigint, owing: bigint) =>
  inTransaction(database.db, 'claim', (tx) =>
    settleClaim(tx, {
      paymentId,
      gone: { refund, dispute },
      pending,
      owing,
      actor: 'system',
      occurredAt: new Date(START),
    }),
  );

async function liveWithHolds(customerId: string): Promise<void> {
  await granted(
    database.db,
    grantOf(customerId, { amount: 40n, lotKind: 'promo', expiresAt: new Date(START + days(1)) }),
  );
  const gone = await spent(customerId, 30n);
  await reverse(database.db, { ...asked(), transferId: gone });
  holds.captured = await held(customerId, 45n);
  await capture(database.db, { ...asked(), holdId: holds.captured, amount: 8n });
  holds.released = await held(customerId, 10n);
  await release(database.db, { ...asked(), holdId: holds.released });
  holds.expired = await held(customerId, 15n, hours(30));
  await pass(days(2));
  await spent(customerId, 60n);
}

/** A refund that came late leaves a debt; a later purchase repays some of it; the dispute is won in part. */
async function liveWithClaims(customerId: string): Promise<void> {
  await claim(payment.first, 0n, 0n, 40n, 0n);
  await claim(payment.first, 20n, 60n, 10n, 80n);
  payment.repaying = (await bought(customerId, 30n)).paymentId;
  await claim(payment.first, 20n, 40n, 0n, 60n);
  await claim(payment.second, 5n, 0n, 5n, 0n);
}

async function liveWithPeople(customerId: string): Promise<void> {
  const one = { book: 'test' as const, customerId, actor: 'usr_1' };
  await inTransaction(database.db, 'people', async (tx) => {
    await adjust(tx, {
      ...asked(),
      customerId,
      direction: 'add',
      amount: 12n,
      expiresAt: null,
      reason: 'goodwill',
    });
    await adjust(tx, {
      ...asked(),
      customerId,
      direction: 'subtract',
      amount: 3n,
      expiresAt: null,
      reason: 'mistake',
    });
    await freeze(tx, { ...one, cause: 'dispute:1' });
    await thaw(tx, { ...one, cause: 'dispute:1' });
  });
  holds.active = await held(customerId, 6n, days(3));
  await inTransaction(database.db, 'freeze', async (tx) => {
    await freeze(tx, { ...one, cause: 'dispute:1' });
    await thaw(tx, { ...one, cause: 'dispute:1' });
    await freeze(tx, { ...one, cause: 'dispute:2' });
  });
}

beforeAll(async () => {
  const { db } = database;
  await installTestClock(db);
  await db.$executeRaw`UPDATE book SET low_balance = 100 WHERE id = 'test'`;
  const [customerId, other] = [await newCustomer(db), await newCustomer(db)];
  const first = await bought(customerId, 100n);
  payment.first = first.paymentId;
  walletId = first.walletId;
  payment.second = (await bought(customerId, 50n)).paymentId;
  await liveWithHolds(customerId);
  await liveWithClaims(customerId);
  await liveWithPeople(customerId);
  const another = await bought(other, 2n);
  otherId = another.walletId;
  otherPaymentId = another.paymentId;
  expect(await readBalance(db, { book: 'test', customerId })).toMatchObject({ held: 6n, frozen: true });
  expect(await verifyLedger(db)).toEqual([]);
});

it('the wallet lived through every kind of act', async () => {
  const rows = await database.db.transfer.groupBy({ by: ['kind'], where: { walletId } });
  expect(rows.map(({ kind }) => kind).sort()).toEqual(
    ['adjust', 'capture', 'claim', 'expire', 'grant', 'hold', 'release', 'repay', 'reverse', 'spend'].sort(),
  );
  expect((await database.db.hold.findMany({ where: { walletId } })).map(({ state }) => state).sort()).toEqual(
    ['active', 'captured', 'expired', 'released'],
  );
});

/** Column → what it is set to; several columns in one text where the database ties them together. */
type Changes = Record<string, string>;

async function expectSeen(
  table: string,
  changes: Changes,
  where: string,
  unseen: string[] = [],
): Promise<void> {
  expect([...Object.keys(changes), ...unseen].sort()).toEqual(await columnsOf(database.db, table));
  for (const [column, value] of Object.entries(changes)) {
    const sql = value.replaceAll('%other', otherId).replaceAll('%otherPayment', otherPaymentId);
    const faults = await faultsAfter(database.db, `UPDATE ${table} SET "${column}" = ${sql} WHERE ${where}`);
    expect(
      faults.map((fault) => fault.walletId),
      `${table}.${column} where ${where}`,
    ).toContain(walletId);
  }
}

describe('a hold is named, whichever of its columns changed', () => {
  const changes: Changes = {
    id: `'hld_forged'`,
    wallet: `'%other'`,
    amount: 'amount + 1',
    state: `CASE state WHEN 'captured' THEN 'released'::hold_state ELSE 'captured' END`,
    expires_at: `expires_at + interval '1 microsecond'`,
    created_at: `created_at - interval '1 microsecond'`,
    seal: `sha256('forged')`,
  };
  it.each(['active', 'captured', 'released', 'expired'] as const)('of one that is %s', async (state) => {
    await expectSeen('hold', changes, `id = '${holds[state]}'`);
  });
  it('when it ended and stands as active, or the other way round', async () => {
    for (const state of ['captured', 'released', 'expired'] as const)
      expect(
        await faultsAfter(database.db, `UPDATE hold SET state = 'active' WHERE id = '${holds[state]}'`),
        state,
      ).toMatchObject([{ walletId }]);
    expect(await faultsAfter(database.db, `DELETE FROM hold WHERE id = '${holds.released}'`)).toMatchObject([
      { walletId, fault: 'hold is missing' },
    ]);
  });
});

describe('a part of a hold is named', () => {
  it('whichever of its columns changed', async () => {
    const changes: Changes = {
      hold: `'hld_forged'`,
      n: 'n + 7',
      lot: `(SELECT min(o.id) FROM lot o WHERE o.wallet = '${walletId}' AND o.id <> lot)`,
      amount: 'amount + 1',
    };
    await expectSeen('hold_part', changes, `hold = '${holds.captured}' AND n = 1`);
  });
  it('when it is missing, added, or two have changed places', async () => {
    const one = `hold = '${holds.captured}'`;
    for (const sql of [
      `DELETE FROM hold_part WHERE ${one} AND n = 2`,
      `INSERT INTO hold_part SELECT hold, 9, lot, amount FROM hold_part WHERE ${one} AND n = 1`,
      `UPDATE hold_part p SET lot = o.lot, amount = o.amount FROM hold_part o WHERE p.${one} AND o.hold = p.hold AND o.n = 3 - p.n`,
    ])
      expect(await faultsAfter(database.db, sql), sql).toMatchObject([
        { walletId, fault: 'hold differs from its parts' },
      ]);
  });
});

describe('a claim is named', () => {
  it('whichever of its columns changed', async () => {
    const changes: Changes = {
      payment: `'%otherPayment-forged'`,
      wallet: `'%other'`,
      granted: 'granted + 1',
      t_gone: 't_gone + 1, t_all = t_all + 1',
      t_all: 't_all + 1',
      t_dispute: 't_dispute - 1',
      t_debt: 't_debt - 1',
      revoked_dispute: 'revoked_dispute + 1',
      shortfall: 'shortfall + 1',
      owed: 'owed - 1, repaid = least(repaid, owed - 1)',
      repaid: 'repaid - 1',
      n: 'n + 1',
    };
    await expectSeen('claim', changes, `payment = '${payment.first}'`);
  });
  it('when it is missing', async () => {
    expect(
      await faultsAfter(database.db, `DELETE FROM claim WHERE payment = '${payment.repaying}'`),
    ).toMatchObject([{ walletId, fault: 'claim is missing' }]);
  });
});

describe('a level of a claim is named', () => {
  const changes: Changes = {
    payment: `'%otherPayment'`,
    n: 'n + 7',
    recorded_at: `recorded_at + interval '1 microsecond'`,
    t_gone: 't_gone + 1',
    t_all: 't_all + 1',
    t_dispute: 't_dispute + 1',
    t_debt: 't_debt + 1',
    actor: `'someone else'`,
    seal: `sha256('forged')`,
  };
  it.each([1, 2, 3])('whichever of its columns changed, of number %i', async (n) => {
    await expectSeen('claim_change', changes, `payment = '${payment.first}' AND n = ${n}`);
  });
  it.each([1, 2, 3])('when number %i is missing', async (n) => {
    expect(
      await faultsAfter(
        database.db,
        `DELETE FROM claim_change WHERE payment = '${payment.first}' AND n = ${n}`,
      ),
    ).toMatchObject([{ walletId }]);
  });
});

describe('a freeze is named', () => {
  const changes: Changes = {
    wallet: `'%other'`,
    cause: `'dispute:9'`,
    n: 'n + 7',
    frozen_at: `frozen_at + interval '1 microsecond'`,
    frozen_by: `'someone else'`,
    seal: `sha256('forged')`,
  };
  it('whichever of its columns changed, of one that ended', async () => {
    const ended = { thawed_at: `thawed_at + interval '1 microsecond'`, thawed_by: `'someone else'` };
    await expectSeen('wallet_freeze', { ...changes, ...ended }, `cause = 'dispute:1' AND n = 1`);
  });
  it('whichever of its columns changed, of one that stands', async () => {
    const thaw = { thawed_at: `frozen_at, thawed_by = 'someone else'` };
    await expectSeen('wallet_freeze', { ...changes, ...thaw }, `cause = 'dispute:2'`, ['thawed_by']);
  });
  it('when it is missing before another of its cause, or standing', async () => {
    for (const where of [`cause = 'dispute:1' AND n = 1`, `cause = 'dispute:2'`])
      expect(await faultsAfter(database.db, `DELETE FROM wallet_freeze WHERE ${where}`), where).toMatchObject(
        [{ walletId }],
      );
  });
});

it('a fall below a threshold is named when it differs from the entry after which it was told', async () => {
  const changes: Changes = {
    wallet: `'%other'`,
    kind: `'depleted'`,
    threshold: 'available',
    available: 'available + 1',
    seq: 'seq + 1',
    at: `at + interval '1 microsecond'`,
  };
  for (const [column, value] of Object.entries(changes))
    expect(
      await faultsAfter(
        database.db,
        `UPDATE crossing SET ${column} = ${value.replace('%other', otherId)} WHERE wallet = '${walletId}' AND kind = 'low'`,
      ),
      column,
    ).toMatchObject([{ fault: 'crossing differs from its entry' }]);
});
