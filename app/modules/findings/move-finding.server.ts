import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

import { asKept } from './raise-finding.server';
import { type EvidenceLine, type FindingState } from './shared';

export interface FindingRow {
  id: string;
  realmId: string;
  kind: string;
  subject: string;
  state: FindingState;
  object: string | null;
  objectId: string | null;
  paymentId: string | null;
  customerId: string | null;
  credits: bigint;
  proven: boolean;
  /** Empty for what a room saw while it acted. */
  evidence: EvidenceLine[];
}

const VIEW = {
  ...{ id: true, realmId: true, kind: true, subject: true, state: true, object: true, objectId: true },
  ...{ paymentId: true, customerId: true, credits: true, proven: true, evidence: true },
} as const;

const text = z.nullable(z.string());
const asEvidence = z
  .nullable(z.array(z.object({ label: z.string(), stripe: text, ours: text, unit: text })))
  .transform((lines) => lines ?? []);

/** A finding of a realm under its lock: whoever moves it holds it first. Undefined when there is none. */
export async function lockFinding(
  tx: Tx,
  at: { id: string; realmId: string },
): Promise<FindingRow | undefined> {
  const { id, realmId } = at;
  await tx.$queryRaw`SELECT id FROM finding WHERE id = ${id} AND realm = ${realmId} FOR UPDATE`;
  const row = await tx.finding.findFirst({ where: { id, realmId }, select: VIEW });
  return row === null ? undefined : { ...row, evidence: asEvidence.parse(row.evidence) };
}

export type FindingMove =
  | { to: 'repairing' | 'dismissed'; actor: string; reason: string; comment: string }
  /** What both sides show now. */
  | { to: 'repaired'; actor: string; after: EvidenceLine[] }
  /** It stands still. */
  | { to: 'open' };

const FROM: Record<FindingMove['to'], FindingState[]> = {
  repairing: ['open', 'repairing'],
  dismissed: ['open'],
  repaired: ['open', 'repairing'],
  open: ['repairing'],
};

/** Moves a locked finding. False when it stands where that move does not begin. */
export async function moveFinding(tx: Tx, id: string, move: FindingMove): Promise<boolean> {
  const { count } = await tx.finding.updateMany({
    where: { id, state: { in: FROM[move.to] } },
    data: dataOf(move),
  });
  return count === 1;
}

/** Says that one that stands was seen to stand just now. */
export async function touchFinding(tx: Tx, id: string): Promise<void> {
  await tx.finding.updateMany({ where: { id, state: 'open' }, data: { seenAt: new Date() } });
}

function dataOf(move: FindingMove) {
  switch (move.to) {
    case 'repairing': {
      const { to: state, actor, reason, comment } = move;
      return { state, actor, reason, comment };
    }
    case 'dismissed': {
      const { to: state, actor, reason, comment } = move;
      return { state, actor, reason, comment, resolvedAt: new Date() };
    }
    case 'repaired':
      return { state: move.to, actor: move.actor, after: asKept(move.after), resolvedAt: new Date() };
    case 'open':
      return { state: move.to, seenAt: new Date() };
  }
}
