import { beforeAll, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { setPause } from '~/modules/pauses/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { deliveryOf, eventBody, makeRealm, OLD_SECRET, SECRET } from '~/modules/stripe/testing/deliveries';
import { inTransaction } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { type Dispatch } from './ask-door.server';
import { claimEvents } from './claimed-event.server';
import { receive } from './receive.server';
import { readReplay } from './read-replay.server';
import { runReplay } from './run-replay.server';
import { startInbox } from './start-inbox.server';
import { applies, inboxOf } from './testing/inbox';
import { begun } from './testing/replays';

const database = useTestDatabase();
let realm: RealmView;
let live: RealmView;
beforeAll(async () => {
  realm = await makeRealm(database.db);
  live = await makeRealm(database.db, 'live');
});

const turn = (pauses: boolean, book: 'test' | 'live' = 'test') =>
  inTransaction(database.db, 'turn', (tx) =>
    setPause(tx, { book, work: 'processing', pauses, actor: 'usr_1', reason: 'incident', comment: 'tested' }),
  );
const start = (dispatch: Dispatch) =>
  startInbox({
    ...{ db: database.db, dispatch, concurrency: 4 },
    readerOf: () => Promise.resolve(inboxOf(database.db, realm).noReader),
  });
const send = async (count: number) => {
  const events = Array.from({ length: count }, () => eventBody());
  const settings = { db: database.db, endpoints: [{ realm, secrets: [SECRET] }], now: new Date() };
  const answers = await Promise.all(events.map(({ body }) => receive(settings, deliveryOf(body))));
  expect(answers.every(({ outcome }) => outcome === 'received')).toBe(true);
  return events.map(({ id }) => id);
};
/** An event of the other book, younger than all that was sent before. */
const sendLive = async () => {
  const { id, body } = eventBody({ livemode: true });
  const settings = { db: database.db, endpoints: [{ realm: live, secrets: [OLD_SECRET] }], now: new Date() };
  expect((await receive(settings, deliveryOf(body, { secret: OLD_SECRET }))).outcome).toBe('received');
  return id;
};
const undecided = (ids: string[]) =>
  database.db.event.count({ where: { id: { in: ids }, status: { not: 'done' } } });
const untilDone = (ids: string[], timeout = seconds(20)) =>
  vi.waitFor(async () => expect(await undecided(ids)).toBe(0), { timeout, interval: 20 });

it('a pause in the middle of traffic at two workers loses and doubles nothing: what comes meanwhile is stored and waits', async () => {
  const workers = [start(applies), start(applies)];
  const during = send(40);
  await vi.waitFor(async () => expect(await database.db.attempt.count()).toBeGreaterThan(0), {
    timeout: seconds(20),
    interval: 1,
  });
  await turn(true);
  const ids = [...(await during), ...(await send(20))];
  // What was claimed before the pause ends; after that nothing moves, however often the inbox is woken.
  const busy = { claimedAt: { not: null }, status: 'queued' as const };
  const untilRest = async () => expect(await database.db.event.count({ where: busy })).toBe(0);
  await vi.waitFor(untilRest, { timeout: seconds(20) });
  const held = await undecided(ids);
  expect(held).toBeGreaterThanOrEqual(20);
  const late = await send(5);
  // The oldest is claimed first: whoever decides this one has passed all of them over.
  await untilDone([await sendLive()]);
  expect(await undecided([...ids, ...late])).toBe(held + 5);
  await turn(false);
  await untilDone([...ids, ...late]);
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(await database.db.attempt.count({ where: { realmId: realm.id } })).toBe(65);
  expect(await database.db.customer.count()).toBe(66);
});

it('the other book goes on', async () => {
  await turn(true, 'live');
  const [id] = await send(1);
  expect((await claimEvents(database.db, 5)).map(({ eventId }) => eventId)).toEqual([id]);
  await turn(false, 'live');
});

it('a replay waits and goes on from where it is; a dry run changes nothing and does not wait', async () => {
  const readerOf = () => Promise.resolve(inboxOf(database.db, realm).noReader);
  const deps = { db: database.db, dispatch: applies, readerOf };
  const id = 'evt_replayed_in_a_pause';
  await database.db.event.create({
    data: {
      ...{ realmId: realm.id, id, type: 'charge.failed', created: new Date(), payload: '{}' },
      ...{ sha: Buffer.alloc(32), status: 'dead', reason: 'unknown', decidedAt: new Date() },
    },
  });
  await turn(true);
  const replayId = await begun(database.db, { realmId: realm.id, selection: { ids: [id] } });
  await runReplay(deps, replayId);
  const row = () =>
    database.db.event.findFirstOrThrow({ where: { id }, select: { status: true, run: true } });
  expect(await row()).toEqual({ status: 'dead', run: 1 });
  expect(await readReplay(database.db, replayId)).toMatchObject({ state: 'running', done: 0 });
  const dryRun = await begun(database.db, { realmId: realm.id, selection: { ids: [id] }, dryRun: true });
  await runReplay(deps, dryRun);
  expect(await readReplay(database.db, dryRun)).toMatchObject({ state: 'done' });
  await turn(false);
  await runReplay({ ...deps, patience: 0 }, replayId);
  expect(await row()).toEqual({ status: 'queued', run: 2 });
});
