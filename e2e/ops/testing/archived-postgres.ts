import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';

import { choosePlace, type Place } from '../../../app/cli/embedded-postgres/place';
import { startPostgres } from '../../../app/cli/embedded-postgres/start-postgres';
import { waitFor } from '../kill-nine/wait-for';

const PATIENCE_MS = 30_000;

/** A durable server that keeps every WAL file elsewhere, as operations/backup.md says, and can be lost. */
export interface ArchivedPostgres {
  url: string;
  /** A copy of its files while it works, as pg_basebackup makes one. It stands only together with the WAL that is kept. */
  copy(): Promise<void>;
  /** Kills it once all that is committed is kept, and starts another server from the copy, as it stood at that time. */
  restoreTo(at: string): Promise<{ url: string }>;
  /** Ends what runs, and removes everything. */
  remove(): Promise<void>;
}

export async function startArchivedPostgres(): Promise<ArchivedPostgres> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'credence-backup-'));
  // Postgres' own user goes through it.
  await chmod(root, 0o755);
  const archive = path.join(root, 'archive');
  const from = path.join(root, 'lost');
  const to = path.join(root, 'restored');
  const first = await startPostgres({ folder: from });
  const place = await choosePlace(from);
  await mkdir(archive);
  await give(place, archive);
  await query(first.url, `ALTER SYSTEM SET archive_mode = on`);
  await query(first.url, `ALTER SYSTEM SET archive_command = 'cp "%p" "${archive}/%f"'`);
  await first.stop();
  const server = await startPostgres({ folder: from });
  let running = server;
  const { url } = server;
  const copied = await choosePlace(to);

  const copy = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(`SELECT pg_backup_start('copy', true)`);
      await copyFiles(place, copied);
      // Answers once the WAL that the copy needs is kept.
      const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop()');
      await put(copied, 'backup_label', rows[0]?.labelfile ?? '');
    } finally {
      await client.end();
    }
  };

  const restoreTo = async (at: string): Promise<{ url: string }> => {
    const wal = await query<{ name: string }>(url, 'SELECT pg_walfile_name(pg_switch_wal()) AS name');
    const isKept = `SELECT FROM pg_stat_archiver WHERE last_archived_wal >= '${wal?.name}'`;
    await waitFor(() => query(url, isKept), { withinMs: PATIENCE_MS, what: () => 'the archive' });
    server.kill();
    await cp(path.join(from, 'password'), path.join(to, 'password'));
    await appendFile(
      path.join(copied.data, 'postgresql.auto.conf'),
      [
        `archive_mode = off`,
        `restore_command = 'cp "${archive}/%f" "%p"'`,
        `recovery_target_time = '${at}'`,
        `recovery_target_action = promote`,
        '',
      ].join('\n'),
    );
    await put(copied, 'recovery.signal', '');
    const restored = await startPostgres({ folder: to });
    running = restored;
    const hasRecovered = 'SELECT WHERE NOT pg_is_in_recovery()';
    await waitFor(() => query(restored.url, hasRecovered), {
      ...{ withinMs: PATIENCE_MS, what: () => `recovery to ${at}` },
    });
    return restored;
  };

  const remove = async (): Promise<void> => {
    await running.stop();
    await rm(root, { recursive: true, force: true });
  };
  return { url, copy, restoreTo, remove };
}

/** Its WAL comes from the archive; what tells of the running server stays behind. */
async function copyFiles(from: Place, to: Place): Promise<void> {
  const copying = spawn('cp', ['-R', '-p', from.data, to.data], {
    ...from.user,
    cwd: from.folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said] = await Promise.all([text(copying.stderr), once(copying, 'exit')]);
  // A file may go while it is copied: WAL that is read again says so.
  const faults = said.split('\n').filter((line) => line !== '' && !line.includes('No such file'));
  if (faults.length > 0) throw new Error(faults.join('\n'));
  for (const left of ['postmaster.pid', 'postmaster.opts', 'pg_wal'])
    await rm(path.join(to.data, left), { recursive: true, force: true });
  await mkdir(path.join(to.data, 'pg_wal'), { mode: 0o700 });
  await give(to, path.join(to.data, 'pg_wal'));
}

async function put(place: Place, name: string, content: string): Promise<void> {
  const file = path.join(place.data, name);
  await writeFile(file, content);
  await give(place, file);
}

/** To the user that the server runs as. */
async function give({ user }: Place, file: string): Promise<void> {
  if (user) await chown(file, user.uid, user.gid);
}

/** The one row that it answers. */
async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows[0];
  } finally {
    await client.end();
  }
}
