import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, cp, mkdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { binariesIn, findBinaries, type Binaries } from './binaries';
import { type OsUser, userForPostgres } from './os-user';

export interface Place {
  /** Holds data, password, port and log of one server. */
  folder: string;
  data: string;
  binaries: Binaries;
  user: OsUser | null;
  /** Set when the folder is not the wanted one: what to tell the operator. */
  notice: string | null;
}

/** Where the server of this folder lives. Another place is taken when Postgres' user cannot enter the wanted one. */
export async function choosePlace(wanted: string): Promise<Place> {
  const own = findBinaries();
  const elsewhere = path.join(elsewhereRoot(), `credence-${hashOf(wanted)}`);
  const user = userForPostgres(path.join(existsSync(elsewhere) ? elsewhere : wanted, 'data'));
  await mkdir(wanted, { recursive: true, mode: 0o700 });
  if (user === null) return placeIn(wanted, own, null, null);
  const binaries = canRun(own, user) ? own : await copyBinaries(own);
  await chown(wanted, user.uid, user.gid);
  if (canEnter(wanted, user)) return placeIn(wanted, binaries, user, null);
  await mkdir(elsewhere, { recursive: true, mode: 0o700 });
  await chown(elsewhere, user.uid, user.gid);
  const notice = `Postgres' user cannot enter ${wanted}: its data is kept in ${elsewhere}.`;
  return placeIn(elsewhere, binaries, user, notice);
}

function placeIn(folder: string, binaries: Binaries, user: OsUser | null, notice: string | null): Place {
  return { folder, data: path.join(folder, 'data'), binaries, user, notice };
}

function elsewhereRoot(): string {
  return existsSync('/var/lib') ? '/var/lib' : os.tmpdir();
}

function hashOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 12);
}

/** Asks the kernel as that user: modes alone do not tell about access lists and mounts. */
function canEnter(folder: string, user: OsUser): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0" && test -w .', folder], { ...user, cwd: '/' }).status === 0;
}

function canRun(binaries: Binaries, user: OsUser): boolean {
  const share = path.join(binaries.root, 'share');
  if (spawnSync('/bin/sh', ['-c', 'cd "$0" && test -r .', share], { ...user, cwd: '/' }).status !== 0)
    return false;
  return spawnSync(binaries.postgres, ['--version'], { ...user, cwd: '/' }).status === 0;
}

/** One copy that every checkout on this machine uses. Made aside and renamed, so that no start meets half of it. */
async function copyBinaries(from: Binaries): Promise<Binaries> {
  const to = path.join(elsewhereRoot(), `credence-postgres-${from.version}`);
  if (existsSync(to)) return binariesIn(to, from.version);
  const fresh = `${to}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await cp(from.root, fresh, { recursive: true, verbatimSymlinks: true });
  // Whatever umask made the checkout, any user may read and run the copy.
  spawnSync('chmod', ['-R', 'a+rX', fresh]);
  try {
    await rename(fresh, to);
  } catch (error) {
    // Another start was quicker; its copy is the same.
    if (!existsSync(to)) throw error;
    await rm(fresh, { recursive: true, force: true });
  }
  return binariesIn(to, from.version);
}
