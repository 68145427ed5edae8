import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { OperatorError } from '../operator-error';

export interface OsUser {
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root. Null means: run as whoever we are. */
export function userForPostgres(dataFolder: string): OsUser | null {
  if (process.getuid?.() !== 0) return null;
  // Data stays with the user that made it, also when a `postgres` user appears on the machine later.
  const made = statSync(dataFolder, { throwIfNoEntry: false });
  if (made && made.uid !== 0) return { uid: made.uid, gid: made.gid };
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== null && gid !== null && uid !== 0) return { uid, gid };
  }
  throw new OperatorError(
    'Postgres does not run as root, and this machine has neither a user `postgres` nor `nobody`. ' +
      'Start as another user, or set DATABASE_URL.',
  );
}

function idOf(flag: '-u' | '-g', name: string): number | null {
  const result = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return result.status === 0 ? Number(result.stdout.trim()) : null;
}
