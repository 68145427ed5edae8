import * as z from 'zod';

import { askPrepared, type Db } from '~/platform/db.server';
import { minutes } from '~/platform/time';

import { hashOfKey } from './new-key.server';
import { API_KEY, API_SCOPES, type ApiBook, type ApiScope, DEMO_API_KEY } from './shared';

/** Who asks the API, as its key says. */
export interface AskingClient {
  clientId: string;
  book: ApiBook;
  scopes: readonly ApiScope[];
  returnOrigins: readonly string[];
}

export type OpenKeyOutcome =
  | { outcome: 'open'; client: AskingClient }
  /** No key of ours, or one of the demo outside of it. */
  | { outcome: 'unknown' }
  /** Another one has taken its place, and their time together is over. */
  | { outcome: 'expired'; at: Date }
  | { outcome: 'revoked'; at: Date };

const rows = z.array(
  z.object({
    keyId: z.string(),
    clientId: z.string(),
    book: z.enum(['test', 'live']),
    scopes: z.array(z.enum(API_SCOPES)),
    returnOrigins: z.array(z.string()),
    expiresAt: z.date().nullable(),
    revokedAt: z.date().nullable(),
    lastUsedAt: z.date().nullable(),
    now: z.date(),
  }),
);

const OPEN = `
  SELECT k.id AS "keyId", c.id AS "clientId", c.book::text AS book, c.scopes, c.return_origins AS "returnOrigins",
    k.expires_at AS "expiresAt", least(k.revoked_at, c.closed_at) AS "revokedAt", k.last_used_at AS "lastUsedAt",
    clock_timestamp() AS now
  FROM api_key k JOIN api_client c ON c.id = k.client WHERE k.hash = $1`;

/** The last use is written no more often than this. */
const TOUCH_EVERY = minutes(1);

/**
 * Whose key this is, asked of the database each time: a key that was revoked opens nothing a moment later, in no process.
 * `isDemo` says whether the demo's published key is good.
 */
export async function openKey(db: Db, key: string, isDemo: boolean): Promise<OpenKeyOutcome> {
  if (!API_KEY.test(key) || (key === DEMO_API_KEY && !isDemo)) return { outcome: 'unknown' };
  const found = await askPrepared(db, { name: 'api_key_open', text: OPEN, values: [hashOfKey(key)] });
  const [row] = rows.parse(found);
  if (row === undefined) return { outcome: 'unknown' };
  const { keyId, expiresAt, revokedAt, lastUsedAt, now, ...client } = row;
  if (revokedAt !== null) return { outcome: 'revoked', at: revokedAt };
  if (expiresAt !== null && expiresAt <= now) return { outcome: 'expired', at: expiresAt };
  if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= TOUCH_EVERY) await touch(db, keyId, now);
  return { outcome: 'open', client };
}

async function touch(db: Db, id: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - TOUCH_EVERY);
  await db.apiKey.updateMany({
    where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: before } }] },
    data: { lastUsedAt: now },
  });
}
