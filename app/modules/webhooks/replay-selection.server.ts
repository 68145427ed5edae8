import * as z from 'zod';

import { Prisma } from '../../../prisma/generated/client';

/** Events at rest: the others are processed anyway. */
const REPLAYABLE = ['done', 'quarantined', 'dead', 'dismissed'] as const;

/** Which events of a realm a replay is of. Kept on its row as it was asked. */
export const selectionSchema = z.union([
  z.strictObject({ ids: z.array(z.string()).min(1).max(1000) }),
  /** One, in the run that a person saw. */
  z.strictObject({ id: z.string(), run: z.int() }),
  /** Those of a dry run, whatever became of them. */
  z.strictObject({ dryRun: z.string() }),
  z.strictObject({
    status: z.enum(REPLAYABLE),
    type: z.string().optional(),
    /** The decision's reason, or the code of the fault. */
    reason: z.string().optional(),
    /** What the newest try's words name: a Stripe price, or the object that is missing. */
    names: z.string().optional(),
    receivedFrom: z.iso.datetime().optional(),
    receivedBefore: z.iso.datetime().optional(),
  }),
]);
export type ReplaySelection = z.infer<typeof selectionSchema>;

/** The condition on `event e`. */
export function selected(selection: ReplaySelection): Prisma.Sql {
  const atRest = Prisma.sql`e.status = ANY (${[...REPLAYABLE]}::event_status[])`;
  if ('ids' in selection) return Prisma.sql`${atRest} AND e.id = ANY (${selection.ids}::text[])`;
  if ('id' in selection) return Prisma.sql`${atRest} AND e.id = ${selection.id} AND e.run = ${selection.run}`;
  if ('dryRun' in selection)
    return Prisma.sql`${atRest} AND EXISTS (
      SELECT FROM replay_item i WHERE i.replay = ${selection.dryRun} AND i.realm = e.realm AND i.event = e.id)`;
  const { status, type, reason, names, receivedFrom, receivedBefore } = selection;
  const conditions = [
    Prisma.sql`e.status = ${status}::event_status`,
    type === undefined ? undefined : Prisma.sql`e.type = ${type}`,
    reason === undefined ? undefined : Prisma.sql`e.reason = ${reason}`,
    names === undefined ? undefined : saying(names),
    receivedFrom === undefined ? undefined : Prisma.sql`e.received_at >= ${receivedFrom}::timestamptz`,
    receivedBefore === undefined ? undefined : Prisma.sql`e.received_at < ${receivedBefore}::timestamptz`,
  ];
  return Prisma.join(
    conditions.filter((condition) => condition !== undefined),
    ' AND ',
  );
}

const saying = (names: string): Prisma.Sql => Prisma.sql`EXISTS (
  SELECT FROM (
    SELECT a.detail FROM attempt a WHERE a.realm = e.realm AND a.event = e.id AND a.run = e.run ORDER BY a.n DESC LIMIT 1
  ) newest WHERE strpos(newest.detail, ${names}) > 0)`;
