import * as z from 'zod';

import { Prisma } from '../../../prisma/generated/client';

/** Events at rest: the others are processed anyway. */
const REPLAYABLE = ['done', 'quarantined', 'dead', 'dismissed'] as const;

const oneOrMore = <T extends z.ZodType>(schema: T) => z.union([schema, z.array(schema).min(1).max(20)]);

/** Which events of a realm a replay is of. Kept on its row as it was asked. */
export const selectionSchema = z.union([
  z.strictObject({ ids: z.array(z.string()).min(1).max(1000) }),
  /** One, in the run that a person saw. */
  z.strictObject({ id: z.string(), run: z.int() }),
  /** Those of a dry run, whatever became of them. */
  z.strictObject({ dryRun: z.string() }),
  z.strictObject({
    status: oneOrMore(z.enum(REPLAYABLE)),
    /** Whole, or its beginning when it ends in a dot. */
    type: z.string().optional(),
    /** The decision's reason, or the code of the fault. */
    reason: oneOrMore(z.string()).optional(),
    decision: oneOrMore(z.enum(['applied', 'duplicate', 'stale', 'no-op', 'ignored'])).optional(),
    source: oneOrMore(z.enum(['delivery', 'catch_up'])).optional(),
    objectId: z.string().optional(),
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
  const { status, type, reason, decision, source, objectId, names, receivedFrom, receivedBefore } = selection;
  const conditions = [
    Prisma.sql`e.status = ANY (${listOf(status)}::event_status[])`,
    type === undefined ? undefined : ofType(type),
    reason === undefined ? undefined : Prisma.sql`e.reason = ANY (${listOf(reason)}::text[])`,
    decision === undefined ? undefined : Prisma.sql`e.decision = ANY (${listOf(decision)}::event_decision[])`,
    source === undefined ? undefined : Prisma.sql`e.source = ANY (${listOf(source)}::event_source[])`,
    objectId === undefined ? undefined : Prisma.sql`e.object_id = ${objectId}`,
    names === undefined ? undefined : saying(names),
    receivedFrom === undefined ? undefined : Prisma.sql`e.received_at >= ${receivedFrom}::timestamptz`,
    receivedBefore === undefined ? undefined : Prisma.sql`e.received_at < ${receivedBefore}::timestamptz`,
  ];
  return Prisma.join(
    conditions.filter((condition) => condition !== undefined),
    ' AND ',
  );
}

const listOf = (value: string | string[]): string[] => (typeof value === 'string' ? [value] : value);

const ofType = (type: string): Prisma.Sql =>
  type.endsWith('.') ? Prisma.sql`starts_with(e.type, ${type})` : Prisma.sql`e.type = ${type}`;

const saying = (names: string): Prisma.Sql => Prisma.sql`EXISTS (
  SELECT FROM (
    SELECT a.detail FROM attempt a WHERE a.realm = e.realm AND a.event = e.id AND a.run = e.run ORDER BY a.n DESC LIMIT 1
  ) newest WHERE strpos(newest.detail, ${names}) > 0)`;
