import { raiseFinding, type RaisedFinding } from '~/modules/findings/index.server';
import { type FindingKind } from '~/modules/findings/shared';
import { type ListedObject } from '~/modules/stripe/index.server';
import { inTransaction, type Tx } from '~/platform/db.server';

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
  return (await wasNeverTold(deps, difference)) ? { ...difference, kind: 'never_generated' } : difference;
}

/** Kinds that name one thing in two ways: while one stands or is dismissed, the other is not raised beside it. */
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
    const named = other !== undefined && (await isNamed(tx, { kind, other, subject })) ? other : kind;
    return raiseFinding(tx, {
      ...{ realmId: realm.id, kind: named, subject, detail, cause: `run:${runId}` },
      seen: { ...seen, ref },
    });
  });

  /** Whether it stands, or was dismissed, by the other name and does not stand by this one. */
  async function isNamed(
    tx: Tx,
    of: { kind: FindingKind; other: FindingKind; subject: string },
  ): Promise<boolean> {
    const known = await tx.finding.findFirst({
      where: {
        ...{ realmId: realm.id, kind: { in: [of.kind, of.other] }, subject: of.subject },
        state: { not: 'repaired' },
      },
      orderBy: { state: 'asc' },
      select: { kind: true },
    });
    return known?.kind === of.other;
  }
}
