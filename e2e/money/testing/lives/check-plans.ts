import fc from 'fast-check';

import { installMicros } from '../../../../app/modules/ledger/testing/test-clock';
import { type SettlementRule } from '../../../../app/modules/payments/shared';
import { type Db } from '../../../../app/platform/db.server';
import { minutes } from '../../../../app/platform/time';
import { openPlanShop, type PlanShop } from '../plan-shop';
import { openCopiedStripe } from './copied-stripe';
import { aReplayChangesNothing, checkBooks, checkLife } from './invariants';
import { openPlayer, type Played } from './play';
import { type Plan, plansOf } from './plans';
import { type RecordedLife } from './recorded-life';
import { type MustEnd, openReckoning } from './reckoning';
import { type Stands, standsOf } from './stands';
import { namesOf } from './stories';

/** Plans that are played side by side. */
const BATCH = 64;
/** Of so many events one is replayed. */
const REPLAYED = 8;

/** A shop, the lives that the sandbox lived in it, and what must become of copies of them. */
export async function openLives(db: Db, live: (shop: PlanShop) => Promise<RecordedLife[]>) {
  await installMicros(db);
  const shop = await openPlanShop(db);
  // A bank answers a debit when it is told to.
  const body = JSON.stringify({ debitSettleMs: 86_400_000 });
  await fetch(`${shop.sandbox.url}/_control/settings`, { method: 'PUT', body });
  const lives = await live(shop);
  const reckon = await openReckoning(db, shop);
  const ends = new Map<RecordedLife, MustEnd>();
  for (const life of lives) ends.set(life, await reckon(life));
  const stripe = await openCopiedStripe(shop);
  const mustOf = (life: RecordedLife): MustEnd => {
    const must = ends.get(life);
    if (!must) throw new Error(`${life.name} was not reckoned.`);
    return must;
  };
  const close = async () => {
    stripe.close();
    await shop.sandbox.stop();
  };
  return { db, shop, lives, stripe, mustOf, player: openPlayer(db, shop, stripe, lives), close };
}
export type LivesUnderTest = Awaited<ReturnType<typeof openLives>>;

/** What is searched, and the file that a person runs to see a failure again. */
interface Search {
  file: string;
  seed: number;
  runs: number;
}

/** Plays plans of a seed side by side. One that fails is played again alone, shortened, and told in words. */
export async function checkPlans(
  lives: LivesUnderTest,
  { file, seed, runs }: Search,
): Promise<{ counts: Map<string, number>; played: number }> {
  const counts = new Map<string, number>();
  const arbitrary = plansOf(lives.lives.length);
  const { LIVES_PATH: path } = process.env;
  if (path !== undefined) {
    await shorten(lives, arbitrary, { file, seed, path, counts });
    return { counts, played: 1 };
  }
  const plans = fc.sample(arbitrary, { seed, numRuns: runs });
  process.stdout.write(`${file}: LIVES_SEED=${seed}, ${runs} plans\n`);
  for (let first = 0; first < plans.length; first += BATCH) {
    const faults = await playBatch(lives, plans.slice(first, first + BATCH), counts);
    const [fault] = faults;
    if (fault === undefined) continue;
    await shorten(lives, arbitrary, { file, seed, path: String(first + fault.n), counts });
    throw new Error(`Side by side with others, and not alone:\n${wordsOf(fault.played)}`, {
      cause: fault.error,
    });
  }
  return { counts, played: plans.length };
}

/**
 * Plays plans side by side under a rule of settlement, until an act changes it, checks how they end, and that replays of
 * one in so many events change nothing of it; 0 replays none.
 */
export async function playBatch(
  { db, shop, player, mustOf }: LivesUnderTest,
  plans: readonly Plan[],
  counts: Map<string, number>,
  { replayed = REPLAYED, rule = 'settled-fact' }: { replayed?: number; rule?: SettlementRule } = {},
): Promise<{ n: number; played: Played; error: unknown }[]> {
  const policy = { current: rule, candidate: null, percentage: 0, former: null };
  const realmId = shop.realm.id;
  await db.settlementPolicy.upsert({ where: { realmId }, create: { realmId, ...policy }, update: policy });
  const playing = await player.play(plans);
  const all = playing.flatMap((played) => played.customers);
  const before = await standsOf(db, all, mustOf);
  const faults = faultsOf(playing, (played) => {
    if (played.fault !== undefined) throw played.fault;
    for (const one of played.customers) checkLife(standOf(before, one), counts);
  });
  if (faults.length > 0) return faults;
  const customers = all.map(({ copy }) => copy.customerId);
  await checkBooks(db, customers, counts);
  if (replayed === 0) {
    player.forget(playing);
    return [];
  }
  await player.replaySome(playing, replayed);
  const after = await standsOf(db, all, mustOf);
  const changed = faultsOf(playing, (played) => {
    for (const one of played.customers) {
      aReplayChangesNothing(standOf(before, one), standOf(after, one));
      count(counts, aReplayChangesNothing.name);
      checkLife(standOf(after, one), counts);
      for (const story of namesOf(one.copy.life)) count(counts, story);
    }
  });
  player.forget(playing);
  return changed;
}

const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

function standOf(
  stands: ReadonlyMap<Played['customers'][number], Stands>,
  one: Played['customers'][number],
): Stands {
  const found = stands.get(one);
  if (!found) throw new Error('A customer was not read.');
  return found;
}

function faultsOf(playing: readonly Played[], look: (played: Played) => void) {
  return playing.flatMap((played, n) => {
    try {
      look(played);
      return [];
    } catch (error) {
      return [{ n, played, error }];
    }
  });
}

/** Plays one plan alone, and shorter ones as long as they fail. */
async function shorten(
  lives: LivesUnderTest,
  arbitrary: fc.Arbitrary<Plan>,
  { file, seed, path, counts }: Omit<Search, 'runs'> & { path: string; counts: Map<string, number> },
): Promise<void> {
  let last = '';
  const found = await fc.check(
    fc.asyncProperty(arbitrary, async (plan) => {
      const [fault] = await playBatch(lives, [plan], counts);
      if (!fault) return;
      last = wordsOf(fault.played);
      throw fault.error;
    }),
    { seed, path, numRuns: 1, interruptAfterTimeLimit: minutes(3), markInterruptAsFailure: true },
  );
  if (!found.failed) return;
  const line = `LIVES_SEED=${seed} LIVES_PATH=${found.counterexamplePath ?? path} npx vitest run --project integration ${file}`;
  throw new Error(`Play it again with\n  ${line}\nThe shortest that fails:\n${last}`, {
    cause: found.errorInstance,
  });
}

const wordsOf = ({ customers }: Played): string =>
  customers
    .map(({ copy: { life, customerId }, story }) =>
      [
        `${customerId}: ${life.name}`,
        ...life.moments.map((moment, n) => `  moment ${n}: ${moment}`),
        ...story.map((line) => `  ${line}`),
      ].join('\n'),
    )
    .join('\n');
