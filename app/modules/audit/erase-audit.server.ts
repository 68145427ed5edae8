import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

const rows = z.array(z.object({ seq: z.bigint() }));

/**
 * Takes the bodies out of audit rows that hold a person's address, and of rows about them that hold their name or the
 * product's id of them. Who acted, what, on what and when stays, and the chain verifies: it is made over digests.
 * @returns how many
 */
export async function eraseAudit(
  tx: Tx,
  person: { customerId: string; userId: string | null; emails: readonly string[]; words: readonly string[] },
): Promise<number> {
  const [emails, words] = [person.emails, person.words].map((list) => list.map(asInJson));
  const result = await tx.$queryRaw`
    UPDATE audit a SET body = NULL
    WHERE a.body IS NOT NULL AND (
      EXISTS (SELECT FROM unnest(${emails}::text[]) w WHERE strpos(lower(a.body::text), w) > 0)
      OR (EXISTS (SELECT FROM unnest(${words}::text[]) w WHERE strpos(lower(a.body::text), w) > 0)
        AND (a.subject IN (${person.customerId}, ${person.userId ?? person.customerId}) OR strpos(a.body::text, ${person.customerId}) > 0
          OR a.subject IN (
            SELECT id FROM payment WHERE customer = ${person.customerId}
            UNION ALL SELECT m.id FROM money_back m JOIN payment p ON p.id = m.payment WHERE p.customer = ${person.customerId}
            UNION ALL SELECT id FROM approval WHERE customer = ${person.customerId}
            UNION ALL SELECT t.id FROM transfer t JOIN wallet w ON w.id = t.wallet WHERE w.customer = ${person.customerId}
            UNION ALL SELECT id FROM wallet WHERE customer = ${person.customerId}
            UNION ALL SELECT id FROM customer_deletion WHERE customer = ${person.customerId}))))
    RETURNING a.seq`;
  return rows.parse(result).length;
}

/** As a text stands within the text of a JSON. */
const asInJson = (word: string): string => JSON.stringify(word).slice(1, -1).toLowerCase();
