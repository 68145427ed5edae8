import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { type AuditVerdict } from './shared';

const verdict = z.tuple([
  z.object({ rows: z.bigint(), seq: z.bigint().nullable(), fault: z.string().nullable() }),
]);

/** Recomputes the audit's chain from its first row. A redacted body is no fault. */
export async function verifyAudit(db: Db | Tx): Promise<AuditVerdict> {
  const [{ rows, seq, fault }] = verdict.parse(
    await db.$queryRaw`
      SELECT n.rows, v.broken_seq AS seq, v.fault
      FROM (SELECT count(*) AS rows FROM audit) n LEFT JOIN audit_verify() v ON true`,
  );
  return seq === null || fault === null ? { outcome: 'intact', rows } : { outcome: 'broken', seq, fault };
}
