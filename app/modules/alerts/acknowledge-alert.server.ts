import { appendAudit } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

export interface AcknowledgeInput {
  alertId: string;
  /** A user's id. */
  actor: string;
  reason: string;
  comment: string;
  now: Date;
}

export type AcknowledgeOutcome =
  | { outcome: 'acknowledged' }
  /** Somebody did before; the first comment stays. */
  | { outcome: 'already' }
  /** It is over, or was never told. */
  | { outcome: 'not_open' };

/** Says that somebody looks after an alert: it is not told again unless it grows. It is resolved by itself as before. */
export async function acknowledgeAlert(tx: Tx, input: AcknowledgeInput): Promise<AcknowledgeOutcome> {
  const { alertId, actor, reason, comment, now } = input;
  await tx.$queryRaw`SELECT id FROM alert WHERE id = ${alertId} FOR NO KEY UPDATE`;
  const alert = await tx.alert.findUnique({
    where: { id: alertId },
    select: { state: true, size: true, acknowledgedAt: true, kind: true, subject: true },
  });
  if (alert?.state !== 'open') return { outcome: 'not_open' };
  if (alert.acknowledgedAt !== null) return { outcome: 'already' };
  await tx.alert.update({
    where: { id: alertId },
    data: { acknowledgedAt: now, acknowledgedBy: actor, comment, toldSize: alert.size },
    select: { id: true },
  });
  const after = { kind: alert.kind, subject: alert.subject };
  await appendAudit(tx, { actor, act: 'alert.acknowledged', subject: alertId, reason, comment, after });
  return { outcome: 'acknowledged' };
}
