import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { until } from '../../e2e/stripe-sandbox/testing/under-test';
import { useTestDatabase } from '../../e2e/support/test-database';
import { makeRealm } from '../modules/stripe/testing/deliveries';
import { runReplay, type RunningInbox, startInbox } from '../modules/webhooks/index.server';
import { applies, inboxOf } from '../modules/webhooks/testing/inbox';
import { replayCommand } from './replay-command';

const database = useTestDatabase();
let inbox: ReturnType<typeof inboxOf>;
let worker: RunningInbox;
let deps: Parameters<typeof runReplay>[0];
beforeAll(async () => {
  inbox = inboxOf(database.db, await makeRealm(database.db));
  deps = { db: database.db, readerOf: () => Promise.resolve(inbox.noReader), dispatch: applies };
  worker = startInbox({ ...deps, concurrency: 2 });
});
afterAll(() => worker.stop());
beforeEach(() => void vi.stubEnv('DATABASE_URL', database.url));

/** Events that no door can read. */
async function deadEvents(count: number): Promise<string[]> {
  const ids = await Promise.all(
    Array.from({ length: count }, () => inbox.given({ object: { object: 'charge', id: 'ch_1' } })),
  );
  await expect
    .poll(() => database.db.event.count({ where: { id: { in: ids }, status: 'dead' } }), { timeout: 20_000 })
    .toBe(count);
  return ids;
}

/** The command, and beside it the job that a worker would run. */
async function run(...words: string[]): Promise<{ said: string; error: string }> {
  const said: string[] = [];
  const running = replayCommand(words, (sentence) => said.push(sentence)).then(
    () => '',
    (error: unknown) => String(error),
  );
  let error: string | undefined;
  void running.then((message) => (error = message));
  await until(async () => {
    const next = await database.db.replay.findFirst({ where: { state: 'running' } });
    if (next) await runReplay(deps, next.id);
    return error !== undefined;
  });
  return { said: said.join('\n'), error: error ?? '' };
}

it('replays named events and says what truly became of them', async () => {
  const ids = await deadEvents(2);
  const { said, error } = await run(...ids, '--reason', 'parser mended');
  expect(error).toBe('');
  expect(said).toMatch(/rpl_\w+: 2 events\.\n/);
  expect(said).toContain('2 of 2 started anew, 0 in the queue');
  expect(said).toMatch(/replay by cli \(parser mended\): done, 2 of 2\.\n {2}result +2 {2}dead: schema$/);
});

it('predicts a filter without touching it, and replays what was predicted', async () => {
  const [id = ''] = await deadEvents(1);
  const dry = await run('--status', 'dead', '--code', 'schema', '--reason', 'look first', '--dry-run');
  expect(dry.said).toMatch(/dry run .*\n {2}predicted +3 {2}dead: schema$/);
  expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', run: 1 });
  const { said } = await run('--of', /rpl_\w+/.exec(dry.said)?.[0] ?? '', '--reason', 'as predicted');
  expect(said).toMatch(/predicted +3 {2}dead: schema\n {2}result +3 {2}dead: schema$/);
  expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', run: 2 });
});

it.each([
  ['no reason', ['evt_1'], '--reason must say why'],
  ['an unknown event', ['evt_1', '--reason', 'x'], 'Never received: evt_1'],
  ['a status that is on its way', ['--status', 'queued', '--reason', 'x'], 'Usage: replay'],
  ['both names and a filter', ['evt_1', '--status', 'dead', '--reason', 'x'], 'Usage: replay'],
  ['an unknown replay', ['--show', 'rpl_1'], 'There is no replay rpl_1.'],
])('refuses %s', async (_name, words, sentence) => {
  expect((await run(...words)).error).toContain(sentence);
});
