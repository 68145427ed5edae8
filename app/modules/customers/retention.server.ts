import { appendAudit } from '~/modules/audit/index.server';
import { type Db, type Tx } from '~/platform/db.server';

import { type Retained, RETAINED, RETENTION_DAYS, type RetentionView } from './shared';

/** How long each kind of personal data is kept. */
export async function readRetention(db: Db | Tx): Promise<RetentionView[]> {
  const rows = await db.retention.findMany({ take: RETAINED.length });
  return RETAINED.map((kind) => {
    const row = rows.find((one) => one.kind === kind);
    // A row without a change of its own keeps the default's days.
    const days = row === undefined ? RETENTION_DAYS[kind] : row.days;
    return {
      kind,
      days,
      isDefault: row === undefined || days === RETENTION_DAYS[kind],
      doneBefore: row?.doneBefore ?? null,
    };
  });
}

export interface SetRetentionInput {
  kind: Retained;
  /** Null keeps it for good. */
  days: number | null;
  actor: string;
  reason: string;
  comment?: string;
}

/** Sets how long something is kept. What was taken out already does not come back. */
export async function setRetention(
  tx: Tx,
  { kind, days, actor, reason, comment }: SetRetentionInput,
): Promise<{ outcome: 'set' | 'unchanged' }> {
  const before = (await readRetention(tx)).find((one) => one.kind === kind)?.days ?? null;
  if (before === days) return { outcome: 'unchanged' };
  await tx.retention.upsert({
    where: { kind },
    create: { kind, days },
    update: { days },
    select: { kind: true },
  });
  await appendAudit(tx, {
    ...{ actor, act: 'retention.set', subject: kind, reason },
    ...(comment === undefined ? {} : { comment }),
    before: { days: before },
    after: { days },
  });
  return { outcome: 'set' };
}
