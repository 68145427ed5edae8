import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { readActors } from './actors.server';
import { type ActorRef, type TimelineEntry, type TimelineKind } from './shared';

type Entry<Kind extends TimelineKind> = Extract<TimelineEntry, { kind: Kind }>;

/** Each step of the payments' refunds and disputes, oldest first. */
export async function readBackEntries(
  db: Db,
  of: { paymentIds: string[]; take: number; order?: 'asc' | 'desc' },
): Promise<Entry<'back'>[]> {
  const changes = await db.moneyBackChange.findMany({
    where: { moneyBack: { paymentId: { in: of.paymentIds } } },
    orderBy: [{ at: of.order ?? 'asc' }, { n: of.order ?? 'asc' }],
    take: of.take,
    select: {
      ...{ moneyBackId: true, n: true, from: true, to: true, level: true, cause: true, at: true },
      moneyBack: { select: { kind: true, stripeId: true, amount: true, currency: true } },
    },
  });
  return changes.map(({ n, moneyBack: { kind: back, ...object }, ...change }) => ({
    kind: 'back',
    key: `back:${change.moneyBackId}.${n}`,
    back,
    ...object,
    ...change,
  }));
}

/** Comments may be redacted; the rest of a row stays for good. */
const body = z.object({ comment: z.string().optional() }).nullable();

/** What people did to these rows, and what was asked and decided about them by two. */
export async function readActEntries(
  db: Db,
  of: { subjects: string[]; take: number; order?: 'asc' | 'desc' },
): Promise<Entry<'act'>[]> {
  const approvals = await db.approval.findMany({
    where: { subject: { in: of.subjects } },
    take: of.take,
    select: { id: true },
  });
  const rows = await db.audit.findMany({
    where: { subject: { in: [...of.subjects, ...approvals.map(({ id }) => id)] } },
    orderBy: { seq: of.order ?? 'asc' },
    take: of.take,
    select: { seq: true, at: true, act: true, subject: true, actor: true, reason: true, body: true },
  });
  const actors = await readActors(
    db,
    rows.map(({ actor }) => actor),
  );
  return rows.map(({ body: said, ...row }) => ({
    kind: 'act',
    key: `act:${row.seq}`,
    actorName: personName(actors.get(row.actor)),
    comment: body.parse(said)?.comment ?? null,
    ...row,
  }));
}

/** What a person is called; null for all else that acts. */
const personName = (actor: ActorRef | undefined): string | null =>
  actor === undefined || actor.name === actor.id ? null : actor.name;
