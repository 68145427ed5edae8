import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../e2e/support/test-database';
import { runJobs } from '~/modules/jobs/index.server';
import { newWallet } from '~/modules/ledger/testing/wallets';
import { startSender } from '~/modules/outbox/index.server';
import { endpointAt, HERE, openProduct, type TestProduct } from '~/modules/outbox/testing/product';
import { readHeard } from '~/modules/outbox/testing/sending';
import { poolOf } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { jobHandlers } from './handlers.server';
import { SCHEDULE } from './schedule';

/** The queue and the sender as a worker joins them: from an act on the ledger to the product. */
const database = useTestDatabase();
const stopping: (() => Promise<void>)[] = [];
let product: TestProduct;
beforeAll(async () => {
  product = await openProduct();
});
afterEach(() => Promise.all(stopping.splice(0).map((stop) => stop())));
afterAll(() => product.close());

const none = () => Promise.reject(new Error('Nothing is read at Stripe.'));

async function startWorker(): Promise<void> {
  const { db } = database;
  const sender = startSender({ db, rules: HERE });
  const realm = { id: 'rlm_1', account: 'acct_1', mode: 'test', name: 'Test' } as const;
  const selling = { realm, settings: { secretKey: 'sk_test_none', apiBase: 'http://127.0.0.1:9' } };
  const handlers = jobHandlers({
    ...{ db, sender, outbox: HERE, appUrl: 'http://127.0.0.1:3000' },
    ...{ selling, heldRealms: () => Promise.resolve([selling]), readerOf: none },
  });
  const jobs = await runJobs({ db, concurrency: 2, handlers, schedule: [] });
  stopping.push(async () => {
    await jobs.stop();
    await sender.stop();
  });
}

const heard = (count: number) =>
  vi.waitFor(() => expect(product.heard).toHaveLength(count), { timeout: seconds(20), interval: 20 });

it('an act is heard by the product because of its own job, and a lost job is made up for by the sweep', async () => {
  const { secret } = await endpointAt(database.db, product.url);
  await startWorker();
  const wallet = await newWallet(database.db);
  await wallet.lot(100n);
  await heard(1);
  await wallet.spend(100n);
  await heard(2);
  expect(product.heard.map((asked) => readHeard(asked, secret).type)).toEqual([
    'credits.granted',
    'balance.depleted',
  ]);
  await Promise.all(stopping.splice(0).map((stop) => stop()));

  await wallet.lot(5n);
  const pool = poolOf(database.db);
  await pool.query(`DELETE FROM graphile_worker._private_jobs`);
  await startWorker();
  await pool.query(`SELECT graphile_worker.add_job('outbox.sweep', '{}')`);
  await heard(3);
});

it('the sweep runs each minute', () => {
  expect(SCHEDULE).toContainEqual({ name: 'outbox.sweep', pattern: '* * * * *' });
});
