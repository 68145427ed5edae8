import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { closeDb, createDb, type Db } from '~/platform/db.server';

import { bookDue } from './book-due.server';
import { commands } from './testing/commands';
import { newCast, openRealms } from './testing/commands-cast';
import { checkAll, TIME_FOR_ALL } from './testing/commands-check';
import { Crowd } from './testing/commands-concurrent';
import { assertFreezesHeld, Linear } from './testing/commands-linear';
import { worded } from './testing/commands-run';
import { check, KEPT, keptOf, MIRRORED } from './testing/invariants';
import { DAWN, installTestClock, setTestClock } from './testing/test-clock';

const database = useTestDatabase();
/** A second process, with spends of its own to put together. */
let second: Db;

beforeAll(async () => {
  second = createDb(database.url);
  await installTestClock(database.db);
  await openRealms(database.db);
});
afterAll(() => closeDb(second));

const RUNS = 128;
const CLIENTS = 6;
const LATER = DAWN + BigInt(20 * 365 * 86_400) * 1_000_000n;

it(
  'acts of many clients at once are answered as if they had come one after the other',
  async () => {
    const counts = new Map<string, number>();
    let explained = 0;
    const file = 'app/modules/ledger/random-concurrent.db.test.ts';
    const client = fc.oneof(commands('evenly', 9), commands('money back', 6));
    const clients = fc.array(client, { minLength: CLIENTS, maxLength: CLIENTS });
    const runs = await checkAll(
      { file, runs: RUNS, isRepeatable: false },
      clients,
      async (lists) => {
        const { db } = database;
        await setTestClock(db, DAWN);
        const crowd = new Crowd([db, second], await newCast(db));
        await Promise.all(lists.map((list, n) => crowd.client(n, list)));
        await setTestClock(db, LATER);
        await bookDue(db);
        const kept = await keptOf(db, crowd.cast.customers);
        try {
          check(KEPT, kept, counts);
          const linear = new Linear(crowd.events, kept.books, crowd.wallets);
          check(MIRRORED, { ...kept, run: linear.replay(LATER) }, counts);
          assertFreezesHeld(crowd.events);
          explained += linear.explained;
        } catch (error) {
          throw new Error(`What happened:\n${crowd.events.map(worded).join('\n')}`, { cause: error });
        }
      },
      (lists) => `${lists.length} clients; they meet in another way each time`,
    );
    for (const { name } of [...KEPT, ...MIRRORED]) expect(counts.get(name), name).toBe(runs);
    expect(explained).toBeGreaterThan(runs * CLIENTS);
  },
  TIME_FOR_ALL,
);
