import { closeDb, createDb, type Db } from '../platform/db.server';
import { withDatabase } from './database';

/** Runs one command with a client of its database. */
export function onDatabase<T>(work: (db: Db) => Promise<T>): Promise<T> {
  return withDatabase(async (url) => {
    const db = createDb(url, 2);
    return work(db).finally(() => closeDb(db));
  });
}
