import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';

import { useFreshDatabase } from '../../e2e/support/test-database';
import { addJob } from '~/modules/jobs/index.server';
import { fingerprintOf } from '~/modules/stripe/index.server';
import { inTransaction, poolOf } from '~/platform/db.server';
import { seconds } from '~/platform/time';

const database = useFreshDatabase();
const KEY = 'sk_test_51worker000000';

it('a worker that fails while it starts says why and ends with nothing claimed, so that it is started anew', async () => {
  const realm = { id: 'rlm_start', account: 'acct_start', mode: 'test', name: 'Start', sells: true } as const;
  await database.db.realm.create({ data: realm });
  await database.db.realmKey.create({ data: { fingerprint: fingerprintOf(KEY), realmId: realm.id } });
  await poolOf(database.db).query('DROP TABLE worker_heartbeat');
  await inTransaction(database.db, 'test', (tx) => addJob(tx, 'mail.send', { mailId: 'mail_due' }));
  const { PATH, HOME } = process.env;
  const env = {
    ...{ PATH, HOME, CREDENCE_MODE: 'test', DATABASE_URL: database.url, NODE_ENV: 'test' as const },
    ...{ APP_URL: 'https://credits.example.com', MAIL_SANDBOX_URL: 'http://127.0.0.1:1/mail' },
    ...{ STRIPE_SECRET_KEY: KEY, STRIPE_WEBHOOK_SECRETS: 'whsec_start00000000' },
    STRIPE_API_BASE: 'http://127.0.0.1:1',
  };
  const ended = await new Promise<{ code: number | null; signal: string | null; said: string }>((resolve) => {
    const args = ['--import', 'tsx', 'app/entry.worker.ts'];
    const worker = execFile(process.execPath, args, { env, timeout: seconds(40) }, (_error, out, err) =>
      resolve({ code: worker.exitCode, signal: worker.signalCode, said: `${out}${err}` }),
    );
  });
  expect(ended).toMatchObject({ code: 1, signal: null });
  expect(ended.said).toContain('worker failed');
  expect(ended.said).toContain('worker_heartbeat');
  const { rows } = await poolOf(database.db).query(
    'SELECT sum(attempts)::int AS tries, count(locked_by)::int AS locked FROM graphile_worker._private_jobs',
  );
  expect(rows).toEqual([{ tries: 0, locked: 0 }]);
}, 60_000);
