import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, lchown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  const binaries = findBinaries();
  const elsewhere = path.join(elsewhereRoot(), `credence-${hashOf(wanted)}`);
  const user = userForPostgres(path.join(existsSync(elsewhere) ? elsewhere : wanted, 'data'));
  await mkdir(wanted, { recursive: true, mode: 0o700 });
  if (user === null) return placeIn(wanted, binaries, null, null);
  await chown(wanted, user.uid, user.gid);
  if (canEnter(wanted, user) && canRun(binaries, user)) return placeIn(wanted, binaries, user, null);
  await mkdir(elsewhere, { recursive: true, mode: 0o700 });
  await chown(elsewhere, user.uid, user.gid);
  const copied = await copyBinaries(binaries, path.join(elsewhere, 'binaries'), user);
  const notice = `Postgres' user cannot enter ${wanted}: its data is kept in ${elsewhere}.`;
  return placeIn(elsewhere, copied, user, notice);
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

async function copyBinaries(from: Binaries, to: string, user: OsUser): Promise<Binaries> {
  const stamp = path.join(to, 'VERSION');
  const copied = await readFile(stamp, 'utf8').catch(() => null);
  if (copied !== from.version) {
    await rm(to, { recursive: true, force: true });
    await cp(from.root, to, { recursive: true, verbatimSymlinks: true });
    await giveTo(to, user);
    await writeFile(stamp, from.version);
  }
  return binariesIn(to, from.version);
}

async function giveTo(folder: string, user: OsUser): Promise<void> {
  await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(full, user);
    else await lchown(full, user.uid, user.gid);
  }
}
