import { listEvents } from '~/modules/stripe/index.server';
import { hours, seconds } from '~/platform/time';

import { type Difference } from './difference';
import { PATIENCE, type Reconciler } from './reconciler';

/** An event that waits longer than this for another has left its customer without credits all the while. */
const WAITS_AT_MOST = hours(1);
/** For how long what Stripe said of late is not asked again. */
const FRESH = seconds(20);

/** What Stripe has said within the patience, by object; read once for many suspects. */
export interface Lately {
  at: number;
  objects: ReadonlySet<string>;
}

/**
 * Whether an event about it is on its way: made by Stripe within the patience, queued here, or waiting here for another
 * event since not so long. A pause of processing leaves events queued, and so makes no findings.
 */
export async function isInFlight(
  { db, settings, realm, pacer, now }: Reconciler,
  { about }: Difference,
  lately: { current: Lately | undefined },
): Promise<boolean> {
  const waiting = await db.event.findFirst({
    where: {
      ...{ realmId: realm.id, objectId: { in: about } },
      OR: [
        { status: 'queued' },
        { status: 'waiting', receivedAt: { gt: new Date(now().getTime() - WAITS_AT_MOST) } },
      ],
    },
    select: { id: true },
  });
  if (waiting) return true;
  const known = lately.current;
  if (known === undefined || now().getTime() - known.at > FRESH) {
    const at = now().getTime();
    lately.current = { at, objects: await objectsSince(new Date(at - PATIENCE)) };
  }
  return about.some((id) => lately.current?.objects.has(id) === true);

  async function objectsSince(from: Date): Promise<Set<string>> {
    const objects = new Set<string>();
    for await (const page of listEvents(settings, { from }, pacer.ask))
      for (const { event } of page) if (event.objectId !== undefined) objects.add(event.objectId);
    return objects;
  }
}

/**
 * Whether Stripe made no event about it at all: none is here, although the list of Stripe's events was read to its end within
 * the patience, and what settled since is on its way still.
 */
export async function wasNeverTold({ db, realm, now }: Reconciler, { about }: Difference): Promise<boolean> {
  const told = await db.event.count({ where: { realmId: realm.id, objectId: { in: about } } });
  if (told > 0) return false;
  const reader = await db.catchUp.findUnique({ where: { realmId: realm.id }, select: { ranAt: true } });
  return reader !== null && reader.ranAt.getTime() >= now().getTime() - PATIENCE;
}
