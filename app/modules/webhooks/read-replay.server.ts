import * as z from 'zod';

import { type Db } from '~/platform/db.server';

/** How many events of a replay came, or are predicted to come, to one end. */
const tally = z.object({
  /** An event's status; `busy` of a prediction alone. */
  status: z.string(),
  /** The decision, or the code of the fault; null while the run has no attempt. */
  code: z.string().nullable(),
  count: z.int(),
});
export type ReplayTally = z.infer<typeof tally>;

export interface ReplayView {
  id: string;
  realmId: string;
  actor: string;
  reason: string;
  dryRun: boolean;
  state: 'running' | 'done' | 'canceled';
  total: number;
  done: number;
  /** Left alone, for they had moved meanwhile. */
  skipped: number;
  predicted: ReplayTally[];
  /** What the attempts of its runs say; empty for a dry run. */
  results: ReplayTally[];
}

/** A replay, how far it is, and what became of its events in the very runs that it started. */
export async function readReplay(db: Db, replayId: string): Promise<ReplayView | undefined> {
  const replay = await db.replay.findUnique({
    where: { id: replayId },
    select: {
      ...{ id: true, realmId: true, actor: true, reason: true, dryRun: true, state: true },
      ...{ total: true, done: true, skipped: true },
    },
  });
  if (!replay) return undefined;
  const predicted = await db.$queryRaw`
    SELECT predicted AS status, predicted_code AS code, count(*)::int AS count FROM replay_item
    WHERE replay = ${replayId} AND predicted IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`;
  const results = replay.dryRun
    ? []
    : await db.$queryRaw`
        SELECT coalesce(a.outcome, 'queued') AS status, a.code, count(*)::int AS count
        FROM replay_item i LEFT JOIN LATERAL (
          SELECT outcome, code FROM attempt
          WHERE realm = i.realm AND event = i.event AND run = i.run_before + 1 ORDER BY n DESC LIMIT 1
        ) a ON true
        WHERE i.replay = ${replayId} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`;
  return { ...replay, predicted: z.array(tally).parse(predicted), results: z.array(tally).parse(results) };
}
