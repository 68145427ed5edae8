import { beforeAll, describe, expect, it } from 'vitest';

import { days } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type Prisma } from '../../../prisma/generated/client';
import { exportMoneyBacks } from './export-money-backs.server';
import { listMoneyBacks, moneyBackFilters } from './list-money-backs.server';
import { PAGE_SIZE, pageOf } from './page.server';
import { readDispute } from './read-dispute.server';
import { makeCustomer, makePayment, makeRealm, grantFor, paid, realmRef } from './testing/console-data';

const NOON = new Date('2026-11-21T12:00:00Z');
const at = (n: number) => new Date(NOON.getTime() + days(n));
const ANSWERABLE = 'status=needs_response&status=warning_needs_response';

const test = useTestDatabase();
let [realmId, otherRealm, customerId, paymentId] = ['', '', '', ''];
type Row = Prisma.MoneyBackUncheckedCreateInput;
const row = (id: string, change: Partial<Row> = {}): Row => ({
  ...({ id, realmId, paymentId, kind: 'dispute', status: 'needs_response', level: 'pending' } as const),
  ...{ amount: 300n, taken: 300n, currency: 'usd', reason: 'fraudulent', createdAt: NOON, ...change },
});
const refund = { kind: 'refund', status: 'succeeded', level: 'gone', reason: 'duplicate' } as const;
const asked = { actor: 'usr_bo', comment: 'asked by mail', requestKey: 'pay_1:0:0' };
const none = { level: 'none', taken: 0n } as const;

beforeAll(async () => {
  [realmId, otherRealm] = [await makeRealm(test.db), await makeRealm(test.db)];
  customerId = await makeCustomer(test.db, { email: 'ada@example.test', name: 'Ada' });
  paymentId = await makePayment(test.db, { realmId, customerId, ...paid(NOON), stripeCharge: 'ch_of_ada' });
  await grantFor(test.db, customerId, paymentId);
  const foreign = await makePayment(test.db, { realmId: otherRealm, customerId });
  await test.db.user.create({
    data: { id: 'usr_bo', email: 'bo@example.test', name: 'Bo', passwordHash: 'x' },
  });
  await test.db.moneyBack.createMany({
    data: [
      row('mbk_far', { dueBy: at(9), createdAt: at(-1), stripeId: 'du_far' }),
      row('mbk_soon', { dueBy: at(2), createdAt: at(-3) }),
      row('mbk_ask', { ...none, status: 'warning_needs_response', dueBy: at(5), createdAt: at(0) }),
      row('mbk_open', { createdAt: at(-6) }),
      row('mbk_told', { status: 'under_review', dueBy: at(1), createdAt: at(-2) }),
      row('mbk_lost', { status: 'lost', level: 'gone', createdAt: at(-9), reason: 'general' }),
      row('mbk_else', { realmId: otherRealm, paymentId: foreign }),
      row('mbk_back', { ...refund, stripeId: 're_back', ...asked, createdAt: at(-4) }),
      row('mbk_fail', {
        ...refund,
        ...none,
        status: 'failed',
        failure: 'lost_or_stolen_card',
        createdAt: at(-5),
      }),
    ],
  });
});

const known = () => [realmRef(realmId), realmRef(otherRealm)];
const filtersOf = (query: string, kind: 'dispute' | 'refund') =>
  moneyBackFilters(new URLSearchParams(query), kind, known(), realmId);
const list = (query: string, kind: 'dispute' | 'refund' = 'dispute', page = '') =>
  listMoneyBacks(test.db, filtersOf(query, kind), pageOf(new URLSearchParams(page)));
const idsOf = async (query: string, kind: 'dispute' | 'refund' = 'dispute') => {
  const { rows, count } = await list(query, kind);
  expect(count).toEqual({ n: rows.length, isExact: true });
  return rows.map(({ id }) => id);
};

describe('a list of disputes', () => {
  it('is newest first, of its realm alone', async () => {
    expect(await idsOf('')).toEqual(['mbk_ask', 'mbk_far', 'mbk_told', 'mbk_soon', 'mbk_open', 'mbk_lost']);
    expect(await idsOf(`realm=${otherRealm}`)).toEqual(['mbk_else']);
  });

  it('of those that wait for an answer is by deadline, the next one first, and one without a deadline before them', async () => {
    expect(await idsOf(ANSWERABLE)).toEqual(['mbk_open', 'mbk_soon', 'mbk_ask', 'mbk_far']);
    expect(await idsOf('status=needs_response')).toEqual(['mbk_open', 'mbk_soon', 'mbk_far']);
    // As soon as an answered one is among them, they do not all have a deadline to meet.
    expect(await idsOf('status=needs_response&status=under_review')).toEqual([
      ...['mbk_far', 'mbk_told', 'mbk_soon', 'mbk_open'],
    ]);
  });

  it('by deadline leads from page to page and back without losing or doubling one', async () => {
    const many = await makeRealm(test.db);
    const data = Array.from({ length: PAGE_SIZE * 2 + 3 }, (_, n) => {
      const id = `mbk_many${String(n).padStart(3, '0')}`;
      return row(id, { realmId: many, dueBy: at(n % 7) });
    });
    await test.db.moneyBack.createMany({ data });
    const filters = moneyBackFilters(new URLSearchParams(ANSWERABLE), 'dispute', [realmRef(many)], many);
    const read = (query: string) => listMoneyBacks(test.db, filters, pageOf(new URLSearchParams(query)));
    const first = await read('');
    const second = await read(`after=${encodeURIComponent(first.next ?? '')}`);
    const third = await read(`after=${encodeURIComponent(second.next ?? '')}`);
    const seen = [...first.rows, ...second.rows, ...third.rows];
    expect(third.next).toBeUndefined();
    expect(new Set(seen.map(({ id }) => id)).size).toBe(data.length);
    const dues = seen.map(({ dueBy }) => dueBy?.getTime() ?? 0);
    expect(dues).toEqual([...dues].sort((one, two) => one - two));
    const back = await read(`before=${encodeURIComponent(second.previous ?? '')}`);
    expect(back.rows.map(({ id }) => id)).toEqual(first.rows.map(({ id }) => id));
  });
});

describe('filters of refunds and disputes', () => {
  it.each([
    ['dispute', 'status=lost', ['mbk_lost']],
    ['dispute', 'reason=general', ['mbk_lost']],
    ['dispute', 'since=2026-11-21', ['mbk_ask']],
    ['dispute', 'until=2026-11-14', ['mbk_lost']],
    ['dispute', 'q=du_far', ['mbk_far']],
    ['dispute', 'q=mbk_back', []],
    ['refund', '', ['mbk_back', 'mbk_fail']],
    ['refund', 'status=failed', ['mbk_fail']],
    ['refund', 'q=re_back', ['mbk_back']],
    ['refund', 'q=mbk_fail', ['mbk_fail']],
    ['refund', 'q=ada@example.test', ['mbk_back', 'mbk_fail']],
    ['refund', 'q=nobody@example.test', []],
  ] as const)('%s: %s', async (kind, query, ids) => {
    expect(await idsOf(query, kind)).toEqual(ids);
  });

  it('tell who asked, whose it is and what it took of the credits', async () => {
    const { rows } = await list('q=re_back', 'refund');
    expect(rows[0]).toMatchObject({
      ...{ actor: 'usr_bo', actorName: 'Bo', amount: 300n, paymentId },
      customer: { id: customerId, email: 'ada@example.test', name: 'Ada' },
    });
  });

  it('hold for the export too, which has every row once', async () => {
    const stream = exportMoneyBacks(test.db, filtersOf(ANSWERABLE, 'dispute'), new AbortController().signal);
    const text = await new Response(stream).text();
    const lines = text.trim().split(/\r?\n/);
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual([
      ...['mbk_open', 'mbk_soon', 'mbk_ask', 'mbk_far'],
    ]);
    expect(lines[2]).toContain('3.00');
    expect(lines[2]).toContain(at(2).toISOString());
  });
});

describe("a dispute's page", () => {
  it('shows its deadline, its payment and its customer, and nothing of other disputes of the payment', async () => {
    await test.db.moneyBackChange.createMany({
      data: ['mbk_soon', 'mbk_far'].map((moneyBackId) => ({
        ...{ moneyBackId, n: 1, to: 'needs_response', rank: 3, level: 'pending' as const, taken: 300n },
        cause: 'event:evt_told',
      })),
    });
    const seen = await readDispute(test.db, 'mbk_soon');
    expect(seen).toMatchObject({
      ...{ status: 'needs_response', level: 'pending', amount: 300n, dueBy: at(2), freeze: null },
      ...{ customer: { id: customerId, name: 'Ada' }, payment: { id: paymentId, stripeCharge: 'ch_of_ada' } },
    });
    const steps = seen?.timeline.filter((entry) =>
      JSON.stringify(entry, (_k, v: unknown) => (typeof v === 'bigint' ? String(v) : v)).includes('mbk_'),
    );
    expect(steps).toHaveLength(1);
  });

  it('is there for a dispute alone', async () => {
    expect(await readDispute(test.db, 'mbk_back')).toBeUndefined();
    expect(await readDispute(test.db, 'mbk_none')).toBeUndefined();
    expect(await readDispute(test.db, 'mbk_\u0000')).toBeUndefined();
  });
});
