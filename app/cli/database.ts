import { findPostgres, startPostgres } from './embedded-postgres/start-postgres';
import { dataFolder, given, postgresFolder } from './project';
import { takeStartLock } from './start-lock';

/** The embedded server's first port to try; the default when absent. */
export function postgresOptions(): { folder: string; firstPort?: number } {
  const firstPort = given('CREDENCE_POSTGRES_PORT');
  return firstPort === undefined
    ? { folder: postgresFolder() }
    : { folder: postgresFolder(), firstPort: Number(firstPort) };
}

/** Runs one command on the database: DATABASE_URL, else the embedded one, which is started when it does not run. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const url = given('DATABASE_URL') ?? (await findPostgres(postgresFolder()));
  if (url !== null) return work(url);
  const lock = takeStartLock(dataFolder());
  try {
    const server = await startPostgres(postgresOptions());
    const interrupt = () => void server.stop().then(() => process.exit(130));
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    try {
      return await work(server.url);
    } finally {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      await server.stop();
    }
  } finally {
    lock.release();
  }
}
