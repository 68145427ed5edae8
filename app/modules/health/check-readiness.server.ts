import { readdir } from 'node:fs/promises';
import * as z from 'zod';

import { type Db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

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

const migrationRows = z.array(z.object({ migration_name: z.string(), is_applied: z.boolean() }));

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
  const [known] = z
    .tuple([z.object({ is_there: z.boolean() })])
    .parse(await db.$queryRaw`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS is_there`);
  const rows = known.is_there
    ? migrationRows.parse(
        await db.$queryRaw`
          SELECT migration_name, finished_at IS NOT NULL AS is_applied
          FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
      )
    : [];
  const entries = await readdir(migrationsFolder, { withFileTypes: true });
  const ours = new Set(entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name));
  // What a newer release applies at this moment, or did, does not keep this one from its work: migrations only expand.
  const failed = rows.filter((row) => !row.is_applied && ours.has(row.migration_name));
  if (failed.length > 0)
    return {
      code: 'migration_failed' as const,
      error: failed.map((row) => row.migration_name).join(', '),
    };
  for (const row of rows) ours.delete(row.migration_name);
  if (ours.size === 0) return undefined;
  return { code: 'migrations_pending' as const, error: [...ours].join(', ') };
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
