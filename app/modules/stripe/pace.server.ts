import { setTimeout as pause } from 'node:timers/promises';

import Stripe from 'stripe';

import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { isPassing } from './stripe-faults.server';

/** Questions of one walk to Stripe, one after the other and never faster than agreed. */
export interface Pacer {
  /** @throws StripeError when Stripe did not answer in all of its tries */
  ask: <T>(question: () => Promise<T>) => Promise<T>;
  /** Questions so far, those asked again included, and how often Stripe said that they were too many. */
  readonly asked: number;
  readonly slowed: number;
}

/** Reads a second that a walk may take of what Stripe allows: 100 live, 25 in test mode. The rest is for people. */
const PER_SECOND = { live: 40, test: 12 } as const;

const TRIES = 8;
const FIRST_WAIT = seconds(0.5);
const LONGEST_WAIT = seconds(30);
/** After Stripe said that it was too much, the pace halves, and comes back by a twentieth with each answer. */
const SLOWEST = seconds(2);
const RECOVERY = 0.95;

/**
 * A pacer for one realm. On 429 it waits as long as Stripe says, and longer each time, and goes on at half the pace; what is
 * not answered is asked again.
 */
export function createPacer(of: { mode: 'test' | 'live'; perSecond?: number }): Pacer {
  const usual = seconds(1) / (of.perSecond ?? PER_SECOND[of.mode]);
  let gap = usual;
  let nextAt = 0;
  let asked = 0;
  let slowed = 0;

  const turn = async (): Promise<void> => {
    const at = Math.max(Date.now(), nextAt);
    nextAt = at + gap;
    asked += 1;
    const wait = at - Date.now();
    if (wait > 0) await pause(wait);
  };

  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      await turn();
      try {
        const answer = await question();
        gap = Math.max(usual, gap * RECOVERY);
        return answer;
      } catch (error) {
        if (!isPassing(error) || tries === TRIES) throw error;
        const isTooMuch = error instanceof Stripe.errors.StripeRateLimitError;
        if (isTooMuch) {
          slowed += 1;
          gap = Math.min(SLOWEST, gap * 2);
        }
        const wait = Math.max(retryAfter(error), Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1)));
        log.warn('stripe asked again', { tries, isTooMuch, waitMs: wait });
        await pause(wait);
      }
    }
  };

  return {
    ask,
    get asked() {
      return asked;
    },
    get slowed() {
      return slowed;
    },
  };
}

/** What Stripe asks to be waited for, in milliseconds; 0 when it says nothing. */
function retryAfter(error: unknown): number {
  if (!(error instanceof Stripe.errors.StripeError)) return 0;
  const said = Number(error.headers?.['retry-after'] ?? 0);
  return Number.isFinite(said) && said > 0 ? Math.min(LONGEST_WAIT, seconds(said)) : 0;
}
