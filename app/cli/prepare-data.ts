import { currentRealm, stripeSettings } from '../modules/stripe/index.server';
import { closeDb, createDb, db } from '../platform/db.server';
import { env } from '../platform/env.server';
import { seedDemo } from '../../prisma/seed';
import { useDemoCredits } from './demo-uses';
import { liveDemo, remainingPurchases, remainingSubscribers } from './live-demo';
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
  const realm = await currentRealm();
  return syncCatalog(db(), stripeSettings(), realm.id);
}

/** Whether the demo's purchases or plans are still to be lived. */
export async function isDemoUnlived(): Promise<boolean> {
  const [purchases, subscribers] = await Promise.all([remainingPurchases(db()), remainingSubscribers(db())]);
  return purchases.length + subscribers.length > 0;
}

/** Lives through what is left of the demo's purchases, with the sandbox at that address, and spends of what they brought. */
export async function liveDemoPurchases(sandboxUrl: string, signal: AbortSignal): Promise<number> {
  const realm = await currentRealm();
  const lived = await liveDemo({
    db: db(),
    settings: stripeSettings(),
    realm,
    appUrl: env().APP_URL,
    sandboxUrl,
    signal,
  });
  await useDemoCredits(db(), signal);
  return lived;
}

/** Lets go of the database that the rooms of this process use. */
export function closeRooms(): Promise<void> {
  return closeDb(db());
}
