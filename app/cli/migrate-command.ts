import path from 'node:path';
import { parseArgs } from 'node:util';
import { diffMigrations, writeMigration } from '../../prisma/migrate';
import { withDatabase } from './database';
import { migrateDatabase } from './migrate-database';
import { OperatorError } from './operator-error';
import { projectRoot } from './project';

/** `migrate`, `migrate diff` and `migrate new NAME`. */
export async function migrateCommand(args: string[], say: (sentence: string) => void): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const [act, name, ...more] = positionals;
  if (act === undefined) return apply(say);
  if (act === 'diff' && name === undefined) {
    const sql = await withDatabase((url) => diffMigrations(url));
    return say(sql ?? '-- prisma/migrations and prisma/schema.prisma say the same.');
  }
  if (act === 'new' && name !== undefined && more.length === 0) return write(name, say);
  throw new OperatorError('Usage: migrate | migrate diff | migrate new NAME');
}

async function apply(say: (sentence: string) => void): Promise<void> {
  const applied = await withDatabase(migrateDatabase);
  for (const name of applied) say(`Applied ${name}`);
  if (applied.length === 0) say('The database is up to date.');
}

async function write(name: string, say: (sentence: string) => void): Promise<void> {
  if (!/^[a-z0-9_]+$/.test(name)) {
    throw new OperatorError(
      `A migration's name has small letters, digits and _, for example add_holds; it is "${name}".`,
    );
  }
  const file = await withDatabase((url) => writeMigration(url, name));
  say(
    file === null
      ? 'Nothing to write: prisma/migrations and prisma/schema.prisma say the same.'
      : `Wrote ${path.relative(projectRoot, file)}: read it, and add what Prisma cannot express.`,
  );
}
