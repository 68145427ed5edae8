import { appendAudit } from '~/modules/audit/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { days, minutes } from '~/platform/time';

import { readRetention } from './retention.server';
import { type Retained, RETENTION_DAYS } from './shared';

/** Takes what is due out of one page of rows. */
export type Retirer = (
  tx: Tx,
  span: { from: Date; before: Date },
) => Promise<{ redacted: number; isMore: boolean; leftAt?: Date | undefined }>;

export interface RetentionDeps {
  db: Db;
  retirers: Readonly<Record<Retained, Retirer>>;
  /** Events that came after the deletion of whom they tell of. */
  eraseLate: (tx: Tx, since: Date) => Promise<{ redacted: number; isMore: boolean }>;
  now: Date;
}

/** A night's run ends by then; the next one goes on where it stopped. */
const RUN_FOR = minutes(20);
/** How far back late events are looked for: runs that were missed are made up for. */
const LATE = days(7);

/**
 * Takes out what was kept long enough, kind by kind and page by page, the oldest first.
 * @returns how many rows of each kind
 */
export async function runRetention(deps: RetentionDeps): Promise<Record<Retained | 'late_event', number>> {
  const { db, now } = deps;
  const until = Date.now() + RUN_FOR;
  const found = { delivery_sender: 0, event_payload: 0, mail: 0, sending_answer: 0, late_event: 0 };
  for (const { kind, days: kept, doneBefore } of await readRetention(db)) {
    if (kept === null) continue;
    const before = new Date(now.getTime() - days(kept));
    // A longer time than before has nothing to take out until then.
    const from = doneBefore ?? new Date(0);
    if (from >= before) continue;
    for (;;) {
      const page = await inTransaction(db, `retire ${kind}`, async (tx) => {
        const retired = await deps.retirers[kind](tx, { from, before });
        if (!retired.isMore) await keepProgress(tx, kind, retired.leftAt ?? before);
        return retired;
      });
      found[kind] += page.redacted;
      if (!page.isMore || Date.now() > until) break;
    }
  }
  for (;;) {
    const page = await inTransaction(db, 'erase late events', (tx) =>
      deps.eraseLate(tx, new Date(now.getTime() - LATE)),
    );
    found.late_event += page.redacted;
    if (!page.isMore || page.redacted === 0 || Date.now() > until) break;
  }
  const isAny = Object.values(found).some((rows) => rows > 0);
  if (isAny)
    await inTransaction(db, 'tell retention', (tx) =>
      appendAudit(tx, { actor: 'system', act: 'retention.carried_out', subject: 'retention', after: found }),
    );
  log.info('retention carried out', found);
  return found;
}

async function keepProgress(tx: Tx, kind: Retained, doneBefore: Date): Promise<void> {
  await tx.retention.upsert({
    where: { kind },
    create: { kind, doneBefore, days: RETENTION_DAYS[kind] },
    update: { doneBefore },
    select: { kind: true },
  });
}
