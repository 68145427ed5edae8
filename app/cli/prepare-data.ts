import { currentRealm, stripeSettings } from '../modules/stripe/index.server';
import { closeDb, createDb, db } from '../platform/db.server';
import { env } from '../platform/env.server';
import { seedDemo } from '../../prisma/seed';
import { workAtDemoDesk } from './demo-desk';
import { useDemoCredits } from './demo-uses';
import { liveDemo, remainingPurchases, remainingSubscribers } from './live-demo';
import { syncCatalog, type SyncReport } from '../modules/payments/index.server';

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

/**
 * Lives through what is left of the demo's purchases, with the sandbox at that address, spends of what they brought, and
 * works at its support desk.
 */
export async function liveDemoPurchases(sandboxUrl: string, signal: AbortSignal): Promise<number> {
  const world = { db: db(), settings: stripeSettings(), realm: await currentRealm(), sandboxUrl };
  const lived = await liveDemo({ ...world, appUrl: env().APP_URL, signal });
  await useDemoCredits(world.db, signal);
  if (!signal.aborted) await workAtDemoDesk(world);
  return lived;
}

/** Lets go of the database that the rooms of this process use. */
export function closeRooms(): Promise<void> {
  return closeDb(db());
}
