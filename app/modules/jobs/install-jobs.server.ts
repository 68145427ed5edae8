import { Logger, runMigrations } from 'graphile-worker';

/** Only what needs a person is worth a line; what a migration did is not. */
const quiet = new Logger(() => (level, message) => {
  if (level === 'error' || level === 'warning') process.stderr.write(`${message}\n`);
});

/**
 * Makes or updates the tables and functions of the job queue. Run with the migrations, so that a job can be added
 * before a worker has ever started. Several at once wait for each other; running it again changes nothing.
 */
export async function installJobs(databaseUrl: string): Promise<void> {
  await runMigrations({ connectionString: databaseUrl, logger: quiet });
}
