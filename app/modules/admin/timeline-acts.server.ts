import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { readActors } from './actors.server';
import { pagesOfEffects } from './effect-pages';
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
const body = z
  .object({
    comment: z.string().optional(),
    after: z
      .object({ effects: z.array(z.string()).optional() })
      .optional()
      .catch(undefined),
  })
  .nullable();

/** The newest requests for a second person: about these rows, or to a customer. */
export async function readAsked(
  db: Db,
  of: { about: { subjects: string[] } | { customerId: string }; take: number },
): Promise<string[]> {
  const { about, take } = of;
  const asked = await db.approval.findMany({
    where: 'subjects' in about ? { subject: { in: about.subjects } } : about,
    orderBy: { createdAt: 'desc' },
    take,
    select: { id: true },
  });
  return asked.map(({ id }) => id);
}

/** What people did to these rows, as the audit keeps it. */
export async function readActEntries(
  db: Db,
  of: { subjects: string[]; take: number; order?: 'asc' | 'desc' },
): Promise<Entry<'act'>[]> {
  const rows = await db.audit.findMany({
    where: { subject: { in: of.subjects } },
    orderBy: { seq: of.order ?? 'asc' },
    take: of.take,
    select: { seq: true, at: true, act: true, subject: true, actor: true, reason: true, body: true },
  });
  const actors = await readActors(
    db,
    rows.map(({ actor }) => actor),
  );
  return rows.map(({ body: kept, ...row }) => {
    const said = body.parse(kept);
    return {
      ...{ kind: 'act', key: `act:${row.seq}`, actorName: personName(actors.get(row.actor)) },
      comment: said?.comment ?? null,
      effects: row.act === 'approval.executed' ? pagesOfEffects(said?.after?.effects ?? []) : [],
      ...row,
    };
  });
}

/** What a person is called; null for all else that acts. */
const personName = (actor: ActorRef | undefined): string | null =>
  actor === undefined || actor.name === actor.id ? null : actor.name;
