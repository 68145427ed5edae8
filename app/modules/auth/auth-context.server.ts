import { type Db, db } from '~/platform/db.server';
import { env } from '~/platform/env.server';

/** What the acts of this room need from outside. */
export interface AuthContext {
  db: Db;
  /** Where the links of mails lead, without a slash at the end. */
  appUrl: string;
  /** What seals secrets, the newest first. */
  encryptionKeys: readonly string[];
  now: Date;
}

/** The context of a request in this process. */
export function authContext(): AuthContext {
  const { APP_URL, ENCRYPTION_KEYS } = env();
  return { db: db(), appUrl: APP_URL, encryptionKeys: ENCRYPTION_KEYS, now: new Date() };
}
