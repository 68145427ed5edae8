import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type Db } from '~/platform/db.server';

import { newWallet } from './testing/wallets';
import { verifyLedger } from './verify-ledger.server';

const database = useTestDatabase();
const PAIRS = 1_000;

function start(customerId: string): ChildProcess {
  const script = path.join(import.meta.dirname, 'testing/hold-pairs.ts');
  const args = ['--import', 'tsx', script, database.url, customerId, String(PAIRS)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Resolves when the process has told so many pairs, or has ended. */
function told(child: ChildProcess, pairs: number): Promise<number> {
  return new Promise((resolve) => {
    if (!child.stdout) throw new Error('The process tells nothing.');
    let count = 0;
    createInterface(child.stdout).on('line', () => {
      count += 1;
      if (count === pairs) resolve(count);
    });
    child.once('close', () => {
      resolve(count);
    });
  });
}

const cutConnections = (db: Db) =>
  db.$queryRaw`SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;

it('a thousand holds and captures stand once each though their process is killed and its connections are cut', async () => {
  const wallet = await newWallet(database.db);
  await wallet.lot(600n, { expiresAt: new Date(Date.now() + 86_400_000) });
  await wallet.lot(600n);
  for (const kill of [40, 330]) {
    const child = start(wallet.customerId);
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    await told(child, kill);
    await cutConnections(database.db);
    await told(child, kill);
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
  }
  const last = start(wallet.customerId);
  expect(await told(last, PAIRS)).toBe(PAIRS);

  expect(await wallet.balance()).toMatchObject({ available: 200n, held: 0n });
  const kinds = await database.db.transfer.groupBy({
    by: ['kind'],
    _count: true,
    _sum: { amount: true },
    orderBy: { kind: 'asc' },
  });
  expect(kinds.map(({ kind, _count, _sum }) => [kind, _count, _sum.amount])).toEqual([
    ['grant', 2, 1_200n],
    ['hold', PAIRS, 1_000n],
    ['capture', PAIRS, 1_000n],
  ]);
  expect(await verifyLedger(database.db)).toEqual([]);
}, 90_000);
