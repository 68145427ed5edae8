import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';

export interface FindingInput {
  realmId: string;
  kind: FindingKind;
  /** A Stripe id or a row of ours: the same subject is raised once per kind. */
  subject: string;
  /** One sentence for staff. */
  detail: string;
  cause: string;
}

type FindingKind =
  /** An invoice asked for the difference of a change in the middle of a period; nothing is granted for that. */
  | 'proration'
  /** An invoice of a plan asked for something beside it that is not in the catalogue. */
  | 'unknown_line'
  /** A customer had a plan when another one began; the later one is set to end. */
  | 'second_subscription';

/** Keeps a difference for a person, if the caller's transaction commits. False when it stands already. */
export async function raiseFinding(tx: Tx, input: FindingInput): Promise<boolean> {
  const { count } = await tx.finding.createMany({
    data: [{ id: newId('fnd'), ...input }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  log.warn('finding raised', { kind: input.kind, subject: input.subject, realm: input.realmId });
  return true;
}
