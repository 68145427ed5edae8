import { beforeAll, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';

import { openRealms } from './testing/commands-cast';
import { checkRandomActs, TIME_FOR_ALL } from './testing/commands-check';
import { EVERY_INVARIANT } from './testing/invariants';
import { PLACES } from './testing/invariants-reached';
import { installTestClock } from './testing/test-clock';

const database = useTestDatabase();

beforeAll(async () => {
  await installTestClock(database.db);
  await openRealms(database.db);
});

it(
  'all acts mixed: the ledger answers, books and keeps what the oracle does',
  async () => {
    const file = 'app/modules/ledger/random-acts.db.test.ts';
    const plan = { file, runs: 512, theme: 'evenly', maxLength: 32 } as const;
    const { runs, counts } = await checkRandomActs(database.db, plan);
    for (const name of EVERY_INVARIANT) expect(counts.get(name), name).toBe(runs);
    // One failure played again goes to no other place.
    if (runs < plan.runs) return;
    for (const name of PLACES[plan.theme]) expect(counts.get(name) ?? 0, name).toBeGreaterThan(0);
  },
  TIME_FOR_ALL,
);
