import { createUser } from '../app/modules/auth/index.server';
import { putCatalogItem } from '../app/modules/catalog/index.server';
import { createClient } from '../app/modules/clients/index.server';
import { API_SCOPES, DEMO_API_KEY } from '../app/modules/clients/shared';
import { type Db, inTransaction } from '../app/platform/db.server';
import { DEMO_ACCOUNTS, DEMO_PACKS, DEMO_PASSWORD, DEMO_PLANS } from './demo';

/** Puts the demo's accounts, packs, plans and API key in place. Running it again changes nothing that stands. */
export async function seedDemo(db: Db): Promise<void> {
  for (const account of DEMO_ACCOUNTS) {
    await createUser(db, { ...account, password: DEMO_PASSWORD, verified: true });
  }
  await inTransaction(db, 'seed catalogue', async (tx) => {
    for (const item of [...DEMO_PACKS, ...DEMO_PLANS]) await putCatalogItem(tx, item);
  });
  await inTransaction(db, 'seed api client', (tx) => createClient(tx, DEMO_CLIENT));
}

/** The demo's product: what the README's curl asks with. */
const DEMO_CLIENT = {
  book: 'test',
  name: 'Demo product',
  scopes: API_SCOPES,
  returnOrigins: ['http://localhost:4242'],
  actor: 'demo',
  key: DEMO_API_KEY,
} as const;
