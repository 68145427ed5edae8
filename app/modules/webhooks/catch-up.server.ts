import { createHash } from 'node:crypto';

import { type ListedEvent, listEvents, type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { days, minutes, seconds } from '~/platform/time';

import { wakeInbox } from './wake-inbox.server';

/** Read again each time: Stripe's list may show an event later than it was created. */
const OVERLAP = minutes(10);
/** An event younger than this is left to its delivery. */
const DELIVERY_PATIENCE = seconds(60);
/** Stripe lists no older ones. */
const KEPT_FOR = days(30);

/**
 * Brings the events that no delivery brought into the inbox, by Stripe's own list. From there they are processed as any
 * other. The cursor moves once everything before it is stored, so a run that dies is made up for by the next.
 * @returns how many events had been missed
 * @throws StripeError when Stripe does not answer
 */
export async function catchUp(
  db: Db,
  settings: StripeSettings,
  input: { realm: RealmView; now: Date },
): Promise<number> {
  const { realm, now } = input;
  const from = new Date(
    Math.max((await listedUntil(db, realm.id)).getTime() - OVERLAP, now.getTime() - KEPT_FOR),
  );
  const until = new Date(now.getTime() - DELIVERY_PATIENCE);
  let found = 0;
  for await (const page of listEvents(settings, { from, until })) {
    const missed = await storeMissed(db, realm.id, page);
    if (missed > 0) wakeInbox(db);
    found += missed;
  }
  await db.catchUp.upsert({
    where: { realmId: realm.id },
    create: { realmId: realm.id, listedUntil: until, ranAt: now, found },
    update: { listedUntil: until, ranAt: now, found: { increment: found } },
    select: { realmId: true },
  });
  if (found > 0) log.warn('events caught up that no delivery brought', { found });
  return found;
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
