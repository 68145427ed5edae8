import v8 from 'node:v8';
import vm from 'node:vm';
import type pg from 'pg';
import { beforeAll, expect, it, vi } from 'vitest';

import { poolOf } from '~/platform/db.server';
import { minutes, seconds } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { exportPayments } from './export-payments.server';
import { paymentFilters } from './list-payments.server';
import { makeRealm, realmRef } from './testing/console-data';

const test = useTestDatabase();
const PAYMENTS = 200_000;
/** The file itself is some 50 MB. */
const MOST_GROWTH = 16 * 1024 * 1024;
let realmId = '';

beforeAll(async () => {
  realmId = await makeRealm(test.db);
  await test.db.$executeRaw`INSERT INTO customer (id, email) VALUES ('cst_many', 'many@example.com')`;
  await test.db.$executeRaw`
    INSERT INTO payment (id, realm, customer, kind, state, credits, currency, amount_subtotal, created_at)
    SELECT 'pay_' || lpad(n::text, 32, '0'), ${realmId}, 'cst_many', 'pack', 'expired', 100, 'usd', 500,
      now() - n / 3 * interval '1 second'
    FROM generate_series(0, ${PAYMENTS - 1}::int) n`;
  await test.db.$executeRaw`ANALYZE payment`;
}, minutes(2));

/** Statements so far: outside a transaction each takes a connection of the pool once. */
function countStatements(pool: pg.Pool): () => number {
  let n = 0;
  pool.on('acquire', () => (n += 1));
  return () => n;
}

function memoryInUse(): number {
  v8.setFlagsFromString('--expose-gc');
  const collect: unknown = vm.runInNewContext('gc');
  if (typeof collect === 'function') collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it(
  'two hundred thousand payments leave as one file, each once, no faster than they are read and in the memory of a few',
  async () => {
    const pool = poolOf(test.db);
    const statements = countStatements(pool);
    const filters = paymentFilters(new URLSearchParams(), [realmRef(realmId)], realmId);
    const reader = exportPayments(test.db, filters, new AbortController().signal).getReader();
    const decoder = new TextDecoder();
    const seen = new Uint8Array(PAYMENTS);
    /** Statements by the time that each piece was taken. */
    const sent: number[] = [];
    let rest = '';
    let most = 0;
    const before = memoryInUse();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      sent.push(statements());
      // A reader that lingers until nothing is read: what runs ahead of it would go on to the end.
      if (sent.length % 20 === 0) {
        await vi.waitFor(() => expect(pool.idleCount).toBe(pool.totalCount), { timeout: seconds(20) });
        most = Math.max(most, memoryInUse() - before);
      }
      const lines = (rest + decoder.decode(value, { stream: true })).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const n = /^pay_(\d+),/.exec(line)?.[1];
        if (n !== undefined) seen[Number(n)] = (seen[Number(n)] ?? 0) + 1;
      }
    }
    expect(rest).toBe('');
    // A piece takes so many statements: never were more than two pieces' worth sent beyond what was taken.
    const each = Math.ceil(statements() / sent.length);
    expect(sent.filter((n, taken) => n > each * (taken + 3))).toEqual([]);
    expect(seen.every((times) => times === 1)).toBe(true);
    expect(most).toBeLessThan(MOST_GROWTH);
  },
  minutes(2),
);
