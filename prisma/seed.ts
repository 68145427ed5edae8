import { createUser } from '../app/modules/auth/index.server';
import { putCatalogItem } from '../app/modules/catalog/index.server';
import { type Db, inTransaction } from '../app/platform/db.server';
import { DEMO_ACCOUNTS, DEMO_PACKS, DEMO_PASSWORD, DEMO_PLANS } from './demo';

/** Puts the demo's accounts, packs and plans in place. Running it again changes nothing that stands. */
export async function seedDemo(db: Db): Promise<void> {
  for (const account of DEMO_ACCOUNTS) {
    await createUser(db, { ...account, password: DEMO_PASSWORD, verified: true });
  }
  await inTransaction(db, 'seed catalogue', async (tx) => {
    for (const item of [...DEMO_PACKS, ...DEMO_PLANS]) await putCatalogItem(tx, item);
  });
}
