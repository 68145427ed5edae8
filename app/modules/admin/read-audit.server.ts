import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { diffBodies } from './diff-bodies';
import { AUDIT_ACTOR, AUDIT_COLUMNS, auditRow } from './list-audit.server';
import { REALM_REF } from './realms.server';
import { type AuditView } from './shared';

const aSeq = /^\d{1,18}$/;
const beside = z.tuple([z.object({ earlier: z.bigint().nullable(), later: z.bigint().nullable() })]);

/** One act with all that it was told with; undefined when there is none of this number. */
export async function readAudit(db: Db, text: string): Promise<AuditView | undefined> {
  if (!aSeq.test(text)) return undefined;
  const seq = BigInt(text);
  const [row] = z
    .array(auditRow)
    .parse(
      await db.$queryRaw`SELECT '' AS cursor, ${AUDIT_COLUMNS} FROM audit a ${AUDIT_ACTOR} WHERE a.seq = ${seq}::bigint`,
    );
  if (row === undefined) return undefined;
  const [[{ earlier, later }], realm] = await Promise.all([
    db.$queryRaw`
      SELECT (SELECT max(a.seq) FROM audit a WHERE a.subject = ${row.subject} AND a.seq < ${seq}::bigint) AS earlier,
        (SELECT min(a.seq) FROM audit a WHERE a.subject = ${row.subject} AND a.seq > ${seq}::bigint) AS later`.then(
      (rows) => beside.parse(rows),
    ),
    row.realm === null ? null : db.realm.findUnique({ where: { id: row.realm }, select: REALM_REF }),
  ]);
  return {
    ...row,
    realm,
    changes: diffBodies(row.body?.before, row.body?.after),
    body: row.body === null ? null : JSON.stringify(row.body),
    earlier: earlier ?? undefined,
    later: later ?? undefined,
  };
}
