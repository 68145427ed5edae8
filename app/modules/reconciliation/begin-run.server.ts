import { LISTED_KINDS, type ListedKind } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { lockName } from '~/platform/lock-name.server';
import { days, hours, minutes } from '~/platform/time';

import { type PartKind, type RunPlan, SHOWING } from './shared';

const FIRST_WINDOW = hours(1);
/** Who asks again for the same span within this goes on with what was left. */
const RESUMED_WITHIN = hours(1);
/** What changes long after it was made is looked at by every nightly run. */
const DISPUTES_BACK = days(180);

export interface RunInput {
  realmId: string;
  plan: RunPlan;
  from: Date;
  before: Date;
  kinds: readonly ListedKind[];
  actor: string;
  reason?: string;
}

export interface BegunRun {
  id: string;
  /** It began before, and goes on where it stood. */
  isResumed: boolean;
}

/** How often each plan begins a run of its own, with room for a schedule that is late one time and early the next. */
const BEGUN_ANEW_AFTER: Record<Exclude<RunPlan, 'asked'>, number> = {
  hourly: minutes(55),
  nightly: hours(23),
};

/**
 * The run of this plan that goes on, or a new one. An asked one of another span takes the place of one that was left. A
 * scheduled one takes the place of the one before it when all that is left of that cannot be walked: a list that Stripe
 * refuses for ever keeps no later run from the others. One that is slow or was cut off goes on.
 */
export function beginRun(db: Db, input: RunInput): Promise<BegunRun> {
  const { realmId, plan, from, before, kinds, actor, reason } = input;
  return inTransaction(db, 'begin reconciliation', async (tx) => {
    await lockName(tx, `reconcile:${realmId}${plan}`);
    const going = await tx.reconcileRun.findFirst({
      where: { realmId, plan, state: 'running' },
      select: {
        ...{ id: true, from: true, before: true },
        parts: { select: { kind: true, doneAt: true, failingSince: true } },
      },
    });
    const parts = partsOf(kinds);
    if (going) {
      const age = before.getTime() - going.before.getTime();
      const goesOn =
        plan === 'asked'
          ? going.from.getTime() === from.getTime() &&
            age < RESUMED_WITHIN &&
            going.parts.length === parts.length &&
            going.parts.every(({ kind }) => parts.some((part) => part === kind))
          : age < BEGUN_ANEW_AFTER[plan] || !isStuck(going.parts);
      if (goesOn) return { id: going.id, isResumed: true };
      await tx.reconcileRun.update({
        where: { id: going.id },
        data: { state: 'canceled', endedAt: new Date() },
        select: { id: true },
      });
    }
    const id = newId('rcn');
    const since = await sinceOf(input);
    await tx.reconcileRun.create({
      data: {
        ...{ id, realmId, plan, from, before, actor, reason: reason ?? null },
        parts: {
          create: parts.map((kind, position) => ({
            ...{ kind, position, windowFrom: since(kind) },
            windowEnd: new Date(Math.min(since(kind).getTime() + FIRST_WINDOW, before.getTime())),
          })),
        },
      },
      select: { id: true },
    });
    return { id, isResumed: false };

    async function sinceOf({ from: start }: RunInput): Promise<(kind: PartKind) => Date> {
      const { createdAt } = await tx.realm.findUniqueOrThrow({
        where: { id: realmId },
        select: { createdAt: true },
      });
      return (kind) => {
        if (plan !== 'nightly') return start;
        if (kind === 'subscription') return earlier(start, new Date(createdAt.getTime() - days(1)));
        return kind === 'dispute' ? new Date(before.getTime() - DISPUTES_BACK) : start;
      };
    }
  });
}

/** Nothing of it is left but what fails, and our own rows, which wait for it. */
const isStuck = (
  parts: readonly { kind: string; doneAt: Date | null; failingSince: Date | null }[],
): boolean => {
  const left = parts.filter(({ doneAt }) => doneAt === null);
  return (
    left.some(({ failingSince }) => failingSince !== null) &&
    left.every(({ kind, failingSince }) => failingSince !== null || kind === 'payments')
  );
};

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);

/** Our own rows are walked last, and only where the lists have shown what is paid. */
function partsOf(kinds: readonly ListedKind[]): PartKind[] {
  const asked = LISTED_KINDS.filter((kind) => kinds.includes(kind));
  const showsAll = SHOWING.every((kind) => kinds.includes(kind));
  return showsAll ? [...asked, 'payments'] : asked;
}
