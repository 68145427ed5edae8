import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { verifyLedger } from '../../../../app/modules/ledger/index.server';
import { diceOf } from '../../../../app/modules/payments/testing/orders';
import { minutes } from '../../../../app/platform/time';
import { useTestDatabase } from '../../../support/test-database';
import { checkPlans, type LivesUnderTest, openLives } from './check-plans';
import { EVERY_INVARIANT } from './invariants';
import { liveThem, storiesOf, type Theme } from './stories';

/** Enough plans to have lived every story. */
const ENOUGH = 250;

/**
 * Lives of many customers, mixed: whatever comes in which order, twice, late or never, and whatever is spent and held
 * meanwhile, they end as Stripe's objects say. Another seed in each run: LIVES_SEED plays one again, LIVES_PATH one plan
 * of it, LIVES_RUNS searches longer.
 */
export function testRandomLives({ file, theme, runs }: { file: string; theme: Theme; runs: number }): void {
  const database = useTestDatabase();
  const { LIVES_SEED, LIVES_RUNS } = process.env;
  const seed = LIVES_SEED === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(LIVES_SEED);
  const plans = LIVES_RUNS === undefined ? runs : Number(LIVES_RUNS);

  let lives: LivesUnderTest;
  beforeAll(async () => {
    lives = await openLives(database.db, (shop) => liveThem(shop, diceOf(seed), theme));
  }, minutes(3));
  afterAll(() => lives?.close());

  it('every invariant that is checked is explained', async () => {
    const map = await readFile('app/README.md', 'utf8');
    expect(EVERY_INVARIANT.filter((name) => !map.includes(name))).toEqual([]);
  });

  it(`${plans} plans end as Stripe’s objects say`, { timeout: minutes(20) }, async () => {
    const { counts, played } = await checkPlans(lives, { file, seed, runs: plans });
    for (const name of EVERY_INVARIANT) expect(counts.get(name) ?? 0, name).toBeGreaterThan(0);
    // One plan played again goes to no other story.
    if (played >= ENOUGH)
      for (const name of storiesOf(theme)) expect(counts.get(name) ?? 0, name).toBeGreaterThan(0);
    expect(await verifyLedger(database.db)).toEqual([]);
  });
}
