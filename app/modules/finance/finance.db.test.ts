import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { installTestClock } from '~/modules/ledger/testing/test-clock';
import { clockAt, done, newWallet, type TestWallet } from '~/modules/ledger/testing/wallets';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { checkFinance } from './check-finance.server';
import { exportRollForward } from './export-roll-forward.server';
import { listMonths } from './list-months.server';
import { readLeftByDeleted } from './read-left-by-deleted.server';
import { readRollForward } from './read-roll-forward.server';
import { rollFinance } from './roll-finance.server';

const database = useTestDatabase();
let year = 2026;
let wallet: TestWallet;

beforeAll(() => installTestClock(database.db));

/** Each test has a year of its own: what stood before it is its opening. */
beforeEach(async () => {
  year += 1;
  wallet = await newWallet(database.db);
  await on('01-05');
});

const on = (day: string) => clockAt(database.db, `${year}-${day}T12:00:00Z`);
const price = (paidMinor: bigint, currency = 'usd') => ({ paidMinor, currency });

/** What each line did in a month: credits, and money of the currency. */
async function linesOf(month: string, currency: string | null = 'usd') {
  const { currencies } = await readRollForward(database.db, { book: 'test', month: `${year}-${month}` });
  const roll = currencies.find((one) => one.currency === currency);
  return Object.fromEntries(
    roll?.movements.map(({ line, credits, money }) => [line, [credits, money]]) ?? [],
  );
}

async function paymentOf(credits: bigint, kind: string, tax: bigint | null = null): Promise<string> {
  // In the realm that `newPayment` makes.
  const of = await wallet.sold(credits);
  const id = `${of}_${kind}`;
  await database.db.$executeRaw`
    INSERT INTO payment (id, realm, customer, kind, credits, currency, amount_subtotal, amount_tax, stripe_invoice, stripe_subscription)
    SELECT ${id}, realm, customer, ${kind}::payment_kind, credits, currency, amount_subtotal, ${tax}, ${`in_${id}`}, ${`sub_${id}`}
    FROM payment WHERE id = ${of}`;
  return id;
}

const grantPaid = (paymentId: string, credits: bigint, paid: bigint, currency = 'usd') =>
  wallet.lot(credits, {
    paymentId,
    key: `grant:${paymentId}`,
    lotKind: 'pack',
    ...price(paid, currency),
  });

describe('the roll-forward', () => {
  it('is the same before and after it is rolled up, once or again', async () => {
    const months = () =>
      Promise.all(
        ['01', '02', '03'].map((month) =>
          readRollForward(database.db, { book: 'test', month: `${year}-${month}` }),
        ),
      );
    await grantPaid(await paymentOf(30n, 'pack'), 30n, 100n);
    await clockAt(database.db, `${year}-01-05T13:00:00Z`);
    await rollFinance(database.db);
    await clockAt(database.db, `${year}-01-05T14:00:00Z`);
    await wallet.spend(2n);
    await grantPaid(await paymentOf(30n, 'pack'), 30n, 100n);
    await on('02-05');
    await wallet.spend(7n);
    const before = await months();
    await rollFinance(database.db);
    expect(await months()).toEqual(before);
    await on('03-05');
    await rollFinance(database.db);
    await rollFinance(database.db);
    expect(await months()).toEqual(before);
    expect(await checkFinance(database.db, 'test')).toMatchObject({ outcome: 'equal' });
    expect(await listMonths(database.db, 'test', new Date(`${year}-03-06T00:00:00Z`))).toContain('2027-01');
  });

  it('says what differs when a sum was changed by hand', async () => {
    await database.db.$executeRaw`
      UPDATE finance_total SET money = money - 1, credits = credits + 2  WHERE line = 'sold.pack'`;
    const verdict = await checkFinance(database.db, 'test');
    const differences = verdict.outcome === 'differs' ? verdict.differences : [];
    expect(
      differences.map(({ what, currency, rolled, counted }) => [what, currency, rolled - counted]),
    ).toEqual([
      ['credits', undefined, 2n],
      ['credits', 'usd', 2n],
      ['money', 'usd', -1n],
    ]);
    await database.db.$executeRaw`
      UPDATE finance_total SET money = money + 1, credits = credits - 2  WHERE line = 'sold.pack'`;
  });

  it('sells without tax, counts offline payments as sales, and gives gifts no money', async () => {
    await grantPaid(await paymentOf(300n, 'pack', 100n), 300n, 1000n);
    await grantPaid(await paymentOf(100n, 'offline'), 100n, 500n);
    await grantPaid(await paymentOf(10n, 'topup'), 10n, 300n, 'jpy');
    await grantPaid(await paymentOf(10n, 'plan', 900n), 10n, 300n, 'jpy');
    await wallet.lot(50n, { lotKind: 'promo' });
    await wallet.adjust('add', 7n);
    expect(await linesOf('01')).toEqual({ 'sold.pack': [300n, 900n], 'sold.offline': [100n, 500n] });
    // A tax above what was paid leaves nothing, never less.
    expect(await linesOf('01', 'jpy')).toEqual({ 'sold.topup': [10n, 300n], 'sold.plan': [10n, 0n] });
    expect(await linesOf('01', null)).toEqual({ 'given.promo': [50n, 0n], 'adjusted.up': [7n, 0n] });
  });

  it('earns what is spent and what expires, and takes back what is reversed', async () => {
    const paymentId = await paymentOf(300n, 'pack');
    await wallet.lot(300n, {
      paymentId,
      key: `grant:${paymentId}`,
      expiresAt: new Date(`${year}-03-01T00:00:00Z`),
      ...price(1000n),
    });
    const spent = done(await wallet.spend(100n));
    const held = done(await wallet.hold(20n));
    expect(await linesOf('01')).toEqual({ 'sold.pack': [300n, 1000n], spent: [-100n, -333n] });
    await wallet.capture(held.holdId, 10n);
    await wallet.adjust('subtract', 5n);
    expect(await linesOf('01')).toEqual({
      'sold.pack': [300n, 1000n],
      // Of 1,000 for 300 credits: 190 left are 633⅓, then 185 are 616⅔; what is not whole stays deferred.
      spent: [-110n, -366n],
      'adjusted.down': [-5n, -17n],
    });
    await on('02-05');
    await wallet.reverse(spent.transferId);
    expect(await linesOf('02')).toEqual({ reversed: [100n, 333n] });
    await on('03-05');
    await wallet.spend(1n);
    await wallet.adjust('add', 1n);
    expect(await linesOf('03')).toEqual({ expired: [-285n, -950n] });
  });

  it('revokes and gives back with the money of what moved, and with no other', async () => {
    const paymentId = await paymentOf(100n, 'pack');
    await grantPaid(paymentId, 100n, 999n);
    await wallet.settle(paymentId, { pending: 60n });
    expect(await linesOf('01')).toEqual({ 'sold.pack': [100n, 999n] });
    await on('02-05');
    await wallet.settle(paymentId, { refund: 60n });
    expect(await linesOf('02')).toEqual({ 'revoked.refund': [-60n, -599n] });
    await on('03-05');
    await wallet.settle(paymentId, { refund: 10n, dispute: 90n });
    await wallet.settle(paymentId, { refund: 10n });
    expect(await linesOf('03')).toEqual({
      'revoked.dispute': [-40n, -400n],
      'returned.dispute': [90n, 900n],
    });
    await on('04-05');
    await wallet.settle(paymentId, {});
    expect(await linesOf('04')).toEqual({ 'returned.refund': [10n, 99n] });
  });

  it('earns what repays a debt, and defers it again when that comes back', async () => {
    const first = await paymentOf(100n, 'pack');
    await grantPaid(first, 100n, 1000n);
    await wallet.spend(100n);
    await wallet.settle(first, { dispute: 100n, owing: 100n });
    expect(await linesOf('01')).toEqual({
      'sold.pack': [100n, 1000n],
      spent: [-100n, -1000n],
      'debt.owed': [100n, 0n],
    });
    await on('02-05');
    await grantPaid(await paymentOf(80n, 'pack'), 80n, 400n);
    expect(await linesOf('02')).toEqual({
      'sold.pack': [80n, 400n],
      repaid: [-80n, -400n],
      'debt.repaid': [-80n, 0n],
    });
    await on('03-05');
    await wallet.settle(first, {});
    expect(await linesOf('03')).toEqual({ 'repaid.returned': [80n, 400n], 'debt.cancelled': [-20n, 0n] });
  });

  it('rounds over all that is left of what was sold together, wherever it lives', async () => {
    const paymentId = await paymentOf(3n, 'pack');
    await wallet.lot(3n, {
      paymentId,
      key: `grant:${paymentId}`,
      expiresAt: new Date(`${year}-02-10T00:00:00Z`),
      ...price(10n),
    });
    const one = done(await wallet.spend(1n));
    const two = done(await wallet.spend(1n));
    expect(await linesOf('01')).toMatchObject({ spent: [-2n, -6n] });
    await on('02-11');
    await wallet.reverse(one.transferId);
    await wallet.reverse(two.transferId);
    expect(await linesOf('02')).toEqual({ expired: [-1n, -4n], reversed: [2n, 7n] });
    await on('03-01');
    const rolled = await checkFinance(database.db, 'test');
    expect(rolled.outcome).toBe('equal');
    await wallet.spend(1n);
    expect(await linesOf('03')).toEqual({ spent: [-1n, -3n] });
  });

  it('names what deleted customers left in the sums, by the price that it carries', async () => {
    await grantPaid(await paymentOf(3n, 'pack'), 3n, 10n);
    await grantPaid(await paymentOf(5n, 'pack'), 5n, 700n, 'eur');
    await wallet.lot(20n);
    await wallet.spend(1n);
    await wallet.hold(1n);
    expect(await readLeftByDeleted(database.db, 'test')).toEqual([]);
    const { customerId } = wallet;
    await database.db.$executeRaw`
      INSERT INTO customer_deletion (id, customer, key, state, actor, reason, begins_at, ended_at)
      VALUES (${`del_${customerId}`}, ${customerId}, ${customerId}, 'done', 'usr_1', 'other', now(), now())`;
    const left = await readLeftByDeleted(database.db, 'test');
    const { currencies } = await readRollForward(database.db, { book: 'test', month: `${year}-01` });
    const closing = (of: string | null) => currencies.find(({ currency }) => currency === of)?.closing;
    const before = (of: string | null) => currencies.find(({ currency }) => currency === of)?.opening;
    expect(left.map(({ currency }) => currency)).toEqual([null, 'eur', 'usd']);
    // Alone in this year: what its lots have left is what the year added.
    for (const { currency, customers, credits, money } of left) {
      const [then, now] = [before(currency), closing(currency)];
      expect({ customers, credits, money }).toEqual({
        customers: 1,
        credits: (now?.credits ?? 0n) - (then?.credits ?? 0n),
        money: (now?.money ?? 0n) - (then?.money ?? 0n),
      });
    }
    expect(left.reduce((sum, { credits }) => sum + credits, 0n)).toBe(27n);
    expect(await readLeftByDeleted(database.db, 'live')).toEqual([]);
  });

  it('is written as lines that add up in every column', async () => {
    await grantPaid(await paymentOf(30n, 'pack'), 30n, 100n);
    await wallet.spend(7n);
    const roll = await readRollForward(database.db, { book: 'test', month: `${year}-01` });
    const lines = exportRollForward(roll)
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    const usd = lines.filter(([, , currency]) => currency === 'usd');
    const column = (n: number) => usd.map((line) => Math.round(Number(line[n]) * 100));
    for (const n of [5, 6, 7]) {
      const all = column(n);
      expect(all.slice(0, -1).reduce((sum, value) => sum + value, 0)).toBe(all.at(-1));
    }
    expect(usd.find((line) => line[3] === 'spent')).toEqual([
      ...['test', `${year}-01`, 'usd', 'spent', 'Spent', '-7', '0', '-0.23', '0.23'],
    ]);
  });
});
