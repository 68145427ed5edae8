import { type Copy } from './copied-stripe';
import { type Act } from './plans';
import { type Lived } from './stands';

/** One customer of a plan while it is played. */
export interface Customer extends Lived {
  copy: Copy;
  /** Several acts at once, then what they brought is processed. */
  steps: Micro[][];
  come: Set<string>;
  holds: { id: string; amount: bigint }[];
  /** Acts so far: what makes each a new one to the ledger. */
  acts: number;
  /** What was done, in words. */
  story: string[];
}

/** An act, or the time that has to pass before one. */
export type Micro = Act | { act: 'wait' };
export type Of<Name extends Micro['act']> = Extract<Micro, { act: Name }>;

export const tell = (one: Customer, text: string) => one.story.push(`${one.story.length + 1}. ${text}`);
export const actorOf = ({ copy }: Customer) => `usr_${copy.n}`;
