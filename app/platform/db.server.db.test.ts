import { expect, it } from 'vitest';
import * as z from 'zod';

import { createTestDatabase } from '../../e2e/support/test-database';
import { run } from '../../e2e/support/postgres-for-tests';

import { closeDb, createDb } from './db.server';

const told = z.tuple([z.object({ zone: z.string(), written: z.string(), read: z.date() })]);

it('times are written and read as they are, whatever zone the server lives in', async () => {
  const database = await createTestDatabase();
  await run(
    database.url,
    `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET TimeZone TO 'Asia/Kolkata'`,
  );
  const db = createDb(database.url, 2);
  try {
    const at = new Date('2026-11-21T10:00:00.000Z');
    const rows = await db.$queryRaw`
      SELECT current_setting('TimeZone') AS zone, ${at}::timestamptz AS read,
        to_char(${at}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS written`;
    expect(told.parse(rows)[0]).toEqual({ zone: 'UTC', read: at, written: '2026-11-21 10:00' });
    await db.realm.create({
      data: { id: 'rlm_zone', account: 'acct_zone', mode: 'test', name: 'Zone', createdAt: at },
    });
    expect(await db.realm.count({ where: { createdAt: at } })).toBe(1);
    const kept =
      await db.$queryRaw`SELECT extract(epoch FROM created_at)::int AS n FROM realm WHERE id = 'rlm_zone'`;
    expect(kept).toEqual([{ n: at.getTime() / 1000 }]);
  } finally {
    await closeDb(db);
    await database.drop();
  }
});
