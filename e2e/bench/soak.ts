import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';

import { type Chaos, Load, NO_CHAOS } from '../ops/two-of-each/load';
import { findBroken } from '../ops/two-of-each/proof';
import { startTwoOfEach } from '../ops/two-of-each/stage';
import { CreditsWatch } from './credits-watch';
import { MemoryWatch, PROBED } from './memory-watch';
import { type Sale } from './sales';
import { percentile } from './statistics';
import { describeMachine } from './variant';

/**
 * Whether two web processes and two workers of the build stay as they are: `npm run -s build && npx tsx e2e/bench/soak.ts`,
 * ten minutes unless `--minutes 2` says otherwise.
 *
 * First the capacity is measured: sales at a time, each with its four events, one spend, one hold and its capture. Then
 * sales come at half of that, with the gaps of a Poisson process, while deliveries are doubled, reordered, and dropped and
 * sent again. At the end every sale is granted once, every spend stands once and every chain verifies, or it fails.
 * Everything shares the machine; Postgres is durable. The Stripe of the bench has none of the sales: a reconciliation
 * that falls into the time (17 past the hour, 2:40 UTC) asks about each and finds it missing, which is load of its own.
 */
const CAPACITY_OF = 600;
const WARM_UP = 200;
const LANES = 24;
const LOOK_EVERY_MS = 5;
const OPEN_AHEAD = 500;
const CHAOS: Chaos = { doubled: 0.3, dropped: 0.2, reordered: 0.5, againAfterMs: 3_000, reorderMs: 300 };

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes is a number above 0.');

/** Milliseconds from the first settling event that arrives until the credits can be spent; then they are used. */
async function live(load: Load, watch: CreditsWatch, sale: Sale): Promise<number> {
  const seen = watch.spendable(sale.customerId);
  const paid = load.pay(sale);
  const [at] = await Promise.all([seen.then((moment) => load.use(sale).then(() => moment)), paid]);
  const since = load.settlingSince.get(sale.customerId) ?? at;
  load.settlingSince.delete(sale.customerId);
  return at - since;
}

async function capacityOf(load: Load, watch: CreditsWatch, count: number): Promise<number> {
  const rest = (await load.open(count)).values();
  const startedAt = performance.now();
  const lane = async (): Promise<void> => {
    for (const sale of rest) await live(load, watch, sale);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return (count * 1000) / (performance.now() - startedAt);
}

/** Sales that come by themselves until the time is up. */
async function soak(load: Load, watch: CreditsWatch, rate: number): Promise<number[]> {
  const until = performance.now() + minutes * 60_000;
  const times: number[] = [];
  const underway = new Set<Promise<void>>();
  const failures: Error[] = [];
  let ready: Sale[] = [];
  let due = performance.now();
  while (performance.now() < until && failures.length === 0) {
    if (ready.length === 0) ready = await load.open(OPEN_AHEAD);
    const sale = ready.pop();
    if (sale === undefined) throw new Error('No sale was opened.');
    due += (-Math.log(1 - Math.random()) * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await pause(wait);
    const one = live(load, watch, sale)
      .then((ms) => void times.push(ms))
      .catch(
        (error: unknown) => void failures.push(error instanceof Error ? error : new Error(String(error))),
      )
      .finally(() => underway.delete(one));
    underway.add(one);
  }
  await Promise.all(underway);
  for (const failure of failures) throw failure;
  return times;
}

function report(times: readonly number[], memory: MemoryWatch): void {
  const ms = (share: number) => `${percentile(times, share).toFixed(0)} ms`;
  console.log(`\n| event → spendable | p50 | p90 | p99 | longest |\n|---|--:|--:|--:|--:|`);
  console.log(`| ${whole(times.length)} sales | ${ms(0.5)} | ${ms(0.9)} | ${ms(0.99)} | ${ms(1)} |`);
  console.log(String(memory));
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const loadNow = () => (os.loadavg()[0] ?? 0).toFixed(1);

const loadBefore = loadNow();
const stage = await startTwoOfEach({ nodeArgs: PROBED });
const reader = new pg.Client({ connectionString: stage.databaseUrl });
await reader.connect();
const watch = new CreditsWatch(reader, LOOK_EVERY_MS);
try {
  const measured = new Load(stage, NO_CHAOS);
  await capacityOf(measured, watch, WARM_UP);
  const capacity = await capacityOf(measured, watch, CAPACITY_OF);
  const rate = capacity / 2;
  console.log(`${describeMachine()}; load before: ${loadBefore}`);
  console.log(
    `capacity, ${LANES} sales at a time: ${capacity.toFixed(1)} sales a second, each with 4 events, a spend, a hold and its capture; for ${minutes} min at ${rate.toFixed(1)}`,
  );
  const load = new Load(stage, CHAOS);
  load.opened = measured.opened;
  const memory = new MemoryWatch(stage, minutes);
  const times = await soak(load, watch, rate).finally(() => memory.stop());
  report(times, memory);
  const all = {
    sold: new Set([...measured.sold, ...load.sold]),
    spent: new Map([...measured.spent, ...load.spent]),
  };
  const { refused, broken } = [...load.ended.values()].reduce((a, b) => ({
    refused: a.refused + b.refused,
    broken: a.broken + b.broken,
  }));
  console.log(
    `\n${whole(load.requests)} requests, ${refused} refused, ${broken} broken; load at the end: ${loadNow()}`,
  );
  const found = await findBroken(stage, all);
  const unasked = [...stage.webs, ...stage.workers].filter((process) => process.unasked > 0);
  if (Object.keys(found).length > 0 || unasked.length > 0 || broken > 0) {
    const faults = Object.fromEntries([...measured.faults, ...load.faults]);
    console.log(JSON.stringify({ found, unasked: unasked.map(({ name }) => name), broken, faults }, null, 2));
    console.log(await stage.lastWords());
    process.exitCode = 1;
  } else
    console.log(
      `nothing lost, nothing doubled: ${whole(all.sold.size)} sales granted once, every chain verified`,
    );
  for (const one of [measured, load]) await one.stop();
} finally {
  await watch.stop();
  await reader.end();
  await stage.stop();
}
