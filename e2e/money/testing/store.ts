import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';

import { syncCatalog } from '../../../app/cli/sync-catalog';
import { findPackForSale, putCatalogItem } from '../../../app/modules/catalog/index.server';
import { applyFact, startCheckout } from '../../../app/modules/payments/index.server';
import { readObject, type StripeSettings } from '../../../app/modules/stripe/index.server';
import { type RealmView } from '../../../app/modules/stripe/shared';
import { startInbox } from '../../../app/modules/webhooks/index.server';
import { type Db, inTransaction } from '../../../app/platform/db.server';
import { newId } from '../../../app/platform/ids.server';
import { DEMO_PACKS } from '../../../prisma/demo';
import { type StartedSandbox, startSandbox } from '../../stripe-sandbox/index';
import { useTestDatabase } from '../../support/test-database';

export const CARD = {
  email: 'nora@example.test',
  cardNumber: '4242424242424242',
  expMonth: '12',
  expYear: '34',
  cvc: '123',
  name: 'Nora',
  country: 'US',
  postalCode: '94107',
};

export interface ApiFault {
  method: string;
  path: string;
  effect: 'unavailable' | 'lost_answer' | 'server_error';
  times: number | null;
}

export interface TestCustomer {
  id: string;
  email: string;
  name: string;
}

/** A store of its own database and Stripe sandbox, spoken to over HTTP by the official SDK. */
export interface TestStore {
  readonly db: Db;
  readonly settings: StripeSettings;
  readonly sandbox: StartedSandbox;
  readonly realm: RealmView;
  newCustomer(): Promise<TestCustomer>;
  /** Starts a checkout of the Team pack: 2,500 credits for $20.00. */
  buy(customer: TestCustomer): ReturnType<typeof startCheckout>;
  pay(paymentId: string): Promise<void>;
  sessionOf(paymentId: string): Promise<string>;
  /** Until the end of the test. */
  setFaults(...api: ApiFault[]): Promise<void>;
  /** Processes what is in the inbox until the returned function is called; tests end it. */
  runInbox(): void;
}

export function useTestStore(): TestStore {
  const database = useTestDatabase();
  const realm: RealmView = { id: newId('rlm'), account: 'acct_store', mode: 'test', name: 'Store' };
  const running: { stop: () => Promise<void> }[] = [];
  let folder = '';
  let sandbox: StartedSandbox | undefined;
  const started = (): StartedSandbox => {
    if (!sandbox) throw new Error('The sandbox is there only while tests run.');
    return sandbox;
  };
  const settings = (): StripeSettings => ({ secretKey: 'sk_test_credencestore', apiBase: started().url });

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'credence-store-'));
    sandbox = await startSandbox({ port: 0, data: folder });
    await database.db.realm.create({ data: { ...realm, sells: true } });
    await inTransaction(database.db, 'packs', async (tx) => {
      for (const pack of DEMO_PACKS) await putCatalogItem(tx, pack);
    });
    await syncCatalog(database.db, settings(), realm.id);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((inbox) => inbox.stop()));
    await setFaults(started().url, []);
  });
  afterAll(async () => {
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const sessionOf = async (paymentId: string): Promise<string> => {
    const { stripeSession } = await database.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
    if (stripeSession === null) throw new Error('The payment has no session.');
    return stripeSession;
  };
  return {
    get db() {
      return database.db;
    },
    get settings() {
      return settings();
    },
    get sandbox() {
      return started();
    },
    realm,
    sessionOf,
    async newCustomer() {
      const id = newId('cst');
      const email = `${id}@example.test`;
      await database.db.customer.create({ data: { id, email } });
      return { id, email, name: 'Nora Newcomer' };
    },
    async buy(customer) {
      const pack = await findPackForSale(database.db, { realmId: realm.id, code: 'team', currency: 'usd' });
      if (!pack) throw new Error('The team pack is not for sale.');
      const request = { realm, customer, pack, quantity: 1, appUrl: 'http://127.0.0.1:3999' };
      return startCheckout(database.db, settings(), request);
    },
    async pay(paymentId) {
      await started().sandbox.checkout.pay(await sessionOf(paymentId), CARD);
    },
    setFaults: (...api) => setFaults(started().url, api),
    runInbox() {
      const reader = {
        realmId: realm.id,
        readObject: (ref: Parameters<typeof readObject>[1]) => readObject(settings(), ref),
      };
      running.push(startInbox({ db: database.db, reader, dispatch: applyFact, concurrency: 4 }));
    },
  };
}

async function setFaults(url: string, api: ApiFault[]): Promise<void> {
  const answer = await fetch(`${url}/_control/faults`, { method: 'PUT', body: JSON.stringify({ api }) });
  if (!answer.ok) throw new Error(await answer.text());
}
