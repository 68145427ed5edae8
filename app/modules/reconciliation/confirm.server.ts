import { raiseFinding, type RaisedFinding } from '~/modules/findings/index.server';
import { type FindingKind } from '~/modules/findings/shared';
import { type ListedObject } from '~/modules/stripe/index.server';
import { inTransaction } from '~/platform/db.server';

import { type Difference } from './difference';
import { isInFlight, type Lately, wasNeverTold } from './in-flight.server';
import { compare, readLook } from './look.server';
import { type Reconciler } from './reconciler';

export interface Suspect {
  difference: Difference;
  parentOurs: ListedObject['parentOurs'];
}

/**
 * What a list and our rows seemed to differ in, seen a second time: nothing of it may be on its way, and the object, read
 * anew, must differ from rows that are read after it. Only then is it a difference.
 */
export async function confirm(
  deps: Reconciler,
  { difference, parentOurs }: Suspect,
  lately: { current: Lately | undefined },
): Promise<Difference | undefined> {
  if (await isInFlight(deps, difference, lately)) return undefined;
  if (difference.ref === undefined) return difference;
  const look = await readLook(deps, difference.ref, parentOurs);
  // That Stripe has it no more, the walk over our own rows tells.
  if (look === undefined) return undefined;
  const [judged] = await compare(deps, [look]);
  const again = judged?.difference;
  if (again === undefined || (await isInFlight(deps, again, lately))) return undefined;
  return nameIt(deps, again);
}

/** A sale that no event ever told of has a name of its own: nobody need look for a lost delivery. */
async function nameIt(deps: Reconciler, difference: Difference): Promise<Difference> {
  if (difference.kind !== 'paid_not_granted') return difference;
  const isUntold = await wasNeverTold(deps, difference, await settledAt(deps, difference));
  return isUntold ? { ...difference, kind: 'never_generated' } : difference;
}

/** When the money settled: no earlier than its object was linked here. */
async function settledAt({ db }: Reconciler, { paymentId }: Difference): Promise<Date | undefined> {
  if (paymentId === undefined) return undefined;
  const payment = await db.payment.findUnique({ where: { id: paymentId }, select: { createdAt: true } });
  return payment?.createdAt;
}

/** Kinds that name one thing in two ways: while one stands, the other is not raised beside it. */
export const ALIKE: Partial<Record<FindingKind, FindingKind>> = {
  paid_not_granted: 'never_generated',
  never_generated: 'paid_not_granted',
};

/** Keeps a confirmed difference as a finding. */
export function keep(
  { db, realm }: Reconciler,
  runId: string,
  difference: Difference,
): Promise<RaisedFinding> {
  const { kind, subject, detail, ref, ...seen } = difference;
  return inTransaction(db, 'raise finding', async (tx) => {
    const other = ALIKE[kind];
    const stands =
      other === undefined
        ? 0
        : await tx.finding.count({
            where: { realmId: realm.id, kind: other, subject, state: { in: ['open', 'repairing'] } },
          });
    const named = stands > 0 && other !== undefined ? other : kind;
    return raiseFinding(tx, {
      ...{ realmId: realm.id, kind: named, subject, detail, cause: `run:${runId}` },
      seen: { ...seen, ref },
    });
  });
}
