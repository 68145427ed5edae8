import { readdir } from 'node:fs/promises';
import * as z from 'zod';

import { type Db } from '~/platform/db.server';

const there = z.tuple([z.object({ is_there: z.boolean() })]);
const migrationRows = z.array(z.object({ migration_name: z.string(), is_applied: z.boolean() }));

/** The migrations of this code that began and did not end, and those that this code has and the database lacks. */
export async function readMigrations(
  db: Db,
  folder: string,
): Promise<{ failed: string[]; pending: string[] }> {
  const [known] = there.parse(
    await db.$queryRaw`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS is_there`,
  );
  const rows = known.is_there
    ? migrationRows.parse(
        await db.$queryRaw`
          SELECT migration_name, finished_at IS NOT NULL AS is_applied
          FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
      )
    : [];
  const entries = await readdir(folder, { withFileTypes: true });
  const ours = new Set(entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name));
  // What a newer release applies at this moment, or did, does not keep this one from its work: migrations only expand.
  const failed = rows.filter((row) => !row.is_applied && ours.has(row.migration_name));
  const applied = new Set(rows.map((row) => row.migration_name));
  return {
    failed: failed.map((row) => row.migration_name),
    pending: [...ours].filter((name) => !applied.has(name)),
  };
}
