import { expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { readInTime } from './read-in-time.server';

const test = useTestDatabase();

it('a search that takes too long is stopped and told as such; the next query has its time', async () => {
  const slow = readInTime(test.db, (tx) => tx.$queryRaw`SELECT pg_sleep(20)::text`, 50);
  await expect(slow).rejects.toMatchObject({ status: 422 });
  expect(await test.db.$queryRaw`SELECT current_setting('statement_timeout') AS most`).toEqual([
    { most: '0' },
  ]);
});

it('any other fault of a search stays what it is', async () => {
  await expect(readInTime(test.db, (tx) => tx.$queryRaw`SELECT 1/0`)).rejects.toThrow('division by zero');
});
