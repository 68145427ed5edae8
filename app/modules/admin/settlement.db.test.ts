import { beforeAll, describe, expect, it } from 'vitest';

import { changeSettlement } from '~/modules/payments/index.server';
import { inTransaction } from '~/platform/db.server';
import { days, hours, seconds } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { pageOf } from './page.server';
import { readSettlement, settlementFilters } from './read-settlement.server';
import { makeCustomer, makePayment, makeRealm, paid } from './testing/console-data';

const test = useTestDatabase();
let realmId = '';
const ids = new Map<string, string>();

/** A pack that was proven paid so long ago; its events by how much later they came, milliseconds. */
async function proven(
  name: string,
  ago: number,
  { intent, session, ...more }: { intent?: number; session?: number; isFree?: boolean; look?: true },
): Promise<void> {
  const customerId = await makeCustomer(test.db);
  const at = Date.now() - ago;
  const paymentId = await makePayment(test.db, { realmId, customerId, ...paid(new Date(at)) });
  ids.set(paymentId, name);
  const { isFree = false, look } = more;
  await test.db.settlementProof.create({
    data: {
      ...{
        paymentId,
        realmId,
        provenAt: new Date(at),
        settledAt: new Date(at),
        rule: 'settled-fact',
        isFree,
      },
      ...(intent === undefined ? {} : { intentAt: new Date(at + intent) }),
      ...(session === undefined ? {} : { sessionAt: new Date(at + session) }),
      ...(look === undefined ? { settledBy: 'rule' } : { settledBy: 'look', lookedAt: new Date(at) }),
    },
  });
}

beforeAll(async () => {
  realmId = await makeRealm(test.db);
  await proven('intent first', hours(1), { intent: 0, session: 100 });
  await proven('session first', hours(2), { session: 0, intent: seconds(2) });
  await proven('session much earlier', hours(3), { session: 0, intent: seconds(9) });
  await proven('no intent', hours(4), { session: 0 });
  await proven('free', hours(5), { session: 0, isFree: true });
  await proven('looked at', hours(6), { look: true });
  await proven('long ago', days(8), { intent: 0 });
});

async function read(query: string) {
  const search = new URLSearchParams(query);
  const { list, ...view } = await readSettlement(test.db, realmId, settlementFilters(search), pageOf(search));
  return { ...view, names: list.rows.map(({ paymentId }) => ids.get(paymentId)), count: list.count.n };
}

describe('the comparison of rules', () => {
  it('counts what another rule would have decided, and by how much later', async () => {
    const { comparison, other, names } = await read('');
    expect(other).toBe('payment-intent');
    expect(comparison).toEqual({
      verdicts: { agreed: 2, later: 2, missing: 1, ahead: 0, neither: 1 },
      ...{ p50: 2_000, p95: 9_000, patience: 0, looks: 1, isCut: false },
    });
    expect(names).toHaveLength(6);
  });

  it.each([
    ['show=agreed', ['intent first', 'free']],
    ['show=later', ['session first', 'session much earlier']],
    ['show=missing', ['no intent']],
    ['show=neither', ['looked at']],
    ['show=look', ['looked at']],
    ['show=ahead', []],
    ['show=missing&with=session-completed&days=30', ['long ago']],
    ['show=later&with=session-completed', ['intent first']],
  ])('opens the payments of each number: %s', async (query, names) => {
    const found = await read(query);
    expect(found.names).toEqual(names);
    expect(found.count).toBe(names.length);
  });

  it('turns round with the current rule, and shows its candidate first', async () => {
    const by = { actor: 'usr_1', reason: 'planned' };
    await inTransaction(test.db, 'try', async (tx) => {
      await changeSettlement(tx, { realmId, change: 'try', candidate: 'payment-intent', percentage: 1 }, by);
      await changeSettlement(tx, { realmId, change: 'promote' }, by);
      await changeSettlement(tx, { realmId, change: 'try', candidate: 'settled-fact', percentage: 0 }, by);
    });
    const { other, comparison } = await read('');
    expect(other).toBe('settled-fact');
    expect(comparison.verdicts).toEqual({ agreed: 4, later: 0, missing: 0, ahead: 1, neither: 1 });
  });
});
