import http from 'node:http';
import pg from 'pg';

import { CreditsWatch } from './credits-watch';
import { measureFloor } from './floor';
import { eventsOf, openSales, type Sale } from './sales';
import { type Message, send } from './send-for';
import { median, percentile } from './statistics';
import { startWeb, startWorker, type Surroundings } from './variant';

/**
 * From just before the first settling event of a payment is posted until the ledger's balance shows its credits, at half
 * of what one web process and one worker settle at most. Each payment comes with its intent, charge and session at once,
 * as Stripe sends them, and with its invoice when it is settled. The credits are looked for again and again: how often
 * is printed, and is in the times.
 */
const ROUNDS = 3;
const ROUND_MS = 10_000;
const WARM_UP = 200;
const CAPACITY_OF = 1_000;
const LANES = 24;
const LOOK_EVERY_MS = 2;

const ms = (value: number) => value.toFixed(1).padStart(7);

export async function measureSpendable(around: Surroundings, client: pg.Client): Promise<void> {
  const reader = new pg.Client({ connectionString: around.databaseUrl });
  await reader.connect();
  const web = await startWeb(around);
  const worker = startWorker(around);
  const watch = new CreditsWatch(reader, LOOK_EVERY_MS);
  try {
    await report(new Till(around.port, watch), watch, client);
  } finally {
    await watch.stop();
    for (const child of [web, worker]) child.kill('SIGTERM');
    await reader.end();
  }
}

async function report(till: Till, watch: CreditsWatch, client: pg.Client): Promise<void> {
  await saturate(till, await openSales(client, 0, WARM_UP));
  const capacity = await saturate(till, await openSales(client, WARM_UP, CAPACITY_OF));
  console.log(`\nevent → credits spendable, one web process and one worker:`);
  console.log(`  capacity, ${LANES} payments at a time: ${capacity.toFixed(0)} payments a second`);
  const rate = capacity / 2;
  const perRound = Math.round((rate * ROUND_MS) / 1000);
  const p50s: number[] = [];
  const p99s: number[] = [];
  let first = WARM_UP + CAPACITY_OF;
  for (let round = 0; round < ROUNDS; round += 1) {
    const sales = await openSales(client, first, perRound);
    first += perRound;
    watch.gaps.length = 0;
    const times = await atRate(till, sales, rate);
    p50s.push(percentile(times, 0.5));
    p99s.push(percentile(times, 0.99));
    console.log(
      `  round ${round + 1}: n ${times.length}, p50 ${ms(percentile(times, 0.5))}, p90 ${ms(percentile(times, 0.9))}, p99 ${ms(percentile(times, 0.99))} ms; looked every ${ms(median(watch.gaps))} ms`,
    );
    console.log(`    ${await whereItWent(client, sales)}`);
  }
  console.log(
    `  at ${rate.toFixed(0)} a second, medians: p50 ${ms(median(p50s))} ms, p99 ${ms(median(p99s))} ms`,
  );
  await measureFloor(client, first);
}

/** Posts the events of sales over kept connections. */
class Till {
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

  constructor(
    private readonly port: number,
    private readonly watch: CreditsWatch,
  ) {}

  /** Milliseconds from just before the first post until the credits were seen. */
  async settle(sale: Sale): Promise<number> {
    const { atOnce, later } = eventsOf(sale);
    const seen = this.watch.spendable(sale.customerId);
    const startedAt = performance.now();
    const posted = Promise.all(atOnce.map((event) => this.send(event)));
    const [at] = await Promise.all([seen, posted]);
    await this.send(later);
    return at - startedAt;
  }

  private async send(event: Message): Promise<void> {
    const status = await send(this.agent, { port: this.port, path: '/webhooks/stripe' }, event);
    if (status !== 200) throw new Error(`An event was answered ${status}.`);
  }
}

/** Payments a second when the next one comes as soon as one is settled. */
async function saturate(till: Till, sales: Sale[]): Promise<number> {
  const startedAt = performance.now();
  const rest = sales.values();
  const lane = async (): Promise<void> => {
    for (const sale of rest) await till.settle(sale);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return (sales.length * 1000) / (performance.now() - startedAt);
}

/** Payments that come by themselves, with the gaps of a Poisson process. */
async function atRate(till: Till, sales: Sale[], rate: number): Promise<number[]> {
  const times: Promise<number>[] = [];
  let due = performance.now();
  for (const sale of sales) {
    due += (-Math.log(1 - Math.random()) * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const time = till.settle(sale);
    // Awaited below; a fault until then is not an unhandled one.
    time.catch(() => undefined);
    times.push(time);
  }
  return Promise.all(times);
}

/** Medians of the steps of the settling events: stored, claimed, decided. */
async function whereItWent(client: pg.Client, sales: Sale[]): Promise<string> {
  const { rows } = await client.query<{ claimed: number; decided: number; tries: number; by: string }>(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.started_at - e.received_at) * 1000)::float AS claimed,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.ended_at - a.started_at) * 1000)::float AS decided,
      max(a.n) AS tries, string_agg(DISTINCT e.type, ', ') AS by
    FROM unnest($1::text[]) p JOIN payment_change c ON c.payment = p AND c."to" = 'paid'
    JOIN event e ON 'event:' || e.id = c.cause JOIN attempt a ON a.event = e.id AND a.outcome = 'done'`,
    [sales.map(({ n }) => `pay_bench${n}`)],
  );
  const row = rows[0];
  if (row === undefined) return '';
  return `stored → claimed ${ms(row.claimed)}, claimed → decided ${ms(row.decided)} ms; at most ${row.tries} tries, by ${row.by}`;
}
