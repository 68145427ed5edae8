import { afterAll, beforeAll, expect, it } from 'vitest';

import { verifyLedger } from '../../app/modules/ledger/index.server';
import { type Dice, diceOf, seedOf } from '../../app/modules/payments/testing/orders';
import { minutes } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { type LivesUnderTest, openLives, playBatch } from './testing/lives/check-plans';
import { type Act, type Plan } from './testing/lives/plans';
import { type RecordedLife } from './testing/lives/recorded-life';
import { liveItAll } from './testing/lives/stories';

/**
 * One customer's top-up, purchase, plan, refund and dispute: all that is said of them, in orders by chance, each of it up
 * to three times. `FULL_LIFE_SEED` chooses the same orders again.
 */
const database = useTestDatabase();
const ORDERS = Number(process.env.FULL_LIFE_ORDERS ?? 500);
const SIDE_BY_SIDE = 100;

const dice = diceOf(seedOf('FULL_LIFE_SEED'));
let lives: LivesUnderTest;
beforeAll(async () => {
  lives = await openLives(database.db, async (shop) => [await liveItAll(shop, dice)]);
}, minutes(1));
afterAll(() => lives?.close());

/**
 * Every event comes, in an order by chance, a few of them at once. Only what our side did first waits for what it needs to
 * know: the consent, the card, then the purchase.
 */
function orderOf({ deeds, events }: RecordedLife, { roll }: Dice): Plan {
  const deliver = (left: number): Act => ({ act: 'deliver', event: roll(left), copies: 1 + roll(3) });
  const steps: Act[][] = [];
  let left = events.length;
  for (const { moment } of deeds) {
    // What is said of the deed itself comes after it.
    const later = events.filter((event) => event.moment >= moment).length;
    for (; left > later; left -= 1) steps.push([deliver(left - later)]);
    steps.push([{ act: 'deed', isAnswerLost: roll(2) === 0 }]);
  }
  while (left > 0) {
    const together = Math.min(left, 1 + roll(4));
    steps.push(Array.from({ length: together }, (_, n) => deliver(left - n)));
    if (roll(4) === 0) steps.push([{ act: 'resend' }]);
    left -= together;
  }
  return [{ life: 0, steps }];
}

it(`${ORDERS} orders of the whole life of a customer end alike`, { timeout: minutes(20) }, async () => {
  const [life] = lives.lives;
  expect(life?.events.length).toBeGreaterThan(20);
  const orders = life === undefined ? [] : Array.from({ length: ORDERS }, () => orderOf(life, dice));
  const counts = new Map<string, number>();
  for (let first = 0; first < ORDERS; first += SIDE_BY_SIDE) {
    const [fault] = await playBatch(lives, orders.slice(first, first + SIDE_BY_SIDE), counts, {
      replayed: 0,
    });
    if (fault) throw fault.error;
  }
  expect(counts.get('everyEventIsDecided')).toBeGreaterThanOrEqual(ORDERS);
  expect(await database.db.event.count({ where: { source: 'catch_up' } })).toBe(0);
  expect(await verifyLedger(database.db)).toEqual([]);
});
