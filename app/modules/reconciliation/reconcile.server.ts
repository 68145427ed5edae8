import { setTimeout as pause } from 'node:timers/promises';

import { LISTED_KINDS, type ListedKind } from '~/modules/stripe/shared';
import { log } from '~/platform/log.server';
import { days, seconds } from '~/platform/time';

import { isAutoRepairOn, repairProven } from './auto-repair.server';
import { beginRun } from './begin-run.server';
import { closeGone } from './close-gone.server';
import { type Lately } from './in-flight.server';
import { PATIENCE, type Reconciler } from './reconciler';
import { endRun, leavePart, standOf, takePart, type TakenPart } from './run-rows.server';
import { type PartKind, type RunPlan } from './shared';
import { walkPart } from './walk-part.server';
import { walkPayments } from './walk-payments.server';

/** How far back each plan looks. Runs of one plan overlap, so that one that was missed is made up for by the next. */
const SPAN: Record<RunPlan, number> = { hourly: days(3), nightly: days(40), asked: days(3) };

export interface ReconcileInput {
  plan: RunPlan;
  /** As far back as the plan looks when absent; up to what is old enough to have been told of. */
  from?: Date;
  before?: Date;
  kinds?: readonly ListedKind[];
  actor: string;
  reason?: string;
  /** Repairs what is proven, whether or not the realm's switch is on: a person asks for it. */
  repairs?: { reason: string; comment: string };
  /** Told after each page. */
  onPage?: (page: { kind: string; seen: number; differing: number }) => void;
  /** Waits for parts that another worker has, instead of leaving the run to it. */
  waits?: boolean;
  /** Told each time that it looks and finds all that is left with others: at most their lease, when they are gone. */
  onWait?: () => void;
}

export type ReconcileOutcome =
  | { outcome: 'done'; runId: string; isResumed: boolean; repaired: number; gone: number }
  /** Another worker walks what is left of it or has ended it, or another run took its place. */
  | { outcome: 'elsewhere'; runId: string };

const POLL = seconds(1);

/**
 * Compares what Stripe's objects say with our rows, kind by kind, and our rows with Stripe's objects. A run that was cut off
 * goes on where its parts stand; several workers walk its parts side by side. A part that cannot be walked keeps no other from it.
 * @throws the fault of the first such part, after the others; the run goes on with the next call
 */
export async function reconcile(deps: Reconciler, input: ReconcileInput): Promise<ReconcileOutcome> {
  const { db, realm, now } = deps;
  const { plan, actor, reason } = input;
  const oldEnough = new Date(now().getTime() - PATIENCE);
  const before = input.before !== undefined && input.before < oldEnough ? input.before : oldEnough;
  const from = input.from ?? new Date(before.getTime() - SPAN[plan]);
  const run = await beginRun(db, {
    ...{ realmId: realm.id, plan, from, before, actor, kinds: input.kinds ?? LISTED_KINDS },
    ...(reason === undefined ? {} : { reason }),
  });
  const walking = {
    lately: { current: undefined as Lately | undefined },
    onPage: input.onPage ?? (() => undefined),
  };
  const faults = new Map<PartKind, unknown>();
  let walked = 0;
  for (;;) {
    const part = await takePart(db, run.id, [...faults.keys()]);
    if (part) {
      await walk(deps, part, walking).then(
        () => (walked += 1),
        (error: unknown) => faults.set(part.kind, error),
      );
      continue;
    }
    const stands = await standOf(db, run.id);
    if (stands === 'walked') break;
    if (stands === 'left') return { outcome: 'elsewhere', runId: run.id };
    if (faults.size > 0 && walked > 0) await closeAndRepair(deps, input);
    for (const fault of faults.values()) throw fault;
    if (input.waits !== true) return { outcome: 'elsewhere', runId: run.id };
    input.onWait?.();
    await pause(POLL);
  }
  // Ended first: what cannot be closed or repaired keeps no later run from its walk.
  if (!(await endRun(db, run.id))) return { outcome: 'elsewhere', runId: run.id };
  const { gone, repaired } = await closeAndRepair(deps, input);
  log.info('reconciled', { run: run.id, plan, gone, repaired, asked: deps.pacer.asked });
  return { outcome: 'done', runId: run.id, isResumed: run.isResumed, repaired, gone };
}

async function walk(
  deps: Reconciler,
  part: TakenPart,
  walking: Parameters<typeof walkPayments>[2],
): Promise<void> {
  const { kind } = part;
  try {
    if (kind === 'payments') await walkPayments(deps, part, walking);
    else await walkPart(deps, { ...part, kind }, walking);
  } catch (error) {
    await leavePart(deps.db, part);
    throw error;
  }
}

/** What the parts that could be walked have found does not wait for the others. */
async function closeAndRepair(
  deps: Reconciler,
  input: ReconcileInput,
): Promise<{ gone: number; repaired: number }> {
  return { gone: await closeGone(deps), repaired: await repairWhatMay(deps, input) };
}

async function repairWhatMay(deps: Reconciler, { actor, repairs }: ReconcileInput): Promise<number> {
  if (repairs) return repairProven(deps, { actor, ...repairs });
  if (!(await isAutoRepairOn(deps.db, deps.realm.id))) return 0;
  return repairProven(deps, { actor: 'system', reason: 'auto_repair', comment: 'The realm’s switch is on.' });
}
