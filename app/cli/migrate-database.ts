import { applyMigrations } from '../../prisma/migrate';
import { installJobs } from '../modules/jobs/index.server';

/** Brings a database to what this version needs: our tables and acts, and the job queue's. Running it again changes nothing. */
export async function migrateDatabase(databaseUrl: string): Promise<string[]> {
  const applied = await applyMigrations(databaseUrl);
  await installJobs(databaseUrl);
  return applied;
}
