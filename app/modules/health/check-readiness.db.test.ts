import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { closeDb, createDb } from '~/platform/db.server';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { checkReadiness } from './check-readiness.server';

const MIGRATIONS = path.resolve('prisma/migrations');
const NOT_APPLIED = '29990101000000_not_applied';
const known = () => Promise.resolve({ id: 'rlm_1' });

describe('readiness', () => {
  const test = useTestDatabase();
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'credence-ready-'));
    await mkdir(path.join(folder, NOT_APPLIED));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const codes = async (parts: Partial<Parameters<typeof checkReadiness>[0]>) => {
    const faults = await checkReadiness({
      db: test.db,
      migrationsFolder: MIGRATIONS,
      realm: known,
      ...parts,
    });
    return faults.map((fault) => fault.code);
  };

  it('is complete when the database answers, every migration is applied and the realm is known', async () => {
    expect(await codes({})).toEqual([]);
  });

  it('names a migration that this code has and the database lacks', async () => {
    expect(await codes({ migrationsFolder: folder })).toEqual(['migrations_pending']);
  });

  it('names a migration that began and did not end', async () => {
    await test.db
      .$executeRaw`INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'x', ${NOT_APPLIED})`;
    expect(await codes({ migrationsFolder: folder })).toEqual(['migration_failed']);
    await test.db.$executeRaw`DELETE FROM _prisma_migrations WHERE id = 'x'`;
  });

  it('is complete while a newer release migrates the database, and after that', async () => {
    await test.db
      .$executeRaw`INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('y', 'y', ${NOT_APPLIED})`;
    expect(await codes({})).toEqual([]);
    await test.db.$executeRaw`UPDATE _prisma_migrations SET finished_at = now() WHERE id = 'y'`;
    expect(await codes({})).toEqual([]);
    await test.db.$executeRaw`DELETE FROM _prisma_migrations WHERE id = 'y'`;
  });

  it('names an unknown realm beside pending migrations', async () => {
    const realm = () => Promise.reject(new Error('Stripe did not answer'));
    expect(await codes({ realm, migrationsFolder: folder })).toEqual(['migrations_pending', 'realm_unknown']);
  });

  it('names a database that cannot be reached, and nothing that depends on it', async () => {
    const unreachable = createDb('postgresql://nobody@127.0.0.1:1/none');
    expect(await codes({ db: unreachable })).toEqual(['database_unreachable']);
    await closeDb(unreachable);
  });
});
