import * as z from 'zod';

import { type Reader } from './read-in-time.server';

const rows = z.array(z.object({ currency: z.string() }));

/**
 * Currencies of the payments of some realms. Postgres would read every row for a DISTINCT; this steps from one currency
 * to the next along the index.
 */
export async function readCurrencies(db: Reader, realmIds: string[]): Promise<string[]> {
  const found = await db.$queryRaw`
    WITH RECURSIVE step AS (
      SELECT r.id AS realm, (SELECT min(p.currency) FROM payment p WHERE p.realm = r.id) AS currency
      FROM unnest(${realmIds}::text[]) AS r(id)
      UNION ALL
      SELECT s.realm, (SELECT min(p.currency) FROM payment p WHERE p.realm = s.realm AND p.currency > s.currency)
      FROM step s WHERE s.currency IS NOT NULL
    )
    SELECT DISTINCT currency FROM step WHERE currency IS NOT NULL ORDER BY currency`;
  return rows.parse(found).map(({ currency }) => currency);
}
