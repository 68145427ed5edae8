import * as z from 'zod';

import { DISPUTE_ANSWERABLE } from '~/modules/disputes/shared';
import { type Tx } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { type CountedList } from './count-rows.server';
import { type OverviewView, type RealmRef } from './shared';

const FINDINGS = 6;
const sql = Prisma.sql;

// An inquiry takes nothing and is answered too; what was answered or lost waits for nobody, whatever it takes.
const canBeAnswered = (realm: RealmRef, now: Date): Prisma.Sql =>
  sql`realm = ${realm.id} AND kind = 'dispute' AND status = ANY (${[...DISPUTE_ANSWERABLE]}::text[]) AND due_by > ${now.toISOString()}::timestamptz`;

/** What waits for a person beside payments and events: what takes two, disputes that can still be answered, findings. */
export function countedDesk(realm: RealmRef, now: Date) {
  const list = (table: Prisma.Sql, where: Prisma.Sql): CountedList => ({
    source: { table, id: sql`id` },
    branches: [where],
  });
  return {
    approvals: list(sql`approval`, sql`book = ${realm.mode}::mode AND state = 'open'`),
    due: list(sql`money_back`, canBeAnswered(realm, now)),
    findings: list(sql`finding`, sql`realm = ${realm.id} AND resolved_at IS NULL`),
  };
}

const dueRow = z.tuple([z.object({ next: z.date().nullable() })]);

/** The next deadline of a dispute, and the newest findings. */
export async function readDesk(
  db: Tx,
  realm: RealmRef,
  now: Date,
): Promise<{ nextDueBy: Date | undefined; latest: OverviewView['findings']['latest'] }> {
  const due =
    await db.$queryRaw`SELECT min(due_by) AS next FROM money_back WHERE ${canBeAnswered(realm, now)}`;
  const latest = await db.finding.findMany({
    where: { realmId: realm.id, resolvedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: FINDINGS,
    select: { id: true, kind: true, subject: true, detail: true, createdAt: true },
  });
  return { nextDueBy: dueRow.parse(due)[0].next ?? undefined, latest };
}
