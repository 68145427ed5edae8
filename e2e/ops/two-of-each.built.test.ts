import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadModule } from 'libpg-query';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { projectRoot } from '../../app/cli/project';
import { applyMigrations } from '../../prisma/migrate';
import { CreditsWatch } from '../bench/credits-watch';
import { unsafeInMigration } from '../support/unsafe-in-migration';
import { waitFor } from './kill-nine/wait-for';
import { NO_CHAOS, Load } from './two-of-each/load';
import { countCrashed, findBroken } from './two-of-each/proof';
import { isReady, startTwoOfEach, type TwoOfEach, untilUp } from './two-of-each/stage';

/** Customers whose money and spends come one after the other, as long as the test says. */
const LANES = 6;
const SALES = 2_000;
/** How many more of them must be through before the next thing happens. */
const STEP = 25;
const LOOK_EVERY_MS = 10;

let stage: TwoOfEach;
let load: Load;
let reader: pg.Client;
let watch: CreditsWatch;
let isOver = false;
let through = 0;
let running: Promise<unknown> = Promise.resolve();

async function begin(): Promise<void> {
  load = new Load(stage, NO_CHAOS);
  reader = new pg.Client({ connectionString: stage.databaseUrl });
  await reader.connect();
  watch = new CreditsWatch(reader, LOOK_EVERY_MS);
  const rest = (await load.open(SALES)).values();
  const lane = async (): Promise<void> => {
    for (const sale of rest) {
      if (isOver) return;
      await load.pay(sale);
      await watch.spendable(sale.customerId);
      await load.use(sale);
      through += 1;
    }
  };
  running = Promise.all(Array.from({ length: LANES }, lane));
  // Awaited at the end; a fault until then is not an unhandled one.
  running.catch(() => undefined);
}

async function oneMoreStep(): Promise<void> {
  const until = through + STEP;
  await waitFor(() => Promise.resolve(through >= until || undefined), {
    withinMs: 90_000,
    what: () => `more sales than ${through}`,
  });
}

const brokenAt = (n: 0 | 1) => load.ended.get(stage.ports[n])?.broken ?? -1;

/** A request whose body is on its way still. */
async function slowRequest(port: number) {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.write('POST /webhooks/stripe HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\n{}');
  // Once another request is answered, this one has been taken.
  await isReady(port);
  return {
    finish: async () => {
      socket.write('{}');
      await closed;
      return answer;
    },
    closed,
  };
}

/** What a next release could bring: each of it safe by the rules of prisma/migrations.test.ts. */
const NEXT_RELEASE = {
  '29990101000000_next_payment': `
    ALTER TABLE payment ADD COLUMN next text, ADD COLUMN is_next boolean NOT NULL DEFAULT false;
    CREATE TABLE next (id text PRIMARY KEY, payment text REFERENCES payment (id));`,
  '29990101000001_next_event': 'ALTER TABLE event ADD COLUMN next text',
  '29990101000002_next_wallet': 'ALTER TABLE wallet ADD CONSTRAINT next_known CHECK (seq >= 0) NOT VALID',
  '29990101000003_next_index': 'CREATE INDEX CONCURRENTLY next_of_payment ON payment (next)',
  '29990101000004_next_validated': 'ALTER TABLE wallet VALIDATE CONSTRAINT next_known',
};

/** Applies them as `migrate` of that release does. */
async function migrateToNext(): Promise<string[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-next-'));
  const prisma = path.join(projectRoot, 'prisma');
  try {
    await cp(path.join(prisma, 'migrations'), folder, { recursive: true });
    for (const [name, sql] of Object.entries(NEXT_RELEASE)) {
      await mkdir(path.join(folder, name));
      await writeFile(path.join(folder, name, 'migration.sql'), sql);
    }
    const paths = { schema: path.join(prisma, 'schema.prisma'), migrations: folder };
    return await applyMigrations(stage.databaseUrl, paths);
  } finally {
    await rm(folder, { recursive: true });
  }
}

beforeAll(async () => {
  stage = await startTwoOfEach();
  await begin();
}, 180_000);
afterAll(async () => {
  await watch.stop();
  await reader.end();
  await stage.stop();
}, 60_000);

describe('two web processes and two workers on one Postgres, under load', { timeout: 180_000 }, () => {
  it('a web process that is told to end answers what was sent and resets nothing', async () => {
    await oneMoreStep();
    const slow = await slowRequest(stage.ports[0]);
    const before = brokenAt(0);
    const ended = stage.webs[0].replace();
    await pause(300);
    expect(await slow.finish()).toMatch(/^HTTP\/1\.1 400 [^]*connection: close/i);
    expect(await ended).toBe(0);
    expect(brokenAt(0) - before).toBe(0);
    await untilUp(stage.webs);
    await oneMoreStep();
  });

  it('a worker that is told to end finishes what it claimed', async () => {
    const crashed = await countCrashed(stage.client);
    expect(await stage.workers[0].replace()).toBe(0);
    await oneMoreStep();
    await untilUp(stage.workers);
    expect(await countCrashed(stage.client)).toBe(crashed);
  });

  it('a second signal does not wait for what is under way', async () => {
    const slow = await slowRequest(stage.ports[0]);
    const first = stage.webs[0].replace();
    const startedAt = Date.now();
    await pause(500);
    process.kill(stage.webs[0].pid, 'SIGTERM');
    expect(await first).toBe(1);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    await slow.closed;
    await untilUp(stage.webs);
  });

  it('the next release’s migrations run meanwhile: each request is answered, and all go on', async () => {
    await loadModule();
    expect(Object.values(NEXT_RELEASE).flatMap(unsafeInMigration)).toEqual([]);
    await oneMoreStep();
    const failed = load.failed;
    const crashed = await countCrashed(stage.client);
    expect(await migrateToNext()).toEqual(Object.keys(NEXT_RELEASE));
    await oneMoreStep();
    await oneMoreStep();
    expect(load.failed - failed, await stage.lastWords()).toBe(0);
    expect(await countCrashed(stage.client)).toBe(crashed);
    expect(await Promise.all(stage.ports.map(isReady))).toEqual([true, true]);
  });

  it('one of each is killed: the others go on, everything is granted once, nothing is lost', async () => {
    await oneMoreStep();
    const other = brokenAt(0);
    await Promise.all([stage.webs[1].kill(), stage.workers[1].kill()]);
    await oneMoreStep();
    await untilUp([...stage.webs, ...stage.workers]);
    await oneMoreStep();
    expect(brokenAt(0)).toBe(other);
    isOver = true;
    await running;
    await load.stop();
    const broken = await findBroken(stage, load);
    expect(broken, await stage.lastWords()).toEqual({});
  });
});
