import { createHash } from 'node:crypto';
import * as z from 'zod';

import { type DeliveredEvent, isHandledEventType } from '~/modules/stripe/index.server';
import { type Db, poolOf } from '~/platform/db.server';

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
 * On pg itself under a prepared name: this one statement is most of what a delivery costs, and through the client it
 * takes more than twice the processor time.
 */
const STATEMENT = {
  name: 'inbox_receive',
  text: `SELECT inbox_receive($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::smallint, $15::int, $16::real,
    $17, $18) AS verdict`,
};

/**
 * Stores a verified delivery and its event. One statement, committed by itself: it waits for no row that a worker holds,
 * and once it has returned the event is never lost.
 */
export async function storeDelivery(
  db: Db,
  input: {
    realmId: string;
    event: DeliveredEvent;
    text: string;
    secret: { number: number; fingerprint: string };
    carrier: Carrier;
  },
): Promise<StoredVerdict> {
  const { realmId, event, text, secret, carrier } = input;
  const { rows } = await poolOf(db).query({
    ...STATEMENT,
    values: [
      realmId,
      event.id,
      event.type,
      event.objectId ?? null,
      event.apiVersion ?? null,
      event.account ?? null,
      event.created,
      text,
      createHash('sha256').update(text).digest(),
      isHandledEventType(event.type),
      carrier.path,
      carrier.ip,
      carrier.agent,
      secret.number,
      carrier.bytes,
      performance.now() - carrier.startedAt,
      carrier.requestId,
      secret.fingerprint,
    ],
  });
  return stored.parse(rows)[0].verdict;
}
