import { afterEach, expect, vi } from 'vitest';

import { useTestDatabase } from '../../../../e2e/support/test-database';
import { newWallet } from '~/modules/ledger/testing/wallets';
import { type Db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { type RunningSender, startSender } from '../start-sender.server';
import { sweepOutbox } from '../sweep-outbox.server';
import { endpointAt, HERE, openProduct, type TestProduct } from './product';
import { sendingOf } from './sending';

export const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: seconds(15), interval: 15 });

/** A database for the suite of one file, and products and senders that last for one test; nobody listens after it. */
export function useOutbox() {
  const database = useTestDatabase();
  const senders: RunningSender[] = [];
  const products: TestProduct[] = [];

  const stopSenders = async () => {
    await Promise.all(senders.splice(0).map((running) => running.stop()));
  };
  afterEach(async () => {
    await stopSenders();
    for (const product of products.splice(0)) product.close();
    await database.db.endpoint.updateMany({
      where: { state: { not: 'removed' } },
      data: { state: 'removed', reason: null },
    });
    await sweepOutbox(database.db, new Date());
  });

  const sender = (options: { db?: Db; timeout?: number; rules?: typeof HERE } = {}): RunningSender => {
    const running = startSender({ db: database.db, rules: HERE, ...options });
    senders.push(running);
    return running;
  };
  const product = async (): Promise<TestProduct> => {
    const opened = await openProduct();
    products.push(opened);
    return opened;
  };
  /** Grants, each told to every endpoint that is on. */
  const grants = async (count: number): Promise<void> => {
    const wallet = await newWallet(database.db);
    for (let n = 1; n <= count; n += 1) await wallet.lot(BigInt(n));
  };
  /** An endpoint of a product with one message on its way. */
  const oneMessage = async () => {
    const opened = await product();
    const endpoint = await endpointAt(database.db, opened.url);
    await grants(1);
    const { id } = await sendingOf(database.db, { endpointId: endpoint.endpointId });
    return { ...endpoint, product: opened, sendingId: id };
  };
  const row = (id: string) => sendingOf(database.db, { id });
  const endpointRow = (id: string) => database.db.endpoint.findUniqueOrThrow({ where: { id } });
  /** Tries what is due until the sending was tried so often. */
  const tryUntil = async (tries: number, sendingId: string, timeout = seconds(15)): Promise<void> => {
    sender({ timeout }).wake();
    await eventually(async () => expect((await row(sendingId)).log.at(-1)?.n).toBe(tries));
  };

  return {
    get db() {
      return database.db;
    },
    get url() {
      return database.url;
    },
    ...{ sender, stopSenders, product, grants, oneMessage, row, endpointRow, tryUntil },
  };
}
