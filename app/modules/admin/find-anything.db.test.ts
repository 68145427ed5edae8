import { expect, it, type MockInstance, vi } from 'vitest';

import { closeDb, createDb, poolOf } from '~/platform/db.server';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { findAnything } from './find-anything.server';
import { makeCustomer, makePayment, makeRealm, realmRef } from './testing/console-data';

const test = useTestDatabase();

/** What Postgres was asked while `act` ran. */
async function askedBy(act: (db: typeof test.db) => Promise<unknown>): Promise<string> {
  const own = createDb(test.url);
  const spies: MockInstance[] = [];
  poolOf(own).on('connect', (client) => spies.push(vi.spyOn(client, 'query')));
  await act(own);
  await closeDb(own);
  return JSON.stringify(spies.map((spy) => spy.mock.calls));
}

it('the palette offers the five newest of each, and reads no balance and no count for it', async () => {
  const realmId = await makeRealm(test.db);
  for (let n = 0; n < 7; n += 1) {
    const customerId = await makeCustomer(test.db, { email: `palette${n}@example.test` });
    await makePayment(test.db, { realmId, customerId });
  }
  const find = (db: typeof test.db, text: string) =>
    findAnything(db, new URLSearchParams({ q: text }), [realmRef(realmId)], realmId);
  const found = await find(test.db, 'palette');
  expect([found.customers.length, found.payments.length]).toEqual([5, 5]);
  expect(found.customers[0]?.title).toBe('palette6@example.test');
  const asked = await askedBy((db) => find(db, 'palette'));
  expect(asked).toContain('FROM customer c');
  expect(asked).not.toMatch(/EXPLAIN|count\(\*\)|ledger_balance/);
});

it('bytes that no text can hold are not looked for', async () => {
  const realmId = await makeRealm(test.db);
  const find = (text: string) =>
    findAnything(test.db, new URLSearchParams({ q: text }), [realmRef(realmId)], realmId);
  expect(await find('\0')).toEqual({ text: '', pages: [], customers: [], payments: [] });
  expect((await find('evt_\0x')).text).toBe('evt_x');
});
