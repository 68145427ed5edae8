import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';

import { type EvidenceLine, type FindingKind } from './shared';

export interface FindingInput {
  realmId: string;
  kind: FindingKind;
  /** A Stripe id or a row of ours: the same subject is one finding per kind. */
  subject: string;
  /** One sentence for staff. */
  detail: string;
  /** `event:evt_…`, `run:rcn_…`. */
  cause: string;
  /** What a comparison with Stripe saw; absent for what a room saw while it acted. */
  seen?: SeenDifference;
}

export interface SeenDifference {
  /** The object to read again; absent where only a person can tell. */
  ref: { object: string; id: string } | undefined;
  paymentId: string | undefined;
  customerId: string | undefined;
  evidence: EvidenceLine[];
  /** How many credits its repair moves at most. */
  credits: bigint;
  isProven: boolean;
}

export type RaisedFinding = { id: string; raised: 'new' | 'again' | 'known' | 'dismissed' };

/**
 * Keeps a difference for a person, if the caller's transaction commits. One that was repaired and is there again is opened
 * again; one that a person dismissed stays dismissed as long as its evidence is the same.
 */
export async function raiseFinding(tx: Tx, input: FindingInput): Promise<RaisedFinding> {
  const { seen, ...row } = input;
  const { realmId, kind, subject } = input;
  const said = { detail: row.detail, ...(seen === undefined ? {} : factsOf(seen)) };
  const id = newId('fnd');
  const { count } = await tx.finding.createMany({ data: [{ id, ...row, ...said }], skipDuplicates: true });
  if (count === 1) {
    log.warn('finding raised', { kind, subject, realm: realmId });
    return { id, raised: 'new' };
  }
  await tx.$queryRaw`SELECT id FROM finding WHERE realm = ${realmId} AND kind = ${kind} AND subject = ${subject} FOR UPDATE`;
  const known = await tx.finding.findUniqueOrThrow({
    where: { realmId_kind_subject: { realmId, kind, subject } },
    select: { id: true, state: true, evidence: true },
  });
  if (seen === undefined) return { id: known.id, raised: 'known' };
  const isSame = JSON.stringify(known.evidence) === JSON.stringify(asKept(seen.evidence));
  const staysShut = known.state === 'dismissed' && isSame;
  if (staysShut) return { id: known.id, raised: 'dismissed' };
  const isAgain = known.state === 'repaired' || known.state === 'dismissed';
  await tx.finding.update({
    where: { id: known.id },
    data: { ...said, seenAt: new Date(), ...(isAgain ? OPENED_AGAIN : {}) },
    select: { id: true },
  });
  if (isAgain) log.warn('finding raised again', { kind, subject, realm: realmId });
  return { id: known.id, raised: isAgain ? 'again' : 'known' };
}

const OPENED_AGAIN = { state: 'open', resolvedAt: null, actor: null, reason: null, comment: null } as const;

const factsOf = (seen: SeenDifference) => ({
  object: seen.ref?.object ?? null,
  objectId: seen.ref?.id ?? null,
  paymentId: seen.paymentId ?? null,
  customerId: seen.customerId ?? null,
  evidence: asKept(seen.evidence),
  ...{ credits: seen.credits, proven: seen.isProven && seen.ref !== undefined },
});

/** In one order of keys, as Postgres gives them back: by length, then by letters. */
export const asKept = (lines: readonly EvidenceLine[]) =>
  lines.map(({ ours, unit, label, stripe }) => ({ ours, unit, label, stripe }));
