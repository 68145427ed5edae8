import { expect, it } from 'vitest';

import { verifyLedger } from '../../app/modules/ledger/index.server';
import { diceOf, seedOf } from '../../app/modules/payments/testing/orders';
import { repairFinding } from '../../app/modules/reconciliation/index.server';
import { minutes } from '../../app/platform/time';
import { type BrokenLife, brokenLivesAt, STORIES } from './testing/broken-lives';
import { later, run } from './testing/reconciling';
import { by, reconcilingAt } from './testing/reconciling-shop';
import { useTestStore } from './testing/store';

/** Each story so many times, in an order and with amounts of the dice: RECONCILE_SEED plays them again. */
const store = useTestStore();
const shop = reconcilingAt(store);
const { deps, available, hear, findingOf, dismiss } = shop;
const TIMES = 3;

const namesOf = (lives: readonly BrokenLife[]) =>
  lives.flatMap(({ broken }) => broken.map(({ kind, subject }) => `${kind} ${subject}`)).sort();

it(
  'whatever happened to sales, a run names what is broken and nothing else, and puts it right',
  { timeout: minutes(3) },
  async () => {
    const dice = diceOf(seedOf('RECONCILE_SEED'));
    // Stripe's list of events was read to its end: what is not here was never made.
    const { id: realmId } = store.shop.realm;
    await store.db.catchUp.create({ data: { realmId, listedUntil: later(), ranAt: later(), found: 0 } });
    const live = brokenLivesAt(store, shop, dice);
    const lives: BrokenLife[] = [];
    const stories = Array.from({ length: TIMES }, () => STORIES).flat();
    for (const story of dice.shuffled(stories)) lives.push(await live(story));

    const first = await run(deps());
    expect(first.standing).toEqual(namesOf(lives));

    for (const life of dice.shuffled(lives)) await mend(life);
    const second = await run(deps());
    expect(second.standing).toEqual([]);
    const parts = await store.db.reconcilePart.findMany({ where: { runId: second.outcome.runId } });
    expect(parts.map(({ differing }) => differing)).toEqual(parts.map(() => 0n));
    expect(await store.db.finding.count()).toBe(namesOf(lives).length);

    for (const { story, paymentId, available: due } of lives)
      expect({ story, available: await available(paymentId) }).toEqual({ story, available: due });
    expect(await verifyLedger(store.db)).toEqual([]);

    /** By the button, by the late events, or by both; a gift is left by a person. */
    async function mend({ story, paymentId, broken, isHeard }: BrokenLife): Promise<void> {
      const [presses, hears] = isHeard
        ? ([
            [true, false],
            [false, true],
            [true, true],
          ][dice.roll(3)] ?? [])
        : [true];
      if (hears === true && broken.length > 0) await hear(paymentId);
      if (presses !== true) return;
      for (const { kind, subject } of dice.shuffled(broken)) {
        const { id: findingId } = await findingOf(subject);
        if (kind === 'granted_not_paid') {
          expect(await repairFinding(deps(), { findingId, ...by })).toEqual({ outcome: 'by_hand' });
          expect(await dismiss(findingId)).toEqual({ outcome: 'dismissed' });
        } else
          expect({ story, ...(await repairFinding(deps(), { findingId, ...by })) }).toEqual({
            ...{ story, outcome: 'repaired', by: expect.any(String) as string },
          });
      }
    }
  },
);
