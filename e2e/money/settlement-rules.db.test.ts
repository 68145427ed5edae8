import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SETTLEMENT_RULES } from '../../app/modules/payments/shared';
import { diceOf, seedOf } from '../../app/modules/payments/testing/orders';
import { minutes } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { type LivesUnderTest, openLives, playBatch } from './testing/lives/check-plans';
import { type Act, type Plan } from './testing/lives/plans';
import { liveThem } from './testing/lives/stories';

/** Each rule alone, over every life of a pack: what must stand is reckoned from Stripe's objects, and names no rule. */
const database = useTestDatabase();
const dice = diceOf(seedOf('RULES_SEED'));
let lives: LivesUnderTest;
beforeAll(async () => {
  lives = await openLives(database.db, (shop) => liveThem(shop, dice, 'packs'));
}, minutes(3));
afterAll(() => lives?.close());

/** Every life, each event twice at once: told in Stripe's order, and once more by dice. */
function everyLife(): Plan[] {
  const toldBy = (event: () => number): Plan[] =>
    lives.lives.map(({ events }, life) => {
      const deliver = (): Act[] => [{ act: 'deliver', event: event(), copies: 2 }];
      return [{ life, steps: events.map(deliver) }];
    });
  return [...toldBy(() => 0), ...toldBy(() => dice.roll(1_000))];
}

describe.each(SETTLEMENT_RULES)('by the rule %s alone', (rule) => {
  it('every life of a pack ends as Stripe’s objects say', { timeout: minutes(5) }, async () => {
    const since = new Date();
    const faults = await playBatch(lives, everyLife(), new Map(), { rule, replayed: 0 });
    expect(faults.map(({ error }) => error)).toEqual([]);
    const settled = await database.db.settlementProof.groupBy({
      by: ['rule', 'settledBy'],
      where: { provenAt: { gte: since } },
      _count: true,
    });
    // Nothing was lost, so nobody had to be patient.
    expect(settled).toEqual([{ rule, settledBy: 'rule', _count: expect.any(Number) }]);
    expect(settled[0]?._count).toBeGreaterThan(40);
  });
});
