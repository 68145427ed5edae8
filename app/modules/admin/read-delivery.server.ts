import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { REALM_REF } from './realms.server';
import { type DeliveryView } from './shared';

const deliveryId = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt);

/** One HTTP request with every field that is kept of it; undefined when there is none with this number. */
export async function readDelivery(db: Db, id: string): Promise<DeliveryView | undefined> {
  const asked = deliveryId.safeParse(id);
  if (!asked.success) return undefined;
  const found = await db.delivery.findUnique({
    where: { id: asked.data },
    select: {
      id: true,
      realmId: true,
      eventId: true,
      eventType: true,
      at: true,
      verdict: true,
      detail: true,
      status: true,
      path: true,
      ip: true,
      agent: true,
      apiVersion: true,
      secret: true,
      bytes: true,
      ms: true,
      requestId: true,
      redactedAt: true,
    },
  });
  if (found === null) return undefined;
  const { realmId, ...delivery } = found;
  const [realm, event] = await Promise.all([
    realmId === null
      ? null
      : db.realm.findUnique({
          where: { id: realmId },
          select: REALM_REF,
        }),
    realmId === null || found.eventId === null
      ? null
      : db.event.findUnique({
          where: { realmId_id: { realmId, id: found.eventId } },
          select: { id: true, type: true, status: true, redactedAt: true, redactedFor: true },
        }),
  ]);
  return { ...delivery, realm, event };
}
