import { type TopUpState } from './shared';

/** From where a rule goes where. It waits for its first card, and only its customer takes it out of a pause or switches it off. */
const MOVES: Record<TopUpState, readonly TopUpState[]> = {
  waiting: ['waiting', 'on', 'off'],
  on: ['on', 'paused', 'off'],
  paused: ['on', 'off'],
  off: ['waiting', 'on'],
};

export const canMove = (from: TopUpState, to: TopUpState): boolean => MOVES[from].includes(to);
