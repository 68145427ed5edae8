import { type DoomedPostgres } from './doomed-postgres';
import { type DoomedProcess } from './doomed-process';
import { seededRandom, shuffled } from './seeded-random';

const SHORTEST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 1_500;

export interface Killer {
  /** Ends it once each victim was killed at least once; how often each one was. */
  stop: () => Promise<Record<string, number>>;
}

/**
 * Kills one victim after the other at uneven times, in rounds that the seed shuffles: each process twice, Postgres once.
 * Every fourth victim may be killed while it still starts; the others are left alone until they are at work, and between
 * two kills something is bought: so a slow machine gets on too.
 */
export function startKiller(options: {
  seed: number;
  postgres: DoomedPostgres;
  processes: readonly DoomedProcess[];
  /** How much is bought so far. */
  purchases: () => number;
}): Killer {
  const random = seededRandom(options.seed);
  const kills: Record<string, number> = {};
  let isAsked = false;
  let recovering = Promise.resolve();

  const blow = async (victim: DoomedProcess | DoomedPostgres): Promise<void> => {
    const name = 'name' in victim ? victim.name : 'postgres';
    kills[name] = (kills[name] ?? 0) + 1;
    if ('name' in victim) return victim.kill();
    await recovering;
    recovering = victim.kill();
    // Awaited later; a fault until then is not an unhandled one.
    recovering.catch(() => undefined);
  };

  /** Waits its time, then for a purchase and for the victim; less when the end is asked for. */
  const pause = async (victim: DoomedProcess | DoomedPostgres): Promise<void> => {
    const until = Date.now() + SHORTEST_PAUSE_MS + random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS);
    const before = options.purchases();
    const isHasty = random() < 0.25;
    const isDue = () => Date.now() >= until && options.purchases() > before && (isHasty || victim.isUp);
    while (!isAsked && !isDue()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  const rounds = async (): Promise<void> => {
    const { postgres, processes } = options;
    for (let round = 1; !isAsked || round === 1; round += 1)
      for (const victim of shuffled([postgres, ...processes, ...processes], random)) {
        await pause(victim);
        if (isAsked && round > 1) break;
        await blow(victim);
      }
    await recovering;
  };

  const done = rounds();
  done.catch(() => undefined);
  return {
    stop: async () => {
      isAsked = true;
      await done;
      return kills;
    },
  };
}
