import { afterEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type Db, inTransaction, poolOf } from '~/platform/db.server';
import { hours, minutes, seconds } from '~/platform/time';

import { addJob } from './add-job.server';
import { installJobs } from './install-jobs.server';
import { runJobs } from './run-jobs.server';
import { handlersWith } from './testing/handlers';
import { createDeathWatch, holdWorkerLock } from './worker-lock.server';

const database = useTestDatabase();

const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: seconds(20), interval: 20 });

const running: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((jobs) => jobs.stop()));
});
const unexpected = () => Promise.reject(new Error('no such job was added'));

async function run(db: Db, handle: (mailId: string) => Promise<void>): Promise<void> {
  const handlers = handlersWith({ 'mail.send': ({ mailId }) => handle(mailId) }, unexpected);
  running.push(await runJobs({ db, concurrency: 2, handlers, schedule: [] }));
}
const waiting = async () => {
  const { rows } = await poolOf(database.db).query<{
    key: string | null;
    run_at: Date;
    locked_by: string | null;
  }>('SELECT key, run_at, locked_by FROM graphile_worker._private_jobs ORDER BY id');
  return rows;
};

describe('a job', () => {
  it('is there only if the transaction that added it commits', async () => {
    const add = (mailId: string, fail: boolean) =>
      inTransaction(database.db, 'test', async (tx) => {
        await addJob(tx, 'mail.send', { mailId });
        if (fail) throw new Error('rolled back');
      });
    await expect(add('mail_lost', true)).rejects.toThrow('rolled back');
    expect(await waiting()).toEqual([]);

    await add('mail_1', false);
    const done: string[] = [];
    await run(database.db, (mailId) => {
      done.push(mailId);
      return Promise.resolve();
    });
    await add('mail_2', false);
    await eventually(() => expect(done.sort()).toEqual(['mail_1', 'mail_2']));
    await eventually(async () => expect(await waiting()).toEqual([]));
  });

  it('of one key is one job, due when the last said', async () => {
    const runAt = new Date(Date.now() + hours(1));
    for (const at of [new Date(Date.now() + minutes(1)), runAt])
      await inTransaction(database.db, 'test', (tx) =>
        addJob(tx, 'mail.send', { mailId: 'mail_3' }, { key: 'mail.send:mail_3', runAt: at }),
      );
    expect(await waiting()).toMatchObject([{ key: 'mail.send:mail_3', run_at: runAt }]);
    await poolOf(database.db).query(`SELECT FROM graphile_worker.remove_job('mail.send:mail_3')`);
  });

  it('that fails stays for a later try', async () => {
    let tries = 0;
    await inTransaction(database.db, 'test', (tx) =>
      addJob(tx, 'mail.send', { mailId: 'mail_4' }, { key: 'k4' }),
    );
    await run(database.db, () => {
      tries += 1;
      return Promise.reject(new Error('no mail server'));
    });
    await eventually(() => expect(tries).toBe(1));
    await eventually(async () => expect(await waiting()).toMatchObject([{ key: 'k4', locked_by: null }]));
    await poolOf(database.db).query(`SELECT FROM graphile_worker.remove_job('k4')`);
  });
});

it('jobs of one queue run one after the other, however many hands are free', async () => {
  const ended: string[] = [];
  let finish = (): void => undefined;
  const add = (mailId: string, queue?: string) =>
    inTransaction(database.db, 'test', (tx) =>
      addJob(tx, 'mail.send', { mailId }, queue === undefined ? {} : { queue }),
    );
  await run(database.db, async (mailId) => {
    if (mailId === 'first') await new Promise<void>((resolve) => (finish = resolve));
    ended.push(mailId);
  });
  await add('first', 'one');
  await eventually(async () => expect(await waiting()).toMatchObject([{ locked_by: expect.any(String) }]));
  await add('second', 'one');
  await add('beside');
  await eventually(() => expect(ended).toEqual(['beside']));
  finish();
  await eventually(() => expect(ended).toEqual(['beside', 'first', 'second']));
  await eventually(async () => expect(await waiting()).toEqual([]));
});

describe('a worker', () => {
  it('that is asked to stop finishes the job it runs', async () => {
    let finish = (): void => undefined;
    let isRunning = false;
    await run(
      database.db,
      () =>
        new Promise<void>((resolve) => {
          isRunning = true;
          finish = resolve;
        }),
    );
    await inTransaction(database.db, 'test', (tx) => addJob(tx, 'mail.send', { mailId: 'mail_5' }));
    await eventually(() => expect(isRunning).toBe(true));
    const stopped = Promise.all(running.splice(0).map((jobs) => jobs.stop()));
    finish();
    await stopped;
    expect(await waiting()).toEqual([]);
  });

  const hold = async (key: string, heldFor: string) => {
    await inTransaction(database.db, 'test', (tx) => addJob(tx, 'mail.send', { mailId: key }, { key }));
    await poolOf(database.db).query(
      `UPDATE graphile_worker._private_jobs
       SET locked_by = 'pool-' || key, locked_at = now() - $2::interval WHERE key = $1`,
      [key, heldFor],
    );
  };
  const forget = () => poolOf(database.db).query('DELETE FROM graphile_worker._private_jobs');
  const lockHolders = async () => {
    const { rows } = await poolOf(database.db).query<{ pid: number }>(
      `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rows.map(({ pid }) => pid);
  };

  it('that was killed loses its jobs at the second look; a living one keeps them', async () => {
    const pool = poolOf(database.db);
    for (const key of ['dead', 'living']) await hold(key, '2 minutes');
    const lock = holdWorkerLock(pool, 'pool-living');
    await eventually(async () => expect(await lockHolders()).toHaveLength(1));
    const look = createDeathWatch(pool);
    expect([await look(), await look(), await look()]).toEqual([0, 1, 0]);
    expect(await waiting()).toMatchObject([{ locked_by: null }, { locked_by: 'pool-living' }]);

    lock.release();
    await eventually(async () => expect(await look()).toBe(1));
    expect(await waiting()).toMatchObject([{ locked_by: null }, { locked_by: null }]);
    await forget();
  });

  it('that took its job just now is not looked at', async () => {
    await hold('young', '20 seconds');
    const look = createDeathWatch(poolOf(database.db));
    expect([await look(), await look()]).toEqual([0, 0]);
    await forget();
  });

  it('that loses its connection while it works keeps the job that it runs', async () => {
    const pool = poolOf(database.db);
    let finish = (): void => undefined;
    await run(database.db, () => new Promise<void>((resolve) => (finish = resolve)));
    await inTransaction(database.db, 'test', (tx) => addJob(tx, 'mail.send', { mailId: 'long' }));
    await eventually(async () => expect(await waiting()).toMatchObject([{ locked_by: expect.any(String) }]));
    await eventually(async () => expect(await lockHolders()).toHaveLength(1));
    await pool.query(`UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 hour'`);
    const look = createDeathWatch(pool);
    expect(await look()).toBe(0);

    const [holder] = await lockHolders();
    await pool.query('SELECT pg_terminate_backend($1)', [holder]);
    await eventually(async () => expect(await lockHolders()).toEqual([]));
    expect(await look()).toBe(0);
    await eventually(async () => expect(await lockHolders()).toHaveLength(1));
    expect([await look(), await look()]).toEqual([0, 0]);
    expect(await waiting()).toMatchObject([{ locked_by: expect.any(String) }]);
    finish();
    await eventually(async () => expect(await waiting()).toEqual([]));
  });

  it('is not taken for dead because the database did not answer between two looks', async () => {
    await hold('dead', '2 minutes');
    const pool = poolOf(database.db);
    const look = createDeathWatch(pool);
    expect(await look()).toBe(0);
    await pool.query('ALTER TABLE graphile_worker._private_jobs RENAME TO _unreadable');
    await expect(look()).rejects.toThrow('_private_jobs');
    await pool.query('ALTER TABLE graphile_worker._unreadable RENAME TO _private_jobs');
    expect([await look(), await look()]).toEqual([0, 1]);
    await forget();
  });
});

it('installing the queue again, by several at once, changes nothing', async () => {
  const before = await waiting();
  await Promise.all([1, 2, 3].map(() => installJobs(database.url)));
  expect(await waiting()).toEqual(before);
});
