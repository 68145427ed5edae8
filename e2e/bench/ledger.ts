import { verifyLedger } from '../../app/modules/ledger/index.server';
import { closeDb, createDb } from '../../app/platform/db.server';
import { type Acts, openActs } from './ledger-acts';
import { openFloor, openWallets, withLedger } from './ledger-ground';
import { median } from './statistics';
import { describeMachine } from './variant';

/**
 * How many acts of the ledger a second, beside the least that a balance and its history can cost on the same server:
 * `npx tsx e2e/bench/ledger.ts`.
 *
 * Twenty clients in one process, each with its next act when the last is answered, on wallets with three open lots. Runs
 * are short and take turns, so that what else the machine does weighs on all alike. Postgres is durable and shares the
 * machine with the clients. At the end every act is counted and every chain verified.
 */
const CLIENTS = 20;
const ROUNDS = 5;
const RUN_MS = 2_500;

const SPREADS = [1_000, 50, 10, 1] as const;

interface Race {
  title: string;
  act: Exclude<keyof Acts, 'close'>;
  spreads: readonly number[];
  /** How many statements of the floor one of it is set against. */
  statements: number;
}

const RACES: readonly Race[] = [
  { title: 'floor: one UPDATE + INSERT', act: 'floor', spreads: SPREADS, statements: 1 },
  { title: 'spend', act: 'spend', spreads: SPREADS, statements: 1 },
  { title: 'spend, through the door', act: 'spendByDoor', spreads: SPREADS, statements: 1 },
  { title: 'hold + capture, pairs', act: 'holdAndCapture', spreads: [1_000], statements: 2 },
  {
    title: 'hold + capture, pairs, through the door',
    act: 'holdAndCaptureByDoor',
    spreads: [1_000],
    statements: 2,
  },
  { title: 'grant', act: 'grant', spreads: [1_000], statements: 1 },
  { title: 'grant, through the door', act: 'grantByDoor', spreads: [1_000], statements: 1 },
];

/** A race on so many wallets, and what its runs came to. */
interface Lane extends Omit<Race, 'spreads'> {
  wallets: readonly string[];
  done: number;
  perSecond: number[];
}

async function run(acts: Acts, lane: Lane): Promise<void> {
  const act = acts[lane.act];
  const startedAt = performance.now();
  let done = 0;
  const goOn = async (client: number) => {
    for (
      let n = client;
      performance.now() - startedAt < RUN_MS;
      n += 1 + Math.floor(Math.random() * CLIENTS)
    ) {
      await act(client, lane.wallets[n % lane.wallets.length] ?? '');
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => goOn(client)));
  lane.done += done;
  lane.perSecond.push((done * 1000) / (performance.now() - startedAt));
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');

function report(lanes: readonly Lane[]): void {
  console.log(`\n| ${CLIENTS} clients | wallets | a second | of the floor | runs |\n|---|--:|--:|--:|---|`);
  for (const { title, act, wallets, statements, perSecond } of lanes) {
    const floor = lanes.find((lane) => lane.act === 'floor' && lane.wallets.length === wallets.length);
    const share = (median(perSecond) * statements) / median(floor?.perSecond ?? []);
    const ofFloor = act === 'floor' ? '' : share.toFixed(2);
    const runs = perSecond.map(whole).join(' ');
    console.log(
      `| ${title} | ${whole(wallets.length)} | ${whole(median(perSecond))} | ${ofFloor} | ${runs} |`,
    );
  }
}

await withLedger(async (databaseUrl, client) => {
  const lanes: Lane[] = [];
  for (const { spreads, ...race } of RACES)
    for (const count of spreads) {
      const wallets = await openWallets(client, `${race.act}${count}_`, count);
      if (race.act === 'floor') await openFloor(client, wallets);
      lanes.push({ ...race, wallets, done: 0, perSecond: [] });
    }
  await client.query('VACUUM ANALYZE');
  const acts = await openActs(databaseUrl, CLIENTS);
  for (const lane of lanes) await run(acts, lane);
  // The first runs warm up.
  for (const lane of lanes) lane.perSecond.length = 0;
  for (let round = 0; round < ROUNDS; round += 1)
    for (const lane of [...lanes.slice(round), ...lanes.slice(0, round)]) await run(acts, lane);
  await acts.close();
  console.log(
    `${describeMachine()}, Postgres and the clients on it; medians of ${ROUNDS} runs of ${RUN_MS / 1000} s in turn`,
  );
  report(lanes);

  const asked = lanes.reduce(
    (sum, lane) => sum + (lane.act === 'floor' ? 0 : lane.done * lane.statements),
    0,
  );
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM transfer WHERE actor = 'bench' AND NOT starts_with(key, 'bench:')`,
  );
  if (rows[0]?.n !== asked) throw new Error(`${asked} acts were answered, ${String(rows[0]?.n)} are stored.`);
  const db = createDb(databaseUrl);
  const faults = await verifyLedger(db);
  await closeDb(db);
  if (faults.length > 0) throw new Error(`The ledger has ${faults.length} faults: ${faults[0]?.fault ?? ''}`);
  console.log(`\n${whole(asked)} acts answered, each of them stored; every chain verified`);
});
