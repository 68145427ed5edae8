import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { isId } from './filters.server';
import { nameActors } from './name-actors.server';
import { REALM_REF } from './realms.server';
import { type FindingView, type ReconciliationView } from './shared';

const line = z.object({
  ...{ label: z.string(), stripe: z.string().nullable(), ours: z.string().nullable() },
  unit: z.string().nullable(),
});
const lines = z.array(line).catch([]);

/** A finding with both sides of it; undefined when there is none of this id. */
export async function readFinding(db: Db, id: string): Promise<FindingView | undefined> {
  if (!isId(id)) return undefined;
  const found = await db.finding.findUnique({
    where: { id },
    select: {
      ...{ id: true, kind: true, state: true, subject: true, detail: true, cause: true, object: true },
      ...{ objectId: true, paymentId: true, customerId: true, evidence: true, after: true, credits: true },
      ...{ proven: true, createdAt: true, seenAt: true, resolvedAt: true, reason: true, comment: true },
      ...{ actor: true, realm: { select: REALM_REF } },
    },
  });
  if (found === null) return undefined;
  const { customerId, actor, evidence, after, ...same } = found;
  const customer =
    customerId === null
      ? null
      : await db.customer.findUnique({
          where: { id: customerId },
          select: { id: true, email: true, name: true },
        });
  const names = await nameActors(db, actor === null ? [] : [actor]);
  return {
    ...{ ...same, customer, evidence: lines.parse(evidence), after: lines.parse(after) },
    who: actor === null ? null : (names.get(actor) ?? actor),
  };
}

const RUNS = 10;
/** There are fewer kinds than this. */
const KINDS = 50;

/** What was compared of late in a realm, what stands of it, and whether proven differences are repaired by themselves. */
export async function readReconciliation(db: Db, realmId: string): Promise<ReconciliationView> {
  const [runs, standing, autoRepair] = await Promise.all([
    db.reconcileRun.findMany({
      where: { realmId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: RUNS,
      select: {
        ...{ id: true, plan: true, state: true, from: true, before: true, createdAt: true, endedAt: true },
        parts: {
          orderBy: { position: 'asc' },
          select: {
            ...{ kind: true, doneAt: true, failingSince: true, seen: true, ours: true, differing: true },
          },
        },
      },
    }),
    db.finding.groupBy({
      by: ['kind'],
      where: { realmId, resolvedAt: null },
      _count: true,
      orderBy: [{ _count: { kind: 'desc' } }, { kind: 'asc' }],
      take: KINDS,
    }),
    db.autoRepair.findUnique({
      where: { realmId },
      select: { isOn: true, actor: true, at: true, comment: true },
    }),
  ]);
  const names = await nameActors(db, autoRepair === null ? [] : [autoRepair.actor]);
  return {
    runs: runs.map(({ parts, ...run }) => ({
      ...run,
      parts: parts.map(({ doneAt, ...part }) => ({ ...part, isDone: doneAt !== null })),
    })),
    standing: standing.map(({ kind, _count }) => ({ kind, n: _count })),
    autoRepair:
      autoRepair === null
        ? { isOn: false, who: null, at: null, comment: null }
        : {
            ...{ isOn: autoRepair.isOn, at: autoRepair.at, comment: autoRepair.comment },
            who: names.get(autoRepair.actor) ?? autoRepair.actor,
          },
  };
}
