import { beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { runJobs } from '~/modules/jobs/index.server';
import { handlersWith } from '~/modules/jobs/testing/handlers';
import { type RealmView } from '~/modules/stripe/shared';
import { makeRealm } from '~/modules/stripe/testing/deliveries';
import { closeDb, createDb, inTransaction } from '~/platform/db.server';
import { minutes, seconds } from '~/platform/time';

import { type Dispatch } from './ask-door.server';
import { cancelReplay, sweepReplays } from './end-replay.server';
import { readReplay } from './read-replay.server';
import { lockReplay, requeuePage } from './replay-page.server';
import { startReplay } from './start-replay.server';
import { applied, applies, doorThat, inboxOf } from './testing/inbox';
import { begun, onePage, toItsEnd } from './testing/replays';

const database = useTestDatabase();
let realm: RealmView;
let inbox: ReturnType<typeof inboxOf>;
beforeAll(async () => {
  realm = await makeRealm(database.db);
  inbox = inboxOf(database.db, realm);
});

const bug = doorThat(() => {
  throw new TypeError('x is not a function');
});
const quarantines = doorThat(() => ({
  ...{ outcome: 'quarantined', code: 'no_payment', detail: 'tested', effects: [] },
}));
const depsWith = (dispatch: Dispatch) => ({ db: database.db, dispatch, reader: inbox.noReader });

/** An event that five tries of a bug left dead. */
async function deadEvent(type = 'charge.failed'): Promise<string> {
  const id = await inbox.given({ type });
  for (let n = 1; n <= 5; n += 1) await inbox.tryOnce(id, bug);
  expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', tries: 5 });
  return id;
}

const replayOf = (ids: string[], change: object = {}) =>
  begun(database.db, { realmId: realm.id, selection: { ids }, ...change });
const auditOf = (subject: string) =>
  database.db.audit.findMany({ where: { subject }, orderBy: { seq: 'asc' }, take: 10 });

/** So many dead events of a realm of their own. */
async function manyDead(count: number): Promise<string> {
  const { id } = await makeRealm(database.db);
  await database.db.$executeRaw`
    INSERT INTO event (realm, id, type, created, payload, sha, status, reason, decided_at)
    SELECT ${id}, 'evt_' || ${id} || '_' || n, 'charge.failed', now(), '{}', ''::bytea, 'dead', 'unknown', now()
    FROM generate_series(1, ${count}::int) n`;
  // As autovacuum does within a minute.
  await database.db.$executeRaw`ANALYZE event`;
  return id;
}

const runsOf = async (realmId: string) => {
  const groups = await database.db.event.groupBy({
    by: ['status', 'run'],
    where: { realmId },
    _count: true,
    orderBy: [{ run: 'asc' }, { status: 'asc' }],
  });
  return groups.map(({ status, run, _count }) => `${_count} ${status} in run ${run}`);
};

describe('a replay', () => {
  it('of a dead event processes it with its tries reset; old attempts stay, and the audit names the actor', async () => {
    const id = await deadEvent();
    const replayId = await replayOf([id], { actor: 'usr_7', reason: 'bug fixed' });
    await toItsEnd(depsWith(applies), replayId);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'queued', run: 2, tries: 0, reason: null });
    await inbox.tryOnce(id, bug);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'waiting', run: 2, tries: 1 });
    await inbox.tryOnce(id, applies);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'done', decision: 'applied', run: 2, tries: 2 });
    expect((await inbox.attempts(id)).map(({ run, n }) => [run, n])).toEqual([
      ...[1, 2, 3, 4, 5].map((n) => [1, n]),
      ...[1, 2].map((n) => [2, n]),
    ]);
    const rows = await auditOf(replayId);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ actor: 'usr_7', act: 'replay.started', reason: 'bug fixed' });
    expect(await readReplay(database.db, replayId)).toMatchObject({
      ...{ state: 'done', total: 1, done: 1, skipped: 0 },
      results: [{ status: 'done', code: 'applied', count: 1 }],
    });
  });

  it('tells the true result when the event dies again', async () => {
    const id = await deadEvent();
    const replayId = await replayOf([id]);
    await toItsEnd(depsWith(bug), replayId);
    for (let n = 1; n <= 5; n += 1) await inbox.tryOnce(id, bug);
    expect(await readReplay(database.db, replayId)).toMatchObject({
      results: [{ status: 'dead', code: 'unknown', count: 1 }],
    });
  });

  it('by filter takes what fits and is at rest, and nothing else', async () => {
    const [fits, otherType, quarantined, queued] = [
      await deadEvent('invoice.paid'),
      await deadEvent('charge.failed'),
      await inbox.given({ type: 'invoice.paid' }),
      await inbox.given({ type: 'invoice.paid' }),
    ];
    await inbox.tryOnce(quarantined, quarantines);
    const selection = { status: 'dead', type: 'invoice.paid', reason: 'unknown' } as const;
    const replayId = await begun(database.db, { realmId: realm.id, selection });
    await toItsEnd(depsWith(applies), replayId);
    const runs = await Promise.all([fits, otherType, quarantined, queued].map((id) => inbox.eventRow(id)));
    expect(runs.map(({ run, status }) => `${run} ${status}`)).toEqual([
      ...['2 queued', '1 dead', '1 quarantined', '1 queued'],
    ]);
    for (const id of [fits, queued]) await inbox.tryOnce(id, applies);
  });

  it('asked for twice by one click, even at once, is one replay with one audit row, and is answered alike', async () => {
    const id = await deadEvent();
    const key = crypto.randomUUID();
    const ask = () => begun(database.db, { realmId: realm.id, selection: { id, run: 1 }, key });
    const [one, two] = await Promise.all([ask(), ask()]);
    await toItsEnd(depsWith(applies), one);
    expect([two, await ask()]).toEqual([one, one]);
    expect(await database.db.replay.count({ where: { key } })).toBe(1);
    expect(await auditOf(one)).toHaveLength(1);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'queued', run: 2 });
    await inbox.tryOnce(id, applies);
  });

  it('of an event as it was seen is none once it runs anew', async () => {
    const id = await deadEvent();
    const input = { realmId: realm.id, actor: 'usr_7', reason: 'x', dryRun: false };
    const ask = (run: number) =>
      inTransaction(database.db, 'start', (tx) => startReplay(tx, { ...input, selection: { id, run } }));
    expect(await ask(2)).toEqual({ outcome: 'nothing_selected' });
    expect(await ask(1)).toMatchObject({ outcome: 'started', total: 1 });
  });

  it('by what the newest try names takes those alone that name it', async () => {
    const ids = [await inbox.given(), await inbox.given()];
    for (const [n, id] of ids.entries())
      await inbox.tryOnce(
        id,
        doorThat(() => ({
          ...{ outcome: 'quarantined', code: 'unknown_price', effects: [] },
          detail: `the price price_${n} is none`,
        })),
      );
    const selection = { status: 'quarantined', reason: 'unknown_price', names: 'price_1' } as const;
    await toItsEnd(depsWith(applies), await begun(database.db, { realmId: realm.id, selection }));
    const rows = await Promise.all(ids.map((id) => inbox.eventRow(id)));
    expect(rows.map(({ status }) => status)).toEqual(['quarantined', 'queued']);
    for (const id of ids.slice(1)) await inbox.tryOnce(id, applies);
  });

  it('of nothing is not written', async () => {
    const input = { realmId: realm.id, actor: 'usr_7', reason: 'x', dryRun: false };
    const outcome = await inTransaction(database.db, 'start', (tx) =>
      startReplay(tx, { ...input, selection: { ids: ['evt_nobody'] } }),
    );
    expect(outcome).toEqual({ outcome: 'nothing_selected' });
  });

  it('leaves alone what moved after its page was read', async () => {
    const id = await deadEvent();
    const replayId = await replayOf([id]);
    const first = await replayOf([id]);
    await toItsEnd(depsWith(applies), first);
    await inbox.tryOnce(id, applies);
    await inTransaction(database.db, 'late page', async (tx) => {
      const replay = await lockReplay(tx, replayId);
      if (!replay) throw new Error('The replay has ended.');
      expect(await requeuePage(tx, replay, [{ id, run: 1 }])).toEqual([]);
    });
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'done', run: 2 });
    expect(await readReplay(database.db, replayId)).toMatchObject({ done: 1, skipped: 1, results: [] });
  });

  it('starts an event anew once, though it dies again before the next page', async () => {
    const realmId = await manyDead(150);
    const replayId = await begun(database.db, { realmId, selection: { status: 'dead' } });
    await onePage(depsWith(applies), replayId);
    await database.db.$executeRaw`UPDATE event SET status = 'dead' WHERE realm = ${realmId} AND run = 2`;
    await toItsEnd(depsWith(applies), replayId);
    expect(await runsOf(realmId)).toEqual(['50 queued in run 2', '100 dead in run 2']);
    expect(await readReplay(database.db, replayId)).toMatchObject({ done: 150, total: 150 });
  });

  it('is canceled between pages', async () => {
    const realmId = await manyDead(250);
    const replayId = await begun(database.db, { realmId, selection: { status: 'dead' } });
    await onePage(depsWith(applies), replayId);
    const cancel = () =>
      inTransaction(database.db, 'cancel', (tx) => cancelReplay(tx, { replayId, actor: 'usr_9' }));
    expect(await cancel()).toEqual({ outcome: 'canceled' });
    expect(await cancel()).toEqual({ outcome: 'not_running' });
    await toItsEnd(depsWith(applies), replayId);
    expect(await runsOf(realmId)).toEqual(['150 dead in run 1', '100 queued in run 2']);
    expect(await readReplay(database.db, replayId)).toMatchObject({ state: 'canceled', done: 100 });
    expect((await auditOf(replayId)).map(({ actor, act }) => `${actor} ${act}`)).toEqual([
      ...['usr_support replay.started', 'usr_9 replay.canceled'],
    ]);
  });

  it('whose worker dies in the middle goes on where it was, and starts one new run of each event', async () => {
    const realmId = await manyDead(1500);
    const replayId = await begun(database.db, { realmId, selection: { status: 'dead' } });
    const victim = createDb(database.url, 1);
    const [{ pid }] = await victim.$queryRaw<[{ pid: number }]>`SELECT pg_backend_pid() AS pid`;
    const running = toItsEnd({ ...depsWith(applies), db: victim }, replayId);
    const killed = expect(running).rejects.toThrow();
    await expect
      .poll(async () => (await readReplay(database.db, replayId))?.done, { interval: 1, timeout: 10_000 })
      .toBeGreaterThan(0);
    // Held at the beginning of its next page: a connection that lies idle is only replaced when it is lost.
    await inTransaction(database.db, 'hold the next page', async (tx) => {
      expect(await lockReplay(tx, replayId)).toBeDefined();
      const waits = () => database.db.$queryRaw`SELECT FROM pg_locks WHERE pid = ${pid}::int AND NOT granted`;
      await expect.poll(waits, { timeout: 20_000 }).toHaveLength(1);
      await database.db.$executeRaw`SELECT pg_terminate_backend(${pid}::int)`;
    });
    await killed;
    await closeDb(victim);
    const { done } = await database.db.replay.findUniqueOrThrow({ where: { id: replayId } });
    expect(done).toBeLessThan(1500);
    await Promise.all([1, 2].map(() => toItsEnd(depsWith(applies), replayId)));
    expect(await runsOf(realmId)).toEqual(['1500 queued in run 2']);
    expect(await readReplay(database.db, replayId)).toMatchObject({ state: 'done', done: 1500, skipped: 0 });
  });

  it('of ten thousand by filter ends with one audit row', { timeout: 60_000 }, async () => {
    const realmId = await manyDead(10_000);
    const startedAt = performance.now();
    const replayId = await begun(database.db, { realmId, selection: { status: 'dead' } });
    await toItsEnd(depsWith(applies), replayId);
    process.stdout.write(`  replayed 10,000 events in ${Math.round(performance.now() - startedAt)} ms\n`);
    expect(await runsOf(realmId)).toEqual(['10000 queued in run 2']);
    expect(await auditOf(replayId)).toHaveLength(1);
    await database.db
      .$executeRaw`UPDATE event SET status = 'dismissed', due_at = now() WHERE realm = ${realmId}`;
  });

  it('goes on from job to job until its last page is done', async () => {
    const realmId = await manyDead(250);
    const replayId = await begun(database.db, { realmId, selection: { status: 'dead' } });
    const slices: string[] = [];
    const handlers = handlersWith(
      {
        'webhooks.replay': async (job) => {
          slices.push(job.replayId);
          await onePage(depsWith(applies), job.replayId);
        },
      },
      () => Promise.resolve(),
    );
    const jobs = await runJobs({ db: database.db, concurrency: 2, handlers, schedule: [] });
    await expect
      .poll(async () => (await readReplay(database.db, replayId))?.state, { timeout: 20_000 })
      .toBe('done');
    await jobs.stop();
    expect(slices.filter((id) => id === replayId)).toHaveLength(4);
    expect(await runsOf(realmId)).toEqual(['250 queued in run 2']);
  });

  it('whose job was lost is given another one', async () => {
    const id = await deadEvent();
    const replayId = await replayOf([id]);
    const jobs = () =>
      database.db.$queryRaw<
        unknown[]
      >`SELECT FROM graphile_worker.jobs WHERE key = ${`webhooks.replay:${replayId}`}`;
    expect(await jobs()).toHaveLength(1);
    await database.db.$executeRaw`SELECT graphile_worker.remove_job(${`webhooks.replay:${replayId}`})`;
    await sweepReplays(database.db, new Date());
    expect(await jobs()).toHaveLength(0);
    await sweepReplays(database.db, new Date(Date.now() + minutes(3)));
    expect(await jobs()).toHaveLength(1);
  });
});

describe('a dry run', () => {
  it('says what each event would come to, changes nothing, and its word stands beside the later result', async () => {
    const [willApply, willWait] = [await deadEvent(), await deadEvent()];
    const before = await Promise.all([willApply, willWait].map((id) => inbox.eventRow(id)));
    const waits = { outcome: 'waits', waitsFor: 'pi_parent' } as const;
    const doors: Dispatch = (tx, fact, context) =>
      (context.cause === `event:${willWait}` ? doorThat(() => waits) : applies)(tx, fact, context);
    const dryRun = await replayOf([willApply, willWait], { dryRun: true });
    await toItsEnd(depsWith(doors), dryRun);
    expect(await Promise.all([willApply, willWait].map((id) => inbox.eventRow(id)))).toEqual(before);
    expect(await inbox.hasEffect(willApply)).toBe(false);
    const predicted = [
      { status: 'done', code: 'applied', count: 1 },
      { status: 'waiting', code: 'parent_missing', count: 1 },
    ];
    expect(await readReplay(database.db, dryRun)).toMatchObject({ state: 'done', predicted, results: [] });
    expect((await auditOf(dryRun)).map(({ act }) => act)).toEqual(['replay.predicted']);

    const real = await begun(database.db, { realmId: realm.id, selection: { dryRun } });
    await toItsEnd(depsWith(doors), real);
    for (const id of [willApply, willWait]) await inbox.tryOnce(id, applies);
    expect(await readReplay(database.db, real)).toMatchObject({
      predicted,
      results: [{ status: 'done', code: 'applied', count: 2 }],
    });
  });

  it('names the fault that an event would meet', async () => {
    const id = await deadEvent();
    const dryRun = await replayOf([id], { dryRun: true });
    const refused = doorThat(async (tx) => {
      await tx.$executeRaw`UPDATE transfer SET amount = 2`;
      return applied();
    });
    await toItsEnd(depsWith(refused), dryRun);
    expect(await readReplay(database.db, dryRun)).toMatchObject({
      predicted: [{ status: 'dead', code: 'invariant', count: 1 }],
    });
  });

  it('reads from Stripe between its transactions, as a real run does', async () => {
    const id = await deadEvent();
    const dryRun = await replayOf([id], { dryRun: true });
    const asked: string[] = [];
    const reader = {
      realmId: realm.id,
      readObject: (ref: { id: string }) => {
        asked.push(ref.id);
        return Promise.resolve(undefined);
      },
    };
    const needs = doorThat(() => ({ outcome: 'need', refs: [{ object: 'invoice', id: 'in_1' }] }));
    await toItsEnd({ ...depsWith(needs), reader }, dryRun);
    expect(asked).toEqual(['in_1']);
    expect(await readReplay(database.db, dryRun)).toMatchObject({
      predicted: [{ status: 'quarantined', code: 'object_missing' }],
    });
  });

  it('keeps nobody waiting: what is held by another act is called busy', async () => {
    const id = await deadEvent();
    const dryRun = await replayOf([id], { dryRun: true });
    await inTransaction(database.db, 'hold', async (tx) => {
      await tx.$queryRaw`SELECT id FROM event WHERE id = ${id} FOR NO KEY UPDATE`;
      const startedAt = performance.now();
      await toItsEnd(depsWith(applies), dryRun);
      expect(performance.now() - startedAt).toBeLessThan(seconds(5));
    });
    expect(await readReplay(database.db, dryRun)).toMatchObject({
      predicted: [{ status: 'busy', code: 'lock_timeout', count: 1 }],
    });
  });
});
