import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

export type AuditVerdict =
  | { outcome: 'intact' }
  /** Row `seq` is the first that its hash or its body's digest does not vouch for. */
  | { outcome: 'broken'; seq: bigint; fault: string };

const rows = z.array(z.object({ seq: z.bigint(), fault: z.string() }));

/** Recomputes the audit's chain from its first row. A redacted body is no fault. */
export async function verifyAudit(db: Db | Tx): Promise<AuditVerdict> {
  const result = await db.$queryRaw`SELECT broken_seq AS seq, fault FROM audit_verify()`;
  const broken = rows.parse(result)[0];
  return broken ? { outcome: 'broken', ...broken } : { outcome: 'intact' };
}
