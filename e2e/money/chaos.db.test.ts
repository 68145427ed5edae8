import { afterAll, beforeAll, expect, it } from 'vitest';

import { installMicros } from '../../app/modules/ledger/testing/test-clock';
import { verifyLedger } from '../../app/modules/ledger/index.server';
import { diceOf, forEachOf, seedOf } from '../../app/modules/payments/testing/orders';
import { days, minutes } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { type Chaos, openChaos } from './testing/lives/chaotic-shop';
import { checkBooks, checkLife } from './testing/lives/invariants';
import { type MustEnd, openReckoning } from './testing/lives/reckoning';
import { NO_TOP_UPS } from './testing/lives/reckoning-of-top-ups';
import { type RecordedLife } from './testing/lives/recorded-life';
import { standsOf } from './testing/lives/stands';
import { reconcilerAt, run } from './testing/reconciling';

/**
 * Deliveries that really travel: a fifth never comes, nearly a third comes twice, all out of order, and a fiftieth of our
 * questions is never answered, one in each round not even when the SDK asks again. `CHAOS_SEED` chooses the same faults again, `CHAOS_PAYMENTS` how many purchases suffer them.
 */
const database = useTestDatabase();
const PAYMENTS = Number(process.env.CHAOS_PAYMENTS ?? 200);

const seed = seedOf('CHAOS_SEED');
let chaos: Chaos;
beforeAll(async () => {
  await installMicros(database.db);
  chaos = await openChaos(database.db, diceOf(seed), seed);
});
afterAll(() => chaos?.close());

it(
  `${PAYMENTS} payments whose deliveries and answers get lost stand in the end as Stripe’s objects say`,
  { timeout: minutes(30) },
  async () => {
    await chaos.live(PAYMENTS);
    const { struck } = await chaos.quiet();
    for (const fault of ['drop', 'duplicate', 'reorder', 'lost_answer'])
      expect(struck[fault] ?? 0, fault).toBeGreaterThan(0);

    const reckon = await openReckoning(database.db, chaos.shop);
    const ends = new Map<RecordedLife, MustEnd>();
    await forEachOf(chaos.customers, 8, async ({ copy: { life } }) => {
      ends.set(life, await reckon(life));
    });
    const mustOf = (life: RecordedLife): MustEnd =>
      ends.get(life) ?? { payments: [], subscriptions: [], orders: [], topUps: NO_TOP_UPS };
    const counts = new Map<string, number>();
    for (let first = 0; first < chaos.customers.length; first += 100) {
      const some = chaos.customers.slice(first, first + 100);
      const stands = await standsOf(database.db, some, mustOf);
      for (const stand of stands.values()) checkLife(stand, counts);
      await checkBooks(
        database.db,
        some.map(({ copy }) => copy.customerId),
        counts,
      );
    }
    for (const name of counts.keys()) expect(counts.get(name), name).toBeGreaterThan(0);
    const must = [...ends.values()].flatMap(({ payments }) => payments);
    const { unopened } = chaos;
    expect(must).toHaveLength(PAYMENTS - unopened.length);
    const closed = await database.db.payment.count({
      where: { id: { in: unopened }, state: 'failed', lots: { none: {} } },
    });
    expect(closed).toBe(unopened.length);
    expect(await database.db.payment.count()).toBe(PAYMENTS);
    expect(await database.db.stripeCall.count({ where: { sends: { gt: 1 } } })).toBeGreaterThan(0);
    const pages = chaos.pages();
    expect(await database.db.payment.count({ where: { stripeSession: { in: pages } } })).toBe(pages.length);
    const caughtUp = await database.db.event.count({ where: { source: 'catch_up' } });
    expect(caughtUp).toBeGreaterThan(0);
    expect(await verifyLedger(database.db)).toEqual([]);
    process.stdout.write(
      `chaos: ${PAYMENTS} payments, ${unopened.length} never opened, ${caughtUp} events caught up, ${JSON.stringify(struck)}\n`,
    );
  },
);

it('a comparison of all of it, object by object, raises no false alarm', async () => {
  const { outcome, standing } = await run(reconcilerAt(database.db, chaos.shop), {
    from: new Date(Date.now() - days(2)),
  });
  expect(standing).toEqual([]);
  const parts = await database.db.reconcilePart.findMany({ where: { runId: outcome.runId } });
  const seen = new Map(parts.map(({ kind, ours }) => [kind, ours]));
  for (const kind of ['checkout.session', 'payment_intent', 'charge', 'refund', 'dispute'])
    expect(seen.get(kind), kind).toBeGreaterThan(0n);
});
