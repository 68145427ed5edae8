import { refOfId } from '~/modules/stripe/index.server';
import { type DoorOutcome, type ObjectRef } from '~/modules/stripe/shared';
import { assertNever } from '~/platform/assert-never';

import { type Fault } from './classify-fault.server';
import { type Verdict } from './record-attempt.server';
import { delayAfterFault, delayForParent, isGivenUp, READ_PARENT_AFTER, UNKNOWN_TRIES } from './schedule';

interface Tries {
  tries: number;
  firstTryAt: Date;
  now: Date;
}

/** What a door's answer makes of its event. A parent that stays away is read from Stripe itself, then given to a person. */
export function verdictOf(
  door: Exclude<DoorOutcome, { outcome: 'need' }>,
  { tries, firstTryAt, now }: Tries,
): Verdict & { readParent?: ObjectRef } {
  switch (door.outcome) {
    case 'decided':
      return { status: 'done', decision: door.decision, reason: door.reason, effects: door.effects };
    case 'quarantined': {
      const { code, detail, effects } = door;
      return { status: 'quarantined', code, detail, effects };
    }
    case 'waits': {
      const { waitsFor, forMs = Number.POSITIVE_INFINITY } = door;
      if (isGivenUp(firstTryAt, now))
        return {
          status: 'quarantined',
          code: 'parent_missing',
          detail: `waited for ${waitsFor}`,
          effects: [],
        };
      const parent =
        now.getTime() - firstTryAt.getTime() >= READ_PARENT_AFTER ? refOfId(waitsFor) : undefined;
      const verdict = { status: 'waiting', delay: Math.min(delayForParent(tries), forMs), waitsFor } as const;
      return parent === undefined ? verdict : { ...verdict, readParent: parent };
    }
    default:
      return assertNever(door);
  }
}

/** What a fault makes of its event. `unexplained` counts unknown faults and crashes of late, this one included. */
export function verdictOfFault(
  fault: Fault,
  { tries, firstTryAt, now, unexplained }: Tries & { unexplained: number },
): Verdict {
  const { code, detail } = fault;
  if (fault.kind === 'poison' || (fault.kind === 'unknown' && unexplained >= UNKNOWN_TRIES))
    return { status: 'dead', code, detail, effects: [] };
  if (isGivenUp(firstTryAt, now))
    return { status: 'dead', code: 'exhausted', detail: `${code}: ${detail}`, effects: [] };
  return { status: 'waiting', delay: delayAfterFault(tries), code, detail };
}
