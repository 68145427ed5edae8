/** Every order of the items. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

export interface Dice {
  /** A whole number from 0 to `sides` − 1. */
  roll: (sides: number) => number;
  shuffled: <T>(items: readonly T[]) => T[];
}

/** The same numbers for the same seed (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const roll = (sides: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
  const shuffled = <T>(items: readonly T[]): T[] => {
    const left = [...items];
    return items.flatMap(() => left.splice(roll(left.length), 1));
  };
  return { roll, shuffled };
}

/** The seed that the environment names, or a new one. It is printed, so that a run can be had again. */
export function seedOf(variable: string): number {
  const given = process.env[variable]?.trim();
  const seed = given ? Number(given) : Math.floor(Math.random() * 2 ** 31);
  console.info(`${variable}=${String(seed)}`);
  return seed;
}

/** Does the same to every item, a few at a time. */
export async function forEachOf<T>(
  items: readonly T[],
  width: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) await act(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
