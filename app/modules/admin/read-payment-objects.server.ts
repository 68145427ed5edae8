import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { isId } from './filters.server';
import { type RawObjectView } from './shared';

/** More events than a payment's objects bring. */
const MOST = 300;

const said = z.object({ data: z.object({ object: z.unknown() }) });

/** The Stripe objects of a payment, each as its newest event showed it; undefined when there is no such payment. */
export async function readPaymentObjects(db: Db, id: string): Promise<RawObjectView[] | undefined> {
  if (!isId(id)) return undefined;
  const payment = await db.payment.findUnique({
    where: { id },
    select: {
      ...{ realmId: true, stripeSession: true, stripeIntent: true, stripeCharge: true, stripeInvoice: true },
      moneyBacks: { select: { stripeId: true }, take: 50 },
    },
  });
  if (payment === null) return undefined;
  const { realmId, moneyBacks, ...links } = payment;
  const ids = [...Object.values(links), ...moneyBacks.map(({ stripeId }) => stripeId)];
  const events = await db.event.findMany({
    where: { realmId, objectId: { in: ids.filter((link) => link !== null) } },
    orderBy: [{ created: 'desc' }, { receivedAt: 'desc' }],
    take: MOST,
    select: { id: true, type: true, objectId: true, created: true, payload: true },
  });
  const newest = new Map<string, RawObjectView>();
  for (const { objectId, id: eventId, type, created: at, payload } of events) {
    if (objectId === null || newest.has(objectId)) continue;
    const { data } = said.parse(JSON.parse(payload));
    newest.set(objectId, { id: objectId, eventId, type, at, json: JSON.stringify(data.object) });
  }
  return ids.flatMap((link) => (link === null ? [] : (newest.get(link) ?? [])));
}
