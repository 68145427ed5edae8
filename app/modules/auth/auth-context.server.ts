import { type Db, db } from '~/platform/db.server';
import { env } from '~/platform/env.server';

/** What the acts of this room need from outside. */
export interface AuthContext {
  db: Db;
  /** Where the links of mails lead, without a slash at the end. */
  appUrl: string;
  now: Date;
}

/** The context of a request in this process. */
export function authContext(): AuthContext {
  return { db: db(), appUrl: env().APP_URL, now: new Date() };
}
