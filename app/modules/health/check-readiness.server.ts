import { type Db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { readMigrations } from './read-migrations.server';

/** What stands between a process and its work. Codes only: the answer is public. */
export type NotReady = 'database_unreachable' | 'migrations_pending' | 'migration_failed' | 'realm_unknown';

export interface ReadinessParts {
  db: Db;
  /** The folder with one directory per migration. */
  migrationsFolder: string;
  /** Rejects while the realm of the key is not known. */
  realm: () => Promise<unknown>;
}

/** A load balancer gives up sooner than a stuck connection does. */
const PATIENCE = seconds(3);

/** Everything that is not ready, and why in words for the log; empty when requests can be served. */
export async function checkReadiness(parts: ReadinessParts): Promise<{ code: NotReady; error: string }[]> {
  const database = await inTime(checkDatabase(parts.db, parts.migrationsFolder)).catch((error: unknown) => ({
    code: 'database_unreachable' as const,
    error: wordsOf(error),
  }));
  // The realm is read from the database: without one there is nothing to learn about it.
  if (database?.code === 'database_unreachable') return [database];
  const realm = await inTime(parts.realm()).then(
    () => undefined,
    (error: unknown) => ({ code: 'realm_unknown' as const, error: wordsOf(error) }),
  );
  return [database, realm].filter((fault) => fault !== undefined);
}

async function checkDatabase(db: Db, migrationsFolder: string) {
  const { failed, pending } = await readMigrations(db, migrationsFolder);
  if (failed.length > 0) return { code: 'migration_failed' as const, error: failed.join(', ') };
  if (pending.length > 0) return { code: 'migrations_pending' as const, error: pending.join(', ') };
  return undefined;
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise: tooLate, cancel } = rejectAfter(PATIENCE);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    cancel();
  }
}

function rejectAfter(ms: number): { promise: Promise<never>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
