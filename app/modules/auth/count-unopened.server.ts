import { type Db } from '~/platform/db.server';

import { openSecret } from './seal-secret.server';

const MOST_STAFF = 1000;

/** How many two-step secrets there are, and how many of them none of these keys opens: their owners cannot log in. */
export async function countUnopened(
  db: Db,
  keys: readonly string[],
): Promise<{ sealed: number; unopened: number }> {
  const rows = await db.totp.findMany({ take: MOST_STAFF, select: { userId: true, secret: true } });
  const unopened = rows.filter(({ userId, secret }) => !opens(keys, userId, secret));
  return { sealed: rows.length, unopened: unopened.length };
}

/** One that was changed since it was sealed does not open either. */
function opens(keys: readonly string[], owner: string, sealed: string): boolean {
  try {
    return openSecret(keys, owner, sealed) !== undefined;
  } catch {
    return false;
  }
}
