import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { poolOf } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { startHeartbeat } from './heartbeat.server';
import { liveWorkers } from './live-workers.server';

const database = useTestDatabase();
const ask = (sql: string) => poolOf(database.db).query(sql);
beforeEach(() => ask('DELETE FROM worker_heartbeat'));

describe('a worker', () => {
  it('that never ran is nobody', async () => {
    expect(await liveWorkers(database.db)).toEqual({ live: [], last: undefined });
  });

  it('lives from its start to its stop, and says that it was stopped', async () => {
    const [one, other] = [await startHeartbeat(database.db), await startHeartbeat(database.db)];
    expect((await liveWorkers(database.db)).live).toMatchObject([{ pid: process.pid }, { pid: process.pid }]);
    await one.stop();
    expect((await liveWorkers(database.db)).live).toHaveLength(1);
    await other.stop();
    const { live, last } = await liveWorkers(database.db);
    expect({ live, isStopped: last?.isStopped }).toEqual({ live: [], isStopped: true });
  });

  it('that falls silent is dead after 45 seconds and not before', async () => {
    const worker = await startHeartbeat(database.db);
    await ask(`UPDATE worker_heartbeat SET beat_at = clock_timestamp() - interval '43 seconds'`);
    expect((await liveWorkers(database.db)).live).toHaveLength(1);
    await ask(`UPDATE worker_heartbeat SET beat_at = clock_timestamp() - interval '46 seconds'`);
    const { live, last } = await liveWorkers(database.db);
    expect({ live, isStopped: last?.isStopped }).toEqual({ live: [], isStopped: false });
    await worker.stop();
  });

  it('goes on beating, on one row, and comes back to life when it speaks again', async () => {
    const worker = await startHeartbeat(database.db, 20);
    await ask(`UPDATE worker_heartbeat SET beat_at = clock_timestamp() - interval '5 minutes'`);
    await vi.waitFor(async () => expect((await liveWorkers(database.db)).live).toHaveLength(1), {
      timeout: seconds(5),
      interval: 20,
    });
    await worker.stop();
    const { rows } = await ask('SELECT id FROM worker_heartbeat');
    expect(rows).toHaveLength(1);
  });

  it('of more than a week ago is forgotten by the next that starts', async () => {
    await ask(`INSERT INTO worker_heartbeat (id, host, pid, beat_at)
      VALUES ('wrk_old', 'gone', 1, clock_timestamp() - interval '8 days'), ('wrk_new', 'here', 1, clock_timestamp() - interval '6 days')`);
    const worker = await startHeartbeat(database.db);
    const { rows } = await ask(`SELECT id FROM worker_heartbeat WHERE host IN ('gone', 'here')`);
    expect(rows).toEqual([{ id: 'wrk_new' }]);
    await worker.stop();
  });
});
