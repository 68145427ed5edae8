import { describe, expect, it } from 'vitest';

import { type DisputeFact, type DisputeStatus } from '~/modules/stripe/shared';

import { permutations } from '~/modules/payments/testing/orders';

import { disputeLevel, disputeRank } from './state';

/** One look at a dispute of 2,000: what the bank has, movements on the balance so far, answers sent so far. */
const look = (
  status: DisputeStatus,
  withdrawn: bigint,
  movements: number,
  submissions: number,
): DisputeFact => ({
  ...{ kind: 'dispute', id: 'du_1', ours: {}, status, amount: 2000n, currency: 'usd', reason: 'fraudulent' },
  ...{ intentId: 'pi_1', chargeId: 'ch_1', withdrawn, movements, submissions, dueBy: undefined },
});

const LIVES: Record<string, DisputeFact[]> = {
  'lost, appealed and lost again': [
    look('needs_response', 0n, 0, 0),
    look('needs_response', 2000n, 1, 0),
    look('under_review', 2000n, 1, 1),
    look('lost', 2000n, 1, 1),
    look('appeal_needs_response', 2000n, 1, 1),
    look('appeal_under_review', 2000n, 1, 2),
    look('lost', 2000n, 1, 2),
  ],
  'lost, appealed and won': [
    look('under_review', 2000n, 1, 1),
    look('lost', 2000n, 1, 1),
    look('appeal_needs_response', 2000n, 1, 1),
    look('appeal_under_review', 2000n, 1, 2),
    look('won', 0n, 2, 2),
  ],
  'an inquiry that became a chargeback and was won': [
    look('warning_needs_response', 0n, 0, 0),
    look('warning_under_review', 0n, 0, 1),
    look('needs_response', 2000n, 1, 1),
    look('under_review', 2000n, 1, 2),
    look('won', 2000n, 1, 2),
    look('won', 0n, 2, 2),
  ],
};

describe('a dispute', () => {
  it.each(Object.entries(LIVES))('%s only rises, so every order ends at its last look', (_, looks) => {
    const ranks = looks.map(disputeRank);
    expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
    const last = looks.at(-1);
    for (const order of permutations(looks.slice(-5))) {
      const kept = order.reduce((high, one) => (disputeRank(one) > disputeRank(high) ? one : high));
      expect(kept).toBe(last);
    }
  });

  it('takes what the bank has, also while an appeal is open, and nothing once it is won', () => {
    const levels = LIVES['lost, appealed and won']?.map((one) => disputeLevel(one));
    const gone = { level: 'gone', taken: 2000n };
    expect(levels).toEqual([gone, gone, gone, gone, { level: 'none', taken: 0n }]);
    expect(disputeLevel(look('needs_response', 0n, 0, 0))).toEqual({ level: 'pending', taken: 2000n });
    expect(disputeLevel(look('won', 2000n, 1, 2))).toEqual({ level: 'none', taken: 0n });
  });
});
