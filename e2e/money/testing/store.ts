import { afterAll, afterEach, beforeAll } from 'vitest';

import { startInbox } from '../../../app/modules/webhooks/index.server';
import { type Db } from '../../../app/platform/db.server';
import { dispatchFact } from '../../../app/worker/dispatch.server';
import { useTestDatabase } from '../../support/test-database';
import { openShop, type Shop } from './sandbox-shop';

export interface ApiFault {
  method: string;
  path: string;
  effect: 'unavailable' | 'lost_answer' | 'server_error';
  times: number | null;
}

/** A shop of its own database for the suite of one file, and ways to make its Stripe fail. */
export interface TestStore {
  readonly db: Db;
  readonly url: string;
  readonly shop: Shop;
  /** Until the end of the test. */
  setFaults(...api: ApiFault[]): Promise<void>;
  /** Processes what is in the inbox until the end of the test. */
  runInbox(): void;
}

export function useTestStore(): TestStore {
  const database = useTestDatabase();
  const running: { stop: () => Promise<void> }[] = [];
  let shop: Shop | undefined;
  const opened = (): Shop => {
    if (!shop) throw new Error('The shop is there only while tests run.');
    return shop;
  };
  const setFaults = async (...api: ApiFault[]): Promise<void> => {
    const url = `${opened().sandbox.url}/_control/faults`;
    const answer = await fetch(url, { method: 'PUT', body: JSON.stringify({ api }) });
    if (!answer.ok) throw new Error(await answer.text());
  };

  beforeAll(async () => {
    shop = await openShop(database.db);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((inbox) => inbox.stop()));
    await setFaults();
  });
  afterAll(() => shop?.sandbox.stop());

  return {
    get db() {
      return database.db;
    },
    get url() {
      return database.url;
    },
    get shop() {
      return opened();
    },
    setFaults,
    runInbox() {
      const { reader } = opened();
      running.push(
        startInbox({
          db: database.db,
          readerOf: () => Promise.resolve(reader),
          dispatch: dispatchFact,
          concurrency: 4,
        }),
      );
    },
  };
}
