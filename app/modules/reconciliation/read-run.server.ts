import { type Db } from '~/platform/db.server';

import { LISTED_KINDS, type PartKind, type RunState } from './shared';

export interface RunTally {
  id: string;
  plan: string;
  state: RunState;
  from: Date;
  before: Date;
  createdAt: Date;
  endedAt: Date | null;
  parts: { kind: PartKind; isDone: boolean; seen: bigint; ours: bigint; differing: bigint }[];
}

/** A run and how far each of its parts is, in the order in which they are walked. */
export async function readRun(db: Db, id: string): Promise<RunTally> {
  const { parts, ...run } = await db.reconcileRun.findUniqueOrThrow({
    where: { id },
    select: {
      ...{ id: true, plan: true, state: true, from: true, before: true, createdAt: true, endedAt: true },
      parts: {
        orderBy: { position: 'asc' },
        select: { kind: true, doneAt: true, seen: true, ours: true, differing: true },
      },
    },
  });
  return {
    ...run,
    parts: parts.map(({ kind, doneAt, ...part }) => ({
      ...part,
      kind: partKind(kind),
      isDone: doneAt !== null,
    })),
  };
}

const partKind = (kind: string): PartKind => LISTED_KINDS.find((known) => known === kind) ?? 'payments';

const MOST = 1000;

/** What runs have found in a realm and nobody has resolved, the oldest first. */
export async function listStanding(
  db: Db,
  realmId: string,
): Promise<{ id: string; kind: string; subject: string; detail: string; createdAt: Date }[]> {
  return db.finding.findMany({
    where: { realmId, state: { in: ['open', 'repairing'] }, cause: { startsWith: 'run:' } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MOST,
    select: { id: true, kind: true, subject: true, detail: true, createdAt: true },
  });
}
