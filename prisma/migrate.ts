import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { asOnlyDeploy, PATIENCE, type Patience } from './only-deploy';
import { withSchemaEngine } from './wasm-engine';

const here = import.meta.dirname;
const DEFAULT_PATHS: MigrationPaths = {
  schema: path.join(here, 'schema.prisma'),
  migrations: path.join(here, 'migrations'),
};
/** `prisma migrate` reads this file to know the database; for us it is always the same. */
const LOCK = 'provider = "postgresql"\n';
const NO_FILTERS = { externalTables: [], externalEnums: [] };

export interface MigrationPaths {
  schema: string;
  migrations: string;
}

/**
 * Brings the database to the newest migration and names those that it applied. Callers at once wait for each other. While
 * another release works on the database, a statement that does not get its lock soon lets everyone pass and is tried again.
 */
export async function applyMigrations(
  databaseUrl: string,
  paths = DEFAULT_PATHS,
  patience: Patience = PATIENCE,
): Promise<string[]> {
  const migrationsList = await readMigrations(paths.migrations);
  const schema = await readSchema(paths);
  const known = migrationsList.migrationDirectories.map(({ path: name }) => name);
  return asOnlyDeploy(databaseUrl, known, patience, async (impatientUrl) => {
    const output = await withSchemaEngine(impatientUrl, schema, (engine) =>
      engine.applyMigrations({ migrationsList, filters: NO_FILTERS }),
    );
    return output.appliedMigrationNames;
  });
}

/** The SQL that leads from prisma/migrations to schema.prisma, or null when they say the same. */
export async function diffMigrations(databaseUrl: string, paths = DEFAULT_PATHS): Promise<string | null> {
  const migrations = await readMigrations(paths.migrations);
  const schema = await readSchema(paths);
  const output = await withSchemaEngine(databaseUrl, schema, (engine) =>
    engine.diff({
      from: { tag: 'migrations', ...migrations },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: true,
      filters: NO_FILTERS,
    }),
  );
  return output.exitCode === 2 ? output.stdout : null;
}

/** Writes the difference as a new migration, to be read and completed by hand; null when there is none. */
export async function writeMigration(
  databaseUrl: string,
  name: string,
  paths = DEFAULT_PATHS,
): Promise<string | null> {
  const sql = await diffMigrations(databaseUrl, paths);
  if (sql === null) return null;
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const directory = path.join(paths.migrations, `${stamp}_${name}`);
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(paths.migrations, 'migration_lock.toml'), LOCK);
  const file = path.join(directory, 'migration.sql');
  await writeFile(file, sql);
  return file;
}

async function readSchema(paths: MigrationPaths): Promise<{ path: string; content: string }> {
  return { path: paths.schema, content: await readFile(paths.schema, 'utf8') };
}

async function readMigrations(baseDir: string): Promise<MigrationList> {
  const entries = await readdir(baseDir, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: {
          tag: 'ok' as const,
          value: await readFile(path.join(baseDir, name, 'migration.sql'), 'utf8'),
        },
      },
    })),
  );
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: LOCK },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}
