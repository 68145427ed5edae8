import v8 from 'node:v8';
import vm from 'node:vm';
import { beforeAll, expect, it } from 'vitest';

import { type Db } from '~/platform/db.server';
import { minutes } from '~/platform/time';

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

/** Reads of whole rows are counted: each is one piece of the file. */
function countingReads(db: Db): { db: Db; reads: () => number } {
  let n = 0;
  const counted = db.$extends({
    query: {
      payment: {
        findMany: ({ args, query }) => {
          n += 1;
          return query(args);
        },
      },
    },
  });
  // why: an extended client is the same client but for the type of its own methods for events and extensions.
  return { db: counted as unknown as Db, reads: () => n };
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
    const { db, reads } = countingReads(test.db);
    const filters = paymentFilters(new URLSearchParams(), [realmRef(realmId)], realmId);
    const reader = exportPayments(db, filters, new AbortController().signal).getReader();
    const decoder = new TextDecoder();
    const seen = new Uint8Array(PAYMENTS);
    let pieces = 0;
    let rest = '';
    let most = 0;
    const before = memoryInUse();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces += 1;
      // A reader that lingers: whatever ran ahead of it would be read by now.
      if (pieces % 20 === 0) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        most = Math.max(most, memoryInUse() - before);
      }
      expect(reads() - pieces).toBeLessThanOrEqual(1);
      const lines = (rest + decoder.decode(value, { stream: true })).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const n = /^pay_(\d+),/.exec(line)?.[1];
        if (n !== undefined) seen[Number(n)] = (seen[Number(n)] ?? 0) + 1;
      }
    }
    expect(rest).toBe('');
    expect(seen.every((times) => times === 1)).toBe(true);
    expect(most).toBeLessThan(MOST_GROWTH);
  },
  minutes(2),
);
