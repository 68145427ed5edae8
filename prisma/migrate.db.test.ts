import { inject, expect, it } from 'vitest';

import { createTestDatabase } from '../e2e/support/test-database';
import { applyMigrations, diffMigrations } from './migrate';

it('the migrations say what schema.prisma says', async () => {
  expect(await diffMigrations(inject('testServerUrl'))).toBeNull();
});

it('migrating a migrated database applies nothing', async () => {
  const database = await createTestDatabase();
  expect(await applyMigrations(database.url)).toEqual([]);
  await database.drop();
});
