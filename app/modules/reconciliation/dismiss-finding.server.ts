import { appendAudit } from '~/modules/audit/index.server';
import { lockFinding, moveFinding } from '~/modules/findings/index.server';
import { type Tx } from '~/platform/db.server';

export type DismissFindingOutcome =
  | { outcome: 'dismissed' }
  /** It is not open any more. */
  | { outcome: 'moved' }
  | { outcome: 'unknown' };

/** Says that a difference stays as it is. It is raised again only when what it shows has changed. */
export async function dismissFinding(
  tx: Tx,
  input: { findingId: string; realmId: string; actor: string; reason: string; comment: string },
): Promise<DismissFindingOutcome> {
  const { findingId, realmId, actor, reason, comment } = input;
  const finding = await lockFinding(tx, { id: findingId, realmId });
  if (finding === undefined) return { outcome: 'unknown' };
  if (!(await moveFinding(tx, findingId, { to: 'dismissed', actor, reason, comment })))
    return { outcome: 'moved' };
  await appendAudit(tx, {
    ...{ actor, act: 'finding.dismissed', subject: findingId, reason, comment, realmId },
    before: { state: finding.state, kind: finding.kind, subject: finding.subject },
    after: { state: 'dismissed' },
  });
  return { outcome: 'dismissed' };
}
