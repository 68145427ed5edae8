import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

import { STAFF_ACTS } from './shared';

const lockedRow = z.object({
  id: z.string(),
  book: z.enum(['test', 'live']),
  act: z.enum(STAFF_ACTS),
  subject: z.string(),
  customerId: z.string().nullable(),
  owner: z.string().nullable(),
  unit: z.string(),
  amount: z.bigint(),
  body: z.unknown(),
  reason: z.string(),
  comment: z.string(),
  requester: z.string(),
  role: z.enum(['support', 'finance', 'admin']),
  state: z.enum(['open', 'executed', 'rejected', 'expired']),
  isOver: z.boolean(),
});

/** A request under its lock. The room that acts parses the body by its own schema. */
export type LockedApproval = z.infer<typeof lockedRow>;

/** Locks one request for the rest of the transaction; undefined when there is none of this id. */
export async function lockApproval(tx: Tx, id: string): Promise<LockedApproval | undefined> {
  const rows = await tx.$queryRaw`
    SELECT id, book, act, subject, customer AS "customerId", owner, unit, amount, body, reason, comment, requester, role, state,
      expires_at <= clock_timestamp() AS "isOver"
    FROM approval WHERE id = ${id} FOR UPDATE`;
  return z.array(lockedRow).parse(rows)[0];
}
