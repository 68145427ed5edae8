import { beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';

import { appendAudit, type AuditInput } from './append-audit.server';
import { type AuditVerdict } from './shared';
import { verifyAudit } from './verify-audit.server';

const database = useTestDatabase();

const append = (input: Partial<AuditInput> = {}) =>
  inTransaction(database.db, 'audit', (tx) =>
    appendAudit(tx, { actor: 'usr_1', act: 'customer.renamed', subject: 'cst_1', ...input }),
  );

/** Four rows, whose ids follow each other. */
let rows: bigint[] = [];
beforeAll(async () => {
  rows = [
    await append(),
    await append({ reason: 'typo', realmId: 'rlm_1', requestId: 'req_1' }),
    await append({
      before: { name: 'A', credits: 9_007_199_254_740_993n },
      after: { name: 'B' },
      comment: 'as asked',
    }),
    await append({ actor: 'system' }),
  ];
});

async function afterTampering(sql: string): Promise<AuditVerdict> {
  let verdict: AuditVerdict = { outcome: 'intact', rows: 0n };
  const undo = new Error('undo');
  await inTransaction(database.db, 'tamper', async (tx) => {
    await tx.$executeRawUnsafe('ALTER TABLE audit DISABLE TRIGGER USER');
    expect(await tx.$executeRawUnsafe(sql)).toBeGreaterThan(0);
    verdict = await verifyAudit(tx);
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return verdict;
}

describe('the audit', () => {
  it('keeps who, what, why, before and after, with big numbers whole', async () => {
    const row = await database.db.audit.findUniqueOrThrow({ where: { seq: rows[2] ?? 0n } });
    expect(row).toMatchObject({ actor: 'usr_1', act: 'customer.renamed', subject: 'cst_1' });
    expect(row.body).toEqual({
      comment: 'as asked',
      before: { name: 'A', credits: '9007199254740993' },
      after: { name: 'B' },
    });
    expect(await database.db.audit.findUniqueOrThrow({ where: { seq: rows[1] ?? 0n } })).toMatchObject({
      reason: 'typo',
      realmId: 'rlm_1',
      requestId: 'req_1',
      body: null,
    });
  });

  it('has one chain when fifty append at the same moment, and leaves no row of what was rolled back', async () => {
    const before = await database.db.audit.count();
    const undo = inTransaction(database.db, 'undone', async (tx) => {
      await appendAudit(tx, { actor: 'usr_1', act: 'undone', subject: 'cst_1' });
      throw new Error('undone');
    }).catch(() => undefined);
    await Promise.all([undo, ...Array.from({ length: 50 }, (_, n) => append({ after: { n } }))]);
    expect(await database.db.audit.count()).toBe(before + 50);
    expect(await database.db.audit.count({ where: { act: 'undone' } })).toBe(0);
    expect(await verifyAudit(database.db)).toMatchObject({ outcome: 'intact' });
  });

  it('names the first broken row, whichever of its columns changed', async () => {
    const changes: Record<string, string> = {
      seq: `seq + 1000`,
      at: `at + interval '1 microsecond'`,
      actor: `'usr_2'`,
      act: `'another'`,
      subject: `'cst_2'`,
      reason: `'another'`,
      realm: `'rlm_2'`,
      request_id: `'req_2'`,
      body: `'{"after":{"name":"C"}}'`,
      body_digest: `sha256('forged')`,
      hash: `sha256('forged')`,
    };
    const columns = await database.db.$queryRaw<{ name: string }[]>`
      SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = 'audit' ORDER BY 1`;
    expect(Object.keys(changes).sort()).toEqual(columns.map((column) => column.name));
    const seq = rows[2] ?? 0n;
    for (const [column, value] of Object.entries(changes)) {
      const verdict = await afterTampering(`UPDATE audit SET ${column} = ${value} WHERE seq = ${seq}`);
      const expected = column === 'seq' ? seq + 1n : seq;
      expect(verdict, column).toMatchObject({ outcome: 'broken', seq: expected });
    }
  });

  it('cannot have words moved from one column to the next', async () => {
    const seq = rows[1] ?? 0n;
    expect(
      await afterTampering(`UPDATE audit SET realm = NULL, reason = 'typo|rlm_1' WHERE seq = ${seq}`),
    ).toMatchObject({ outcome: 'broken', seq });
  });

  it('names the row after one that was deleted', async () => {
    expect(await afterTampering(`DELETE FROM audit WHERE seq = ${rows[1]}`)).toMatchObject({
      outcome: 'broken',
      seq: rows[2],
    });
  });

  it('still verifies when a body was redacted, and lets nothing else be done to a row', async () => {
    const seq = await append({ comment: 'a name that must go' });
    await append();
    await expect(
      database.db.$executeRaw`UPDATE audit SET body = '{"comment":"another"}' WHERE seq = ${seq}`,
    ).rejects.toThrow('only its body can be redacted');
    await expect(
      database.db.$executeRaw`UPDATE audit SET body = NULL, actor = 'usr_9' WHERE seq = ${seq}`,
    ).rejects.toThrow('only its body can be redacted');
    await database.db.$executeRaw`UPDATE audit SET body = NULL WHERE seq = ${seq}`;
    expect(await verifyAudit(database.db)).toMatchObject({ outcome: 'intact' });
  });
});
