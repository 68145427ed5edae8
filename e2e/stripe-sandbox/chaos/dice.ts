import type { Chaos, Dose, FaultName } from './mix';

/** How often each fault has struck in the run so far. */
export type Struck = Readonly<Record<string, number>>;

/** A number from 0 up to 1 that is the same for the same seed and place, on every machine. */
export function numberAt(seed: number, ...place: Array<string | number>): number {
  let hash = 0x811c9dc5;
  for (const character of [seed, ...place].join('|')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  let state = (hash + 0x6d2b79f5) | 0;
  state = Math.imul(state ^ (state >>> 15), 1 | state);
  state = (state + Math.imul(state ^ (state >>> 7), 61 | state)) ^ state;
  return ((state ^ (state >>> 14)) >>> 0) / 4_294_967_296;
}

function integerAt(
  [least, most]: readonly [number, number],
  seed: number,
  ...place: Array<string | number>
): number {
  return least + Math.floor(numberAt(seed, ...place) * (most - least + 1));
}

/** An order that is the same for the same seed and place. */
export function shuffledAt<T>(items: readonly T[], seed: number, ...place: Array<string | number>): T[] {
  return items
    .map((item, index) => ({ item, key: numberAt(seed, ...place, index) }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item);
}

/** Says of each opportunity whether a fault strikes. Each fault has numbers of its own, so one more in the mix moves no other. */
export class Dice {
  private readonly struck: Record<string, number>;

  constructor(
    private readonly chaos: Chaos,
    private readonly turn: number,
    struck: Struck,
  ) {
    this.struck = { ...struck };
  }

  strikes(fault: FaultName, ...place: Array<string | number>): boolean {
    const { chance, times } = doseOf(this.chaos[fault]);
    const before = this.struck[fault] ?? 0;
    if (before >= times || numberAt(this.chaos.seed, this.turn, fault, ...place) >= chance) return false;
    this.struck[fault] = before + 1;
    return true;
  }

  integer(span: readonly [number, number], ...place: Array<string | number>): number {
    return integerAt(span, this.chaos.seed, this.turn, ...place);
  }

  shuffled<T>(items: readonly T[]): T[] {
    return shuffledAt(items, this.chaos.seed, this.turn, 'order');
  }
}

export function doseOf(dose: Dose): { chance: number; times: number } {
  if (dose === undefined) return { chance: 0, times: 0 };
  return typeof dose === 'number' ? { chance: dose, times: Infinity } : dose;
}
