import { describe, expect, it } from 'vitest';

import { appendAudit } from '~/modules/audit/index.server';
import { inTransaction } from '~/platform/db.server';
import { utcDay } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { exportAudit } from './export-audit.server';
import { auditFilters, listAudit, readAuditWords } from './list-audit.server';
import { PAGE_SIZE, pageOf } from './page.server';
import { readAudit } from './read-audit.server';

const test = useTestDatabase();

type Input = Partial<Parameters<typeof appendAudit>[1]>;
const append = (input: Input = {}) =>
  inTransaction(test.db, 'audit', (tx) =>
    appendAudit(tx, { actor: 'usr_support', act: 'customer.renamed', subject: 'cst_1', ...input }),
  );
const list = (query: string) => {
  const search = new URLSearchParams(query);
  return listAudit(test.db, auditFilters(search), pageOf(search));
};
const numbers = async (query: string) => (await list(query)).rows.map(({ seq }) => seq);
const csv = (query: string) =>
  new Response(
    exportAudit(test.db, auditFilters(new URLSearchParams(query)), new AbortController().signal),
  ).text();

describe('the audit in the console', () => {
  it('is found by actor, act, subject, reason, time, request and e-mail, and by all of them together', async () => {
    await test.db.user.create({
      data: {
        id: 'usr_finance',
        email: 'finance@example.com',
        name: 'F',
        role: 'finance',
        passwordHash: 'x',
      },
    });
    const renamed = await append();
    const limit = await append({
      ...{ actor: 'usr_finance', act: 'limit.changed', subject: 'live:support:refund:usd', reason: 'season' },
      requestId: 'req_1',
    });
    const granted = await append({ actor: 'api:apc_1', act: 'credits.granted', reason: 'promo' });
    const today = utcDay(new Date());
    expect(await numbers('')).toEqual([granted, limit, renamed]);
    expect(await numbers('actor=usr_finance')).toEqual([limit]);
    expect(await numbers('act=limit.changed&act=customer.renamed')).toEqual([limit, renamed]);
    expect(await numbers('reason=promo')).toEqual([granted]);
    expect(await numbers('q=cst_1')).toEqual([granted, renamed]);
    expect(await numbers('q=live:support:refund:usd')).toEqual([limit]);
    expect(await numbers('q=FINANCE@example.com')).toEqual([limit]);
    expect(await numbers('q=apc_1')).toEqual([granted]);
    expect(await numbers('q=req_1')).toEqual([limit]);
    expect(await numbers(`since=${today}&until=${today}`)).toEqual([granted, limit, renamed]);
    expect(await numbers('until=2020-01-01')).toEqual([]);
    expect(await numbers(`q=cst_1&act=credits.granted&reason=promo&actor=api:apc_1&since=${today}`)).toEqual([
      granted,
    ]);
    const { rows } = await list('actor=usr_finance');
    expect(rows[0]?.actor).toEqual({ id: 'usr_finance', email: 'finance@example.com' });
    expect(await readAuditWords(test.db)).toEqual({
      acts: ['credits.granted', 'customer.renamed', 'limit.changed'],
      reasons: ['promo', 'season'],
    });
  });

  it('tells what changed and the acts beside it, and what is redacted as redacted', async () => {
    const subject = 'cst_told';
    const first = await append({ subject });
    const seq = await append({
      ...{
        subject,
        comment: 'She asked.',
        before: { name: 'A', credits: 5n },
        after: { name: 'B', credits: 5n },
      },
    });
    const last = await append({ subject });
    expect(await readAudit(test.db, `${seq}`)).toMatchObject({
      ...{ comment: 'She asked.', isRedacted: false, earlier: first, later: last },
      changes: [{ path: 'name', before: '"A"', after: '"B"' }],
    });
    expect(await readAudit(test.db, `${first}`)).toMatchObject({
      isRedacted: false,
      body: null,
      changes: [],
    });
    await test.db.$executeRaw`UPDATE audit SET body = NULL WHERE seq = ${seq}`;
    expect(await readAudit(test.db, `${seq}`)).toMatchObject({
      isRedacted: true,
      comment: null,
      changes: [],
    });
    const { rows } = await list(`q=${subject}`);
    expect(rows.map(({ isRedacted }) => isRedacted)).toEqual([false, true, false]);
    for (const none of ['0', '999999', '-1', 'x', '9'.repeat(30)])
      expect(await readAudit(test.db, none)).toBeUndefined();
  });

  it('shows each of many rows once, page by page and in the export', async () => {
    const subject = 'cst_many';
    const total = PAGE_SIZE * 2 + 3;
    for (let n = 0; n < total; n += 1) await append({ subject, comment: `=${n}`, after: { n } });
    const seen: bigint[] = [];
    let page = await list(`q=${subject}`);
    expect(page.count).toEqual({ n: total, isExact: true });
    for (;;) {
      seen.push(...page.rows.map(({ seq }) => seq));
      if (page.next === undefined) break;
      page = await list(`q=${subject}&after=${encodeURIComponent(page.next)}`);
    }
    expect(new Set(seen).size).toBe(total);
    expect(seen).toEqual([...seen].sort((a, b) => Number(b - a)));
    const lines = (await csv(`q=${subject}`)).trim().split('\r\n');
    expect(lines).toHaveLength(total + 1);
    expect(lines[0]).toMatch(/^number,at,actor,email,act,subject,reason,comment,before,after,redacted/);
    // A comment that a spreadsheet would run is text.
    expect(lines[1]).toContain(`,'=${total - 1},,"{""n"":${total - 1}}",no,`);
  });
});
