import { beforeAll, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type RealmView } from '~/modules/stripe/shared';
import { deliveryOf, eventBody, makeRealm, SECRET } from '~/modules/stripe/testing/deliveries';
import { poolOf } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { type Dispatch } from './ask-door.server';
import { receive } from './receive.server';
import { startInbox } from './start-inbox.server';
import { applies, inboxOf } from './testing/inbox';

const database = useTestDatabase();
let realm: RealmView;
beforeAll(async () => {
  realm = await makeRealm(database.db);
});

const start = (dispatch: Dispatch, concurrency = 4) =>
  startInbox({
    ...{ db: database.db, dispatch, concurrency },
    readerOf: () => Promise.resolve(inboxOf(database.db, realm).noReader),
  });
const send = async (count: number) => {
  const events = Array.from({ length: count }, () => eventBody());
  const settings = { db: database.db, endpoints: [{ realm, secrets: [SECRET] }], now: new Date() };
  await Promise.all(events.map(({ body }) => receive(settings, deliveryOf(body))));
  return events.map(({ id }) => id);
};
const undecided = (ids: string[]) =>
  database.db.event.count({ where: { id: { in: ids }, status: { not: 'done' } } });
const untilDone = (ids: string[]) =>
  vi.waitFor(async () => expect(await undecided(ids)).toBe(0), { timeout: seconds(20), interval: 20 });

it('two workers take a backlog and what comes after it, each event once', async () => {
  const backlog = await send(30);
  const workers = [start(applies), start(applies)];
  await untilDone([...backlog, ...(await send(30))]);
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(await database.db.attempt.count()).toBe(60);
  expect(await database.db.customer.count()).toBe(60);
});

it('runs no more than its share at once, and stopping waits for what runs and leaves the rest', async () => {
  let running = 0;
  let most = 0;
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const inbox = start(async (tx, fact, context) => {
    running += 1;
    most = Math.max(most, running);
    await gate;
    running -= 1;
    return applies(tx, fact, context);
  }, 2);
  const ids = await send(6);
  await vi.waitFor(() => expect(running).toBe(2), { timeout: seconds(20) });
  const stopped = inbox.stop();
  open();
  await stopped;
  expect([most, running]).toEqual([2, 0]);
  expect(await undecided(ids)).toBe(4);
});

it('goes on after its connections were ended', async () => {
  const inbox = start(applies);
  await untilDone(await send(1));
  await poolOf(database.db)
    .query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()')
    .catch(() => undefined);
  const ids = await vi.waitFor(() => send(1), { timeout: seconds(10) });
  await untilDone(ids);
  await inbox.stop();
});
