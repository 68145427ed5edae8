import { currentRealm, stripeSettings } from '../modules/stripe/index.server';
import { closeDb, createDb, db } from '../platform/db.server';
import { seedDemo } from '../../prisma/seed';
import { syncCatalog, type SyncReport } from './sync-catalog';

/** The demo's accounts and packs. */
export async function seed(databaseUrl: string): Promise<void> {
  const db = createDb(databaseUrl, 2);
  try {
    await seedDemo(db);
  } finally {
    await closeDb(db);
  }
}

/** Gives the catalogue its prices at Stripe. The environment of this process names the database and the account. */
export async function syncCatalogWithStripe(): Promise<SyncReport> {
  try {
    const realm = await currentRealm();
    return await syncCatalog(db(), stripeSettings(), realm.id);
  } finally {
    await closeDb(db());
  }
}
