import { createHash } from 'node:crypto';

import {
  type ListedEvent,
  type ListedWithin,
  listEvents,
  type StripeSettings,
} from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { days, hours, minutes, seconds } from '~/platform/time';

import { wakeInbox } from './wake-inbox.server';

/** Read again each time: Stripe's list may show an event later than it was created. */
const OVERLAP = minutes(10);
/** An event younger than this is left to its delivery. */
const DELIVERY_PATIENCE = seconds(60);
/** Stripe lists no older ones. */
const KEPT_FOR = days(30);
/** A long absence is made up for in steps of this, the oldest first; each step stays done. */
const STEP = hours(6);
/** By this much our clock and Stripe's differ at most. */
const CLOCK_SKEW = hours(1);

/**
 * Brings the events that no delivery brought into the inbox, by Stripe's own list. From there they are processed as any
 * other. The cursor moves to the newest event that was seen, by Stripe's clock: ours may be wrong.
 * @returns how many events had been missed
 * @throws StripeError when Stripe does not answer
 */
export async function catchUp(
  db: Db,
  settings: StripeSettings,
  input: { realm: RealmView; now: Date },
): Promise<number> {
  const { realm, now } = input;
  const deps = { db, settings, realmId: realm.id, now };
  const cursor = await listedUntil(db, realm.id);
  let from = new Date(Math.max(cursor.getTime() - OVERLAP, now.getTime() - KEPT_FOR));
  let found = 0;
  while (now.getTime() - from.getTime() > STEP + CLOCK_SKEW) {
    const before = new Date(from.getTime() + STEP);
    const step = await takeStep(deps, { from, before });
    await remember(deps, { found: step.found, listedUntil: before });
    found += step.found;
    from = before;
  }
  const last = await takeStep(deps, { from });
  await remember(deps, { found: last.found, listedUntil: last.newest ?? cursor });
  found += last.found;
  if (found > 0) log.warn('events caught up that no delivery brought', { found });
  return found;
}

interface StepDeps {
  db: Db;
  settings: StripeSettings;
  realmId: string;
  now: Date;
}

async function takeStep(
  { db, settings, realmId, now }: StepDeps,
  within: ListedWithin,
): Promise<{ found: number; newest: Date | undefined }> {
  let found = 0;
  let newest: Date | undefined;
  for await (const page of listEvents(settings, within)) {
    const due = page.filter(({ event }) => now.getTime() - event.created.getTime() >= DELIVERY_PATIENCE);
    const missed = await storeMissed(db, realmId, due);
    if (missed > 0) wakeInbox(db);
    found += missed;
    for (const { event } of due) if (newest === undefined || event.created > newest) newest = event.created;
  }
  return { found, newest };
}

/** The cursor never goes back. */
async function remember(
  { db, realmId, now }: StepDeps,
  step: { found: number; listedUntil: Date },
): Promise<void> {
  const known = await listedUntil(db, realmId);
  const until = step.listedUntil > known ? step.listedUntil : known;
  await db.catchUp.upsert({
    where: { realmId },
    create: { realmId, listedUntil: until, ranAt: now, found: step.found },
    update: { listedUntil: until, ranAt: now, found: { increment: step.found } },
    select: { realmId: true },
  });
}

async function listedUntil(db: Db, realmId: string): Promise<Date> {
  const realm = await db.realm.findUniqueOrThrow({
    where: { id: realmId },
    select: { createdAt: true, catchUp: { select: { listedUntil: true } } },
  });
  return realm.catchUp?.listedUntil ?? realm.createdAt;
}

/** An event that is known stays as it is, whatever its status. */
async function storeMissed(db: Db, realmId: string, page: ListedEvent[]): Promise<number> {
  const { count } = await db.event.createMany({
    data: page.map(({ event, text }) => ({
      realmId,
      id: event.id,
      type: event.type,
      objectId: event.objectId ?? null,
      apiVersion: event.apiVersion ?? null,
      account: event.account ?? null,
      created: event.created,
      payload: text,
      sha: createHash('sha256').update(text).digest(),
      source: 'catch_up' as const,
    })),
    skipDuplicates: true,
  });
  return count;
}
