import { createHash } from 'node:crypto';
import * as z from 'zod';

import { type DeliveredEvent, isHandledEventType } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';

/** What a delivery row says of the request, whatever came of it. */
export interface Carrier {
  path: string;
  ip: string | null;
  agent: string | null;
  requestId: string | null;
  bytes: number;
  /** `performance.now()` when the request came. */
  startedAt: number;
}

const stored = z.tuple([z.object({ verdict: z.enum(['first', 'repeat', 'conflict']) })]);
export type StoredVerdict = z.infer<typeof stored>[0]['verdict'];

/**
 * Stores a verified delivery and its event. One statement, committed by itself: it waits for no row that a worker holds,
 * and once it has returned the event is never lost.
 */
export async function storeDelivery(
  db: Db,
  input: { realmId: string; event: DeliveredEvent; text: string; secretNumber: number; carrier: Carrier },
): Promise<StoredVerdict> {
  const { event, carrier } = input;
  const sha = createHash('sha256').update(input.text).digest();
  const ms = performance.now() - carrier.startedAt;
  const rows = await db.$queryRaw`
    SELECT inbox_receive(${input.realmId}, ${event.id}, ${event.type}, ${event.objectId ?? null}, ${event.apiVersion ?? null},
      ${event.account ?? null}, ${event.created}, ${input.text}, ${sha}, ${isHandledEventType(event.type)}, ${carrier.path},
      ${carrier.ip}, ${carrier.agent}, ${input.secretNumber}::smallint, ${carrier.bytes}::int, ${ms}::real,
      ${carrier.requestId}) AS verdict`;
  return stored.parse(rows)[0].verdict;
}
